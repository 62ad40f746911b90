"""Playing a job through a door, to look at the run from there."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from wandb_keras_compat.testing.child_environment import inherited_environment, wandb_folders
from wandb_keras_compat.testing.doors.recorder import Recorder
from wandb_keras_compat.testing.doors.run_log import find_run_logs, read_log
from wandb_keras_compat.testing.model.snapshot import RunSnapshot
from wandb_keras_compat.testing.model.store import RunStore

from .program import play
from .scenarios import Unsupported

ROOT = Path(__file__).parents[3]


class Program:
    """A process that plays jobs with the real SDK, one after the other."""

    def __init__(self, folder: Path, **variables: str) -> None:
        own = {**wandb_folders(folder), "WANDB_SILENT": "true", "WANDB_CONSOLE": "off"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.testing.doors.program"],
            cwd=folder,
            env=inherited_environment(own, variables, drop=["WANDB_"], path=[ROOT, *filter(None, sys.path)]),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def play(self, job: dict[str, Any]) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline() or '{"died": true}')
        assert "died" not in answer, "the program died: its error is on stderr"
        if reason := answer.get("unsupported"):
            pytest.skip(reason)

    def end(self) -> None:
        """Ends the program, and its service with it: only then are logs whole."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        assert self._process.wait(60) == 0
        self._process.stdout.close()


def recorded(job: dict[str, Any]) -> RunSnapshot:
    with Recorder() as recorder:
        run = recorder.start_run(project="doors", id=job["id"])
        try:
            play(run, job)
        except Unsupported as reason:
            pytest.skip(str(reason))
        run.finish()
        assert recorder.store.unknown == []
        return recorder.snapshot().run()


class Server:
    """The HTTP door, with a program behind it."""

    def __init__(self, folder: Path) -> None:
        pytest.importorskip("starlette", reason="the server needs the extra `testing`")
        from wandb_keras_compat.testing.doors.server import Backend

        self.backend = Backend().start()
        self._program = Program(folder, **self.backend.environment())

    def run(self, job: dict[str, Any]) -> RunSnapshot:
        self.backend.store.clear()
        self._program.play(job)
        assert not self.backend.store.unknown, self.backend.store.unknown
        return self.backend.snapshot().run(job["id"])

    def end(self) -> None:
        self._program.end()
        self.backend.stop()


def logged_offline(folder: Path, jobs: list[dict[str, Any]]) -> dict[str, RunSnapshot]:
    """The runs of *jobs* as their logs have them, by id; without those that cannot be played."""
    program = Program(folder, WANDB_MODE="offline")
    unplayed = set()
    for job in jobs:
        try:
            program.play(job)
        except pytest.skip.Exception:
            unplayed.add(job["id"])
    program.end()
    store = RunStore()
    for path in find_run_logs(folder):
        read_log(path, store)
    return {run.id: run for run in store.snapshot().runs if run.id not in unplayed}
