"""Every documented use of the three newer callbacks works online, and the model in each artifact can be loaded."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys

import pytest

pytest.importorskip("starlette", reason="the backend is an extra")

from wandb_keras_compat.testing.server import Backend

from . import table

ROOT = pathlib.Path(__file__).parents[3]


@pytest.mark.timeout(900)
def test_documented_uses(tmp_path: pathlib.Path) -> None:
    """One process for all of them, each a run of its own."""
    with Backend() as backend:
        environment = os.environ | backend.environment() | {
            "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, map(os.path.abspath, sys.path))]),
            "WANDB_SILENT": "true",
            **{name: str(tmp_path) for name in ("WANDB_DIR", "WANDB_CACHE_DIR", "WANDB_DATA_DIR", "WANDB_CONFIG_DIR")},
        }  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-m", "tests.callbacks.online.uses", "ours", str(tmp_path)],
            env=environment, cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-4000:]
        _, *said = map(json.loads, done.stdout.splitlines())
        assert {item["use"]: item["result"] for item in said if item["result"] != "ok"} == {}
        assert len(said) == len(table.results()[0]["results"])
        assert backend.snapshot().unknown == ()


def test_the_table_of_fixes_is_that_of_the_results() -> None:
    assert table.main("--check") == 0


def test_every_fix_is_needed_by_some_version() -> None:
    """Otherwise its code can be deleted; and no use fails that nothing here mends."""
    failing = {
        use
        for cell in table.results() if cell["which"] == "native"
        for use, result in cell["results"].items() if result != "ok"
    }  # fmt: skip
    assert failing == set(table.FIXES)
