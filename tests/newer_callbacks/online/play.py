"""All documented uses in one process of an environment, each a run of its own, against a backend here."""

from __future__ import annotations

import json
import pathlib
import subprocess
import sys
import tempfile
from typing import Any

from wandb_keras_compat.testing.child_environment import inherited_environment, wandb_folders
from wandb_keras_compat.testing.doors.server import Backend

ROOT = pathlib.Path(__file__).parents[3]


def play(which: str, python: str = sys.executable) -> tuple[dict[str, str], dict[str, str], tuple[str, ...]]:
    """The versions there, use to result, and what the backend was asked and did not know.

    Args:
        which: ``ours``, or ``native`` for the installed wandb's own classes.
        python: the interpreter; this one finds modules where this process does.
    """
    known = None if python == sys.executable else [ROOT / "src"]
    with Backend() as backend, tempfile.TemporaryDirectory() as folder:
        own = {**backend.environment(), **wandb_folders(pathlib.Path(folder)), "WANDB_SILENT": "true"}
        done = subprocess.run(
            [python, "-m", "wandb_keras_compat.parity.documented_uses", which, folder],
            env=inherited_environment(own, path=known),
            cwd=folder, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-4000:]
        said: list[dict[str, Any]] = list(map(json.loads, done.stdout.splitlines()))
        return said[0], {item["use"]: item["result"] for item in said[1:]}, backend.snapshot().unknown
