"""Sweeps with a legacy program that nobody changed, by a function and by a command, as a user starts them."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from wandb_keras_compat.testing.doors.server import Backend
from wandb_keras_compat.testing.model.snapshot import Snapshot

FILES = ("legacy_train.py", "legacy_function_sweep.py", "legacy_sweep.yaml")
QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
ASKS = 'import sys, wandb; print("BEST", wandb.Api().sweep(sys.argv[1]).best_run().id)'


def by_function(python: str, environment: Mapping[str, str], folder: Path) -> str:
    """``run`` starts the program under the import hook; the run that it says is the best."""
    return _best(_done(python, environment, folder, "-m", "wandb_keras_compat", "run", "legacy_function_sweep.py"))


def by_command(python: str, environment: Mapping[str, str], folder: Path, backend: Backend) -> str:
    """``wandb sweep`` and ``wandb agent``, whose command has ``run``; the best run as the public API names it."""
    _done(python, environment, folder, "-m", "wandb", "sweep", "--project", "tuning", "legacy_sweep.yaml")
    (sweep,) = backend.snapshot().sweeps
    _done(python, environment, folder, "-m", "wandb", "agent", f"local/tuning/{sweep.id}")
    return _best(_done(python, environment, folder, "-c", ASKS, f"local/tuning/{sweep.id}"))


def check(seen: Snapshot, best: str) -> None:
    """The sweep ran to its end, each run logged as the legacy class does, and the best has the lowest loss.

    Raises:
        AssertionError: not so.
    """
    (sweep,) = seen.sweeps
    assert (sweep.state, seen.unknown) == ("FINISHED", ())
    assert [values["lr"] for _, values in sweep.given] == [0.001, 0.1, 0.01]
    runs = [seen.run(run_id) for run_id, _ in sweep.given]
    assert [run.exit_code for run in runs] == [0] * 3
    assert [run.config()["lr"] for run in runs] == [0.001, 0.1, 0.01]
    losses = {run.id: run.column("val_loss") for run in runs}
    assert {len(column) for column in losses.values()} == {4}, "a row for each epoch"
    assert all(run.summary()["best_val_loss"] == min(losses[run.id]) for run in runs)
    assert all("feature.keras" in run.telemetry() for run in runs)
    last = {run.id: run.summary()["val_loss"] for run in runs}
    assert best == min(last, key=last.__getitem__) == sweep.given[1][0]


def prepared(folder: Path) -> Path:
    for name in FILES:
        shutil.copy(Path(__file__).with_name(name), folder)
    return folder


def _done(python: str, environment: Mapping[str, str], folder: Path, *arguments: str) -> str:
    path = os.pathsep.join([str(Path(python).parent), os.environ["PATH"]])  # for ${interpreter}
    own = {name: value for name, value in environment.items() if name != "WANDB_SILENT"}
    done = subprocess.run(
        [python, *arguments],
        env={**own, **QUIET, "PATH": path},
        cwd=folder,
        text=True,
        capture_output=True,
        timeout=400,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _best(output: str) -> str:
    return next(line.split()[1] for line in output.splitlines() if line.startswith("BEST"))
