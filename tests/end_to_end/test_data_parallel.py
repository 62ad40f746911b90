"""A training that is spread over two devices or processes has one writer, and logs what it logs on one.

Two devices of JAX by ``keras.distribution.DataParallel``; two processes on PyTorch by ``DistributedDataParallel`` on gloo.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from wandb_keras_compat.hook.frameworks import present_backend
from wandb_keras_compat.testing.child_environment import inherited_environment, wandb_folders
from wandb_keras_compat.testing.trace.compare import diff

from .conftest import Finished

BACKEND = present_backend()
PROGRAMS = Path(__file__).with_name("data_parallel")
COLUMNS = {"gradients/conv/kernel.gradient", "parameters/out.weights", "examples", "validation_predictions", "val_loss"}


@contextmanager
def started(folder: Path, program: str, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    """The program under ``run``, W&B offline and below *folder*; it is ended with the block."""
    folder.mkdir(exist_ok=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "wandb_keras_compat", "run", str(PROGRAMS / program), *map(str, arguments)],
        cwd=folder,
        env=inherited_environment(wandb_folders(folder), {"WANDB_MODE": "offline"}, drop=["WANDB_"]),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def trained(folder: Path, processes: Sequence[subprocess.Popen[str]]) -> dict[str, Any]:
    """The trace of what all *processes* left in *folder* when they ended: of one run."""
    outputs = [process.communicate()[0] for process in processes]
    assert [process.returncode for process in processes] == [0] * len(processes), outputs
    lost = [line for line in "\n".join(outputs).splitlines() if "WARNING WandbCallback" in line]
    assert [line for line in lost if "SavedModel" not in line] == []
    (trace,) = Finished(0, "", folder).traces()
    (run,) = trace["runs"]
    assert {key for row in run["history"] for key in row} >= COLUMNS
    return trace


@pytest.mark.skipif(BACKEND != "jax", reason="keras.distribution is JAX's; the session keras-jax tries it")
def test_two_devices_of_jax(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    with started(one, "jax_devices.py", 1) as alone:
        expected = trained(one, [alone])
    with started(two, "jax_devices.py", 2) as spread:
        assert diff(expected, trained(two, [spread])).differences == ()


@pytest.mark.skipif(BACKEND != "torch", reason="DistributedDataParallel is PyTorch's; the session keras-torch tries it")
def test_two_processes_of_torch(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    with started(one, "torch_processes.py", 0, 1, "nobody") as alone:
        expected = trained(one, [alone])
    meeting = tmp_path / "meeting"
    with (
        started(two, "torch_processes.py", 0, 2, meeting) as first,
        started(two, "torch_processes.py", 1, 2, meeting) as second,
    ):
        assert diff(expected, trained(two, [first, second])).differences == ()
