"""A real wandb and a server that falls silent or refuses: training ends all the same, and in the end nothing is lost.

``WANDB_HTTP_TIMEOUT`` lets wandb wait for an answer for longer than any test, so a training that waited would not end.
``WANDB_KERAS_COMPAT_SDKS`` lists further interpreters.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.sdks import INTERPRETERS
from wandb_keras_compat.testing.child_environment import inherited_environment, wandb_folders

pytest.importorskip("starlette", reason="the server needs the `testing` extra")
pytest.importorskip("graphql", reason="the server needs the `testing` extra")

from wandb_keras_compat.testing.doors.server import Backend
from wandb_keras_compat.testing.doors.server.faults import Fault
from wandb_keras_compat.testing.model.snapshot import ArtifactSnapshot

from ..waiting import until

PROGRAM = Path(__file__).parent / "logs_in_order.py"
SOURCE = Path(__file__).parents[2] / "src"
EVERYTHING: tuple[Any, ...] = ("graphql", "file_stream", "storage")


@pytest.mark.slow
@pytest.mark.parametrize("python", INTERPRETERS)
@pytest.mark.parametrize("fault", ["hangs", "is dead"])
def test_training_ends_before_the_server_answers(python: str, fault: str, tmp_path: Path) -> None:
    with Backend() as backend, started(backend, python, tmp_path) as program:
        assert said_by(program) == "begun\n"
        until(lambda: models(backend) == ["epoch_0"], "the model of epoch 0")
        if fault == "hangs":
            backend.faults.add(*(Fault(endpoint, hang=1e6, times=None) for endpoint in EVERYTHING))
        else:
            backend.kill()
        go_on(program)
        assert said_by(program) == "trained\n"
        assert models(backend) == ["epoch_0"], "the server has none of it yet"
        backend.faults.clear()
        backend.kill()  # what hangs will never be answered
        backend.start()
        go_on(program)
        assert said_by(program) == "finished\n"
    assert_all_is_there(backend)


@pytest.mark.slow
@pytest.mark.parametrize("python", INTERPRETERS)
def test_what_a_server_refuses_is_sent_when_it_no_longer_does(python: str, tmp_path: Path) -> None:
    """With 401 wandb's service gives up an artifact at once; nothing but the end of the run is there to send it again."""
    with Backend() as backend, started(backend, python, tmp_path) as program:
        refuses_after_the_first_epoch(backend, program)
        backend.faults.clear()
        go_on(program)
        assert said_by(program) == "finished\n"
    assert_artifacts_are_there(backend)


@pytest.mark.slow
@pytest.mark.parametrize("python", INTERPRETERS)
def test_what_a_server_refuses_for_ever_is_sent_by_wandb_sync(python: str, tmp_path: Path) -> None:
    with Backend() as backend, started(backend, python, tmp_path) as program:
        refuses_after_the_first_epoch(backend, program)
        go_on(program)
        finished = said_by(program) == "finished\n"  # wandb up to 0.16 ends the program before that
        program.wait()
        assert models(backend) == ["epoch_0"]
        said = (tmp_path / "errors").read_text()
        (folder,) = set(re.findall(r"wandb sync --include-online (\S+)", said))
        assert said.count("artifacts may not have arrived") == finished
        backend.faults.clear()
        command = [python, "-m", "wandb", "sync", "--include-online", folder]
        subprocess.run(command, check=True, env=environment(backend, tmp_path), cwd=tmp_path)
        assert_all_is_there(backend)


def said_by(program: subprocess.Popen[str]) -> str:
    """Its next line."""
    assert program.stdout is not None
    return program.stdout.readline()


def go_on(program: subprocess.Popen[str]) -> None:
    """It waits for a line of ours before what comes next."""
    assert program.stdin is not None
    program.stdin.write("\n")
    program.stdin.flush()


def refuses_after_the_first_epoch(backend: Backend, program: subprocess.Popen[str]) -> None:
    """Comes back when the training has ended, of which the server has said 401 to all but the first epoch."""
    assert said_by(program) == "begun\n"
    until(lambda: models(backend) == ["epoch_0"], "the model of epoch 0")
    backend.faults.add(*(Fault(endpoint, status=401, times=None) for endpoint in EVERYTHING))
    go_on(program)
    assert said_by(program) == "trained\n"
    assert models(backend) == ["epoch_0"]


def assert_all_is_there(backend: Backend) -> None:
    run = backend.snapshot().runs[0]
    assert [row.get("epoch") for row in run.history()] == [None, 1, 2, 3]
    assert [row["predictions"]["nrows"] for row in run.history()[1:]] == [1, 1, 1]
    assert run.summary()["best_epoch"] == 3
    assert_artifacts_are_there(backend)


def assert_artifacts_are_there(backend: Backend) -> None:
    assert models(backend) == [f"epoch_{epoch}" for epoch in range(4)]
    assert len(versions(backend, "run_table")) == 3
    files = [entry.content for artifact in versions(backend, "model") for _, entry in artifact.entries]
    assert files == [f"epoch {epoch}".encode() for epoch in range(4)]


def models(backend: Backend) -> list[str]:
    """The alias of each version of the model that has arrived, in the order of the versions."""
    return [alias for model in versions(backend, "model") for alias in model.aliases if alias != "latest"]


def versions(backend: Backend, artifact_type: str) -> list[ArtifactSnapshot]:
    """Those that have arrived whole, in order; one that is sent twice is one."""
    runs = backend.snapshot().runs
    found = {each.index: each for run in runs for each in run.artifacts(artifact_type) if each.state == "COMMITTED"}
    return [found[index] for index in sorted(found)]


def environment(backend: Backend, folder: Path) -> dict[str, str]:
    own = {"HOME": str(folder), "WANDB_HTTP_TIMEOUT": "100000", **wandb_folders(folder), **backend.environment()}
    return inherited_environment(own, drop=["WANDB_"], path=[SOURCE])


@contextmanager
def started(backend: Backend, python: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    with (folder / "errors").open("w") as errors:
        program = subprocess.Popen(
            [python, str(PROGRAM)], env=environment(backend, folder), cwd=folder, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
        )  # fmt: skip
        try:
            yield program
        finally:
            program.kill()
            program.wait()
