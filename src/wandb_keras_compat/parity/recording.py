"""Records what a training logs in a process made ready for that: a trace, with the versions it was made with."""

from __future__ import annotations

import gc
import os
import pathlib
import traceback
from collections.abc import Callable
from typing import Any

os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["WANDB_ERROR_REPORTING"] = "false"

import wandb

from .. import versions
from ..testing.doors.recorder import Recorder
from ..testing.trace.normalize import dumps, trace_of
from .frameworks import framework
from .terminal import Terminal


def recorded(program: Callable[[Recorder], object]) -> tuple[dict[str, Any], str | None]:
    """The trace of what *program* logs to the runs that the recorder starts, and its traceback where it raises."""
    ended = None
    with Recorder() as recorder:
        with Terminal() as terminal:
            try:
                program(recorder)
            except Exception:
                ended = traceback.format_exc()
        if wandb.run is not None:
            wandb.run.finish()
        snapshot = recorder.snapshot()
        trace = trace_of(snapshot, "recorder")
    for run, recorded in zip(trace["runs"], snapshot.runs):
        run["terminal"] = terminal.heard(recorded.id)
    trace["made_with"] = made_with()
    # Which packages happen to be imported, the environment decides; the features used are compared.
    trace["blind"] += ['runs[*].telemetry["imports_*"]']
    return trace, ended


def made_with() -> dict[str, str]:
    """Every version that matters, exactly; of frameworks TensorFlow where it is there, and what is computed with."""
    asked = ("python", "tensorflow", framework.DISTRIBUTION, "wandb", "numpy", "h5py")
    found = {name: version for name in asked if (version := versions.installed(name)) is not None}
    # The Keras in use: TensorFlow brings its own up to 2.15, and can be told to take tf-keras from then on.
    return {name: str(version) for name, version in found.items()} | {"keras": versions.keras_version()}


def prepare() -> None:
    """Before anything is trained, and before anything asks for devices."""
    framework.prepare()


def collect() -> None:
    """Keras collects garbage before each training; what is alive by now (TensorFlow, most of it) it need not visit."""
    gc.collect()
    gc.freeze()


def write(folder: pathlib.Path, name: str, trace: dict[str, Any], ended: str | None) -> None:
    (folder / f"{name}.json").write_text(dumps(trace), encoding="utf-8")
    if ended is not None:
        (folder / f"{name}.ended.txt").write_text(ended, encoding="utf-8")
    print(f"{name}: {'ended by an exception' if ended else 'played'}", flush=True)
