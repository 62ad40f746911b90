"""Sweeps with the real SDK of every wandb that is at hand: of a function, and of a command that ``wandb agent`` starts.

``WANDB_KERAS_COMPAT_SDKS`` lists further interpreters.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from wandb_keras_compat.testing.doors.server import Backend

from . import function_sweep

FUNCTION = Path(function_sweep.__file__)
INTERPRETERS = [sys.executable, *filter(None, os.environ.get("WANDB_KERAS_COMPAT_SDKS", "").split(os.pathsep))]

TRAINING = """
import argparse
import wandb
parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float)
arguments = parser.parse_args()
wandb.init(config=vars(arguments))
wandb.log({"val_loss": (arguments.lr - 0.2) ** 2})
"""

CONFIG = """
program: train.py
project: tuning
method: {method}
metric: {{name: val_loss, goal: minimize}}
parameters:
  lr: {{values: [0.1, 0.2]}}
command: ["${{env}}", "${{interpreter}}", "${{program}}", "${{args}}"]
"""


@pytest.mark.parametrize("python", INTERPRETERS)
def test_a_sweep_of_a_function(python: str, program: Callable) -> None:
    with Backend() as backend:
        child = program(backend, FUNCTION, "grid", python=python)
        output, errors = child.communicate(timeout=240)
        seen = backend.snapshot()
    assert child.returncode == 0, output + errors
    assert seen.unknown == ()
    said = json.loads(next(line for line in output.splitlines() if line.startswith("SAID"))[5:])
    (sweep,) = seen.sweeps
    assert (said["id"], said["state"], said["method"], said["of the run"]) == (sweep.id, "FINISHED", "grid", sweep.id)
    assert [values for _, values in sweep.given] == [{"lr": lr, "size": 4} for lr in (0.1, 0.2, 0.4)]
    began = {run_id: [run_id, values, "finished"] for run_id, values in sweep.given}
    assert {run[0]: run[:3] for run in said["runs"]} == began
    losses = {run_id: loss for run_id, _, _, loss in said["runs"]}
    assert said["best"] == [min(losses, key=losses.__getitem__), min(losses.values())]
    assert dict(sweep.given)[said["best"][0]]["lr"] == 0.2
    assert [run.sweep for run in seen.runs] == [sweep.id] * 3
    assert [run.config() for run in seen.runs] == [values for _, values in sweep.given]


@pytest.mark.parametrize("python", INTERPRETERS)
def test_a_sweep_of_a_command(python: str, around: Callable, tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(TRAINING)
    (tmp_path / "sweep.yaml").write_text(CONFIG.format(method="grid"))
    with Backend() as backend:
        environment = {**around(backend), "PATH": os.pathsep.join([str(Path(python).parent), os.environ["PATH"]])}
        environment.pop("WANDB_SILENT")
        made = wandb_command(python, environment, tmp_path, "sweep", "--project", "tuning", "sweep.yaml")
        (sweep,) = backend.snapshot().sweeps
        assert f"local/tuning/{sweep.id}" in made, made
        worked = wandb_command(python, environment, tmp_path, "agent", f"local/tuning/{sweep.id}")
        seen = backend.snapshot()
    assert seen.unknown == ()
    (sweep,) = seen.sweeps
    assert sweep.state == "FINISHED", worked
    assert [values for _, values in sweep.given] == [{"lr": 0.1}, {"lr": 0.2}]
    ended = [(run.id, run.sweep, run.exit_code, run.config()["lr"]) for run in seen.runs]
    assert ended == [(run_id, sweep.id, 0, values["lr"]) for run_id, values in sweep.given], worked


def wandb_command(python: str, environment: dict[str, str], folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [python, "-m", "wandb", *arguments],
        env=environment,
        cwd=folder,
        text=True,
        capture_output=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr
