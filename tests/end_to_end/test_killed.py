"""What a process that is killed in the middle leaves on the server: no model older than its summary says.

``wandb.restore("model-best.h5")`` would resume from it. ``WANDB_KERAS_COMPAT_SDKS`` lists further interpreters.
"""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from packaging.version import Version

from tests.sdks import INTERPRETERS
from wandb_keras_compat.testing.child_environment import inherited_environment, wandb_folders

pytest.importorskip("starlette", reason="the server needs the `testing` extra")
pytest.importorskip("graphql", reason="the server needs the `testing` extra")

from wandb_keras_compat.testing.doors.server import Backend
from wandb_keras_compat.testing.model.snapshot import RunSnapshot

from ..waiting import until

HERE = Path(__file__).parent
LAST = 3

pytestmark = pytest.mark.skipif(not os.path.isdir("/proc"), reason="wandb's own process is found in /proc")


@pytest.mark.parametrize("python", INTERPRETERS)
def test_a_published_file_is_as_new_as_the_summary(python: str, tmp_path: Path) -> None:
    epoch_of = lambda file: int(file.removeprefix(b"epoch "))
    summary, file = left_by("publisher.py", tmp_path, epoch_of, python)
    assert file is None or epoch_of(file) >= summary


def test_the_best_model_is_as_new_as_the_summary(tmp_path: Path) -> None:
    h5py = pytest.importorskip("h5py", reason="it trains")

    def weight(file: bytes) -> float:
        weights: list[float] = []
        with h5py.File(io.BytesIO(file)) as model:
            model["model_weights"].visititems(
                lambda _, item: weights.extend(item[()].flat if hasattr(item, "shape") else ())
            )
        (only,) = weights
        return only

    summary, file = left_by("trainer.py", tmp_path, weight)
    assert file is not None
    assert weight(file) == LAST, "each epoch has its number for a weight"
    assert summary in range(LAST + 1)


def left_by(
    program: str, folder: Path, epoch_of: Callable[[bytes], float], python: str = sys.executable
) -> tuple[int, bytes | None]:
    """``best_epoch``, -1 for none, and ``model-best.h5`` on the server after a process of several best epochs was killed.

    It dies as soon as the server has the summary of the last one. wandb-core sends summaries and files in their own
    time (files after 5 seconds from 0.28 on, summaries after up to 35 before), so there it dies when the file has come;
    that of an earlier epoch may come first, where the machine is busy.
    """
    with Backend() as backend, started(backend, program, folder, python) as epoch_ends:

        def run() -> RunSnapshot | None:
            return next(iter(backend.snapshot().runs), None)

        def file_versions() -> int:
            there = run()
            return 0 if there is None else len(there._files.get("model-best.h5", ()))

        def last_file_came() -> bool:
            there = run()
            file = None if there is None else there.files().get("model-best.h5")
            return file is not None and epoch_of(file) == LAST

        core = epoch_ends() >= Version("0.18")
        until(lambda: file_versions() == 1, "a file of the first epoch")  # the first is there when better ones come
        for _ in range(LAST):
            epoch_ends()
        until(lambda: last_file_came() if core else best_epoch(run()) == LAST, "what the last epoch sent")
    found = run()
    assert found is not None
    return best_epoch(found), found.files().get("model-best.h5")


def best_epoch(run: RunSnapshot | None) -> int:
    return -1 if run is None else run.summary().get("best_epoch", -1)


@contextmanager
def started(backend: Backend, program: str, folder: Path, python: str) -> Iterator[Callable[[], Version]]:
    """Gives what lets *program* do one epoch and says with which wandb; at the end the process is killed, and wandb's too."""
    own = {"HOME": str(folder), "WANDB_SILENT": "true", **wandb_folders(folder), **backend.environment()}
    with open(folder / "errors", "w") as errors:
        child = subprocess.Popen(
            [python, str(HERE / "killed" / program)],
            env=inherited_environment(own, drop=["WANDB_"], path=[HERE.parents[1] / "src"]), cwd=folder,
            text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
        )  # fmt: skip

    def epoch() -> Version:
        assert child.stdin is not None and child.stdout is not None
        child.stdin.write("\n")
        child.stdin.flush()
        line = child.stdout.readline()
        assert line, (folder / "errors").read_text()
        return Version(line.split()[0])

    try:
        yield epoch
    finally:
        for process in (child.pid, *below(child.pid)):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        child.communicate()


def below(process: int) -> list[int]:
    """The processes that *process* started, and those that they did."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parent = int(entry.read_text().rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(entry.parent.name))
    found = children.get(process, [])
    return [*found, *(other for child in found for other in below(child))]
