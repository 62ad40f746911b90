"""Sweeps with the real SDK of every wandb that is at hand: of a function, and of a command that ``wandb agent`` starts.

``WANDB_KERAS_COMPAT_SDKS`` lists further interpreters.
"""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from tests.sdks import INTERPRETERS
from wandb_keras_compat.testing.doors.server import Backend
from wandb_keras_compat.testing.trace.normalize import trace_of
from wandb_keras_compat.testing.trace.validate import check as check_trace
from wandb_keras_compat.testing.views.terminal import show

from . import function_sweep
from .sdk_results import check_function_sweep

FUNCTION = Path(function_sweep.__file__)

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


@pytest.mark.slow
@pytest.mark.parametrize("python", INTERPRETERS)
def test_a_sweep_of_a_function(python: str, program: Callable) -> None:
    with Backend() as backend:
        child = program(backend, FUNCTION, "grid", python=python)
        output, errors = child.communicate(timeout=240)
        seen = backend.snapshot()
    assert child.returncode == 0, output + errors
    check_function_sweep(output, seen)
    trace = trace_of(seen, "http")
    check_trace(trace)
    printed = io.StringIO()
    show(Console(file=printed, width=160, color_system=None), "trace", trace)
    assert re.search(r"run 1 .*lr=0\.2, size=4 .*val_loss 0, the best", printed.getvalue()), printed.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize("python", INTERPRETERS)
def test_bayes_says_that_it_draws_at_random_and_ends_at_its_cap(python: str, around: Callable, tmp_path: Path) -> None:
    with Backend() as backend:
        loud = {name: value for name, value in around(backend).items() if name != "WANDB_SILENT"}
        done = subprocess.run(
            [python, str(FUNCTION), "bayes"],
            env=loud,
            cwd=tmp_path,
            text=True,
            capture_output=True,
            timeout=240,
            check=False,
        )
        seen = backend.snapshot()
    output = " ".join((done.stdout + done.stderr).split())
    assert done.returncode == 0, output
    assert "draws the values of the method bayes at random" in output
    assert "keeps early_terminate and ends no run early" in output
    (sweep,) = seen.sweeps
    assert (sweep.state, len(sweep.given), seen.unknown) == ("FINISHED", 2, ())
    assert sweep.config["early_terminate"] == {"type": "hyperband", "min_iter": 3}
    assert [len(run.column("val_loss")) for run in seen.runs] == [2, 2], "none was ended early"
    losses = {run.id: run.summary()["val_loss"] for run in seen.runs}
    said = json.loads(next(line for line in done.stdout.splitlines() if line.startswith("SAID"))[5:])
    assert losses[said["best"][0]] == min(losses.values())


@pytest.mark.slow
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
