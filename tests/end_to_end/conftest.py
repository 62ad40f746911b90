"""Running a program as its user would, offline and in a folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from wandb_keras_compat.commands.record_trace import seeding
from wandb_keras_compat.testing.child_environment import inherited_environment, wandb_folders
from wandb_keras_compat.testing.doors import run_log
from wandb_keras_compat.testing.model.snapshot import RunSnapshot, Snapshot
from wandb_keras_compat.testing.trace.normalize import trace_of

REPOSITORY = Path(__file__).resolve().parents[2]


def pytest_itemcollected(item: pytest.Item) -> None:
    """What is here runs whole programs."""
    item.add_marker(pytest.mark.slow)


@dataclass(frozen=True)
class Finished:
    """A program that ended: its exit code, what it printed and the folder it worked in."""

    code: int
    output: str
    folder: Path

    def runs(self) -> list[RunSnapshot]:
        """The runs it logged, oldest first; their logs are whole."""
        logs = [run_log.load(path) for path in run_log.find_run_logs(self.folder)]
        assert all(log.report.damaged == log.report.unparsed == 0 for log in logs)
        return [log.run for log in logs]

    def traces(self) -> list[dict[str, Any]]:
        """The trace of each run, oldest first."""
        return [trace_of(Snapshot((run,)), "log") for run in self.runs()]


@pytest.fixture
def python(tmp_path: Path) -> Callable[..., Finished]:
    """Run this interpreter with the given arguments: W&B offline, nothing written outside ``tmp_path``.

    With a ``seed``, first weights and shuffling are those of that seed.
    """

    def call(*arguments: str | Path, seed: int | None = None) -> Finished:
        own = {
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "CUDA_VISIBLE_DEVICES": "-1",
            "COLUMNS": "200",  # a table of the demo is not to be wrapped
            "WANDB_MODE": "offline",
            "WANDB_ERROR_REPORTING": "false",
            "TMPDIR": str(tmp_path),
        }
        if seed is not None:
            own |= seeding(os.environ, seed, tmp_path / "seeded")
        done = subprocess.run(
            [sys.executable, *map(str, arguments)],
            cwd=tmp_path,
            env=inherited_environment(wandb_folders(tmp_path), own, drop=["WANDB_"]),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        return Finished(done.returncode, done.stdout, tmp_path)

    return call
