"""A real wandb and a server that falls silent: training ends before it answers again, and then nothing is lost.

``WANDB_HTTP_TIMEOUT`` lets wandb wait for an answer for longer than any test, so a training that waited would not end.
``WANDB_KERAS_COMPAT_SDKS`` lists further interpreters.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from wandb_keras_compat.testing.child_environment import inherited_environment, wandb_folders

pytest.importorskip("starlette", reason="the server needs the `testing` extra")
pytest.importorskip("graphql", reason="the server needs the `testing` extra")

from wandb_keras_compat.testing.doors.server import Backend
from wandb_keras_compat.testing.doors.server.faults import Fault

from ..waiting import until

PROGRAM = Path(__file__).parent / "logs_in_order.py"
SOURCE = Path(__file__).parents[2] / "src"
INTERPRETERS = [sys.executable, *filter(None, os.environ.get("WANDB_KERAS_COMPAT_SDKS", "").split(os.pathsep))]
EVERYTHING: tuple[Any, ...] = ("graphql", "file_stream", "storage")


@pytest.mark.parametrize("python", INTERPRETERS)
@pytest.mark.parametrize("fault", ["hangs", "is dead"])
def test_training_ends_before_the_server_answers(python: str, fault: str, tmp_path: Path) -> None:
    with Backend() as backend, started(backend, python, tmp_path) as program:
        assert program.stdout is not None
        assert program.stdin is not None
        assert program.stdout.readline() == "begun\n"
        until(lambda: models(backend) == ["epoch_0"], "the model of epoch 0")
        if fault == "hangs":
            backend.faults.add(*(Fault(endpoint, hang=1e6, times=None) for endpoint in EVERYTHING))
        else:
            backend.kill()
        program.stdin.write("\n")
        program.stdin.flush()
        assert program.stdout.readline() == "trained\n"
        assert models(backend) == ["epoch_0"], "the server has none of it yet"
        backend.faults.clear()
        backend.kill()  # what hangs will never be answered
        backend.start()
        program.stdin.write("\n")
        program.stdin.flush()
        assert program.stdout.readline() == "finished\n"
    run = backend.snapshot().runs[0]
    assert models(backend) == [f"epoch_{epoch}" for epoch in range(4)]
    assert [row.get("epoch") for row in run.history()] == [None, 1, 2, 3]
    assert [row["predictions"]["nrows"] for row in run.history()[1:]] == [1, 1, 1]
    assert run.summary()["best_epoch"] == 3
    kinds = sorted(artifact.type for artifact in run.artifacts())
    assert kinds.count("run_table") == 3


def models(backend: Backend) -> list[str]:
    """The alias of each version of the model that has arrived, in the order of the versions."""
    runs = backend.snapshot().runs
    found = [artifact for run in runs for artifact in run.artifacts() if artifact.type == "model"]
    return [alias for artifact in found for alias in artifact.aliases if alias != "latest"]


@contextmanager
def started(backend: Backend, python: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    own = {"HOME": str(folder), "WANDB_HTTP_TIMEOUT": "100000", **wandb_folders(folder), **backend.environment()}
    with (folder / "errors").open("w") as errors:
        program = subprocess.Popen(
            [python, str(PROGRAM)], env=inherited_environment(own, drop=["WANDB_"], path=[SOURCE]), cwd=folder,
            text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
        )  # fmt: skip
        try:
            yield program
        finally:
            program.kill()
            program.wait()
