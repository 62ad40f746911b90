"""What a server has at the end of a run, files and their contents among it, is what the real class leaves there."""

from __future__ import annotations

import pathlib
import subprocess
import sys
from typing import Any

import pytest

from wandb_keras_compat.testing.child_environment import inherited_environment, wandb_folders

pytest.importorskip("starlette", reason="the backend is an extra")

from wandb_keras_compat.parity.ledger import compare, ledger, told
from wandb_keras_compat.parity.online import NAMES
from wandb_keras_compat.parity.state_machine.contestants import made_with
from wandb_keras_compat.parity.state_machine.judge import has_real_class
from wandb_keras_compat.testing import Backend, trace_of


def played(which: str, folder: pathlib.Path) -> dict[str, Any]:
    """The trace of all scenarios, as the server tells it."""
    folder.mkdir()
    with Backend() as backend:
        done = subprocess.run(
            [sys.executable, "-m", "wandb_keras_compat.parity.online", which, *NAMES],
            env=inherited_environment(backend.environment(), wandb_folders(folder), {"WANDB_SILENT": "true"}),
            cwd=folder, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-4000:]
        trace = trace_of(backend.snapshot(), "http")
    trace["made_with"] = made_with()
    # What the program prints differs on purpose (scenarios say how); which packages are imported, the environment decides.
    trace["blind"] += ["runs[*].console", 'runs[*].telemetry["imports_*"]']
    return trace


@pytest.mark.timeout(600)
def test_a_server_has_what_the_real_class_leaves_there(tmp_path: pathlib.Path) -> None:
    if not has_real_class():
        pytest.skip("no real class here to hold it to")
    new = played("shim", tmp_path / "shim")
    assert [run["name"] for run in new["runs"] if "model-best.h5" in run["files"]] == list(NAMES)
    found = compare(played("legacy", tmp_path / "legacy"), new, ledger())
    assert not found, told(found)
    assert not any("model-best.h5" in item.path for items in found.known.values() for item in items)
