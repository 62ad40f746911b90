"""Trains scenarios and writes the trace of each.

    python -m wandb_keras_compat.parity.play [--form FORM] legacy|shim|composed|none FOLDER [NAME...]

``legacy`` is the installed wandb's own class, ``composed`` the list of :mod:`.composed`, ``none`` no callback. ``FOLDER/NAME.json`` is the
trace; where the training ended in an exception that the scenario does not expect, ``FOLDER/NAME.ended.txt`` is the
traceback, and the trace is what was logged until then. FORM is one of :mod:`.forms`; ``FORM:NAME`` for NAME plays that one
in a form of its own, and then it is the name of the trace.
"""

from __future__ import annotations

import argparse
import gc
import os
import pathlib
import sys
import traceback
from collections.abc import Callable
from typing import Any

os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["WANDB_ERROR_REPORTING"] = "false"

import tensorflow as tf
import wandb

from wandb_keras_compat import versions
from wandb_keras_compat.testing.doors.recorder import Recorder
from wandb_keras_compat.testing.trace.normalize import dumps, trace_of

from . import workers
from .forms import FORMS, USUAL, WRITTEN
from .programs import PROGRAMS
from .scenarios import SCENARIOS, Scenario
from .terminal import Terminal
from .training import Training


def callback_of(which: str) -> tuple[Any, Callable[..., Any]]:
    """The class, and what makes the callback, or the list of them, of constructor arguments."""
    if which == "legacy":
        from wandb.integration.keras.keras import WandbCallback
    else:
        from wandb_keras_compat import WandbCallback
    if which == "composed":
        from .composed import composed

        return WandbCallback, composed
    return WandbCallback, (lambda **_: []) if which == "none" else WandbCallback


def play(name: str, which: str, form: str = USUAL) -> tuple[dict[str, Any], str | None]:
    """The trace of a scenario, and the traceback where its training did not end as it should."""
    if SCENARIOS[name].program == "two_workers" and not workers.is_one():
        return workers.play(name, which, form)
    return trained(name, SCENARIOS[name], which, form)


def trained(name: str, scenario: Scenario, which: str, form: str = USUAL) -> tuple[dict[str, Any], str | None]:
    """The same of a scenario that need not be one of the suite's, in this process."""
    base, make = callback_of(which)
    return recorded(lambda recorder: PROGRAMS[scenario.program](Training(name, scenario, recorder, base, make, form)))


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
    """Every version that matters, exactly."""
    found = {name: versions.installed(name) for name in ("python", "tensorflow", "wandb", "numpy", "h5py")}
    # The Keras in use: TensorFlow brings its own up to 2.15, and can be told to take tf-keras from then on.
    return {name: str(version) for name, version in found.items()} | {"keras": versions.keras_version()}


def main(*arguments: str) -> None:
    parser = argparse.ArgumentParser(prog="python -m wandb_keras_compat.parity.play")
    parser.add_argument("--form", choices=FORMS, default=USUAL)
    parser.add_argument("which", choices=["legacy", "shim", "composed", "none"])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("names", nargs="*", metavar="NAME")
    given = parser.parse_args(arguments)
    given.folder.mkdir(parents=True, exist_ok=True)
    if given.form in WRITTEN:
        from . import play_scripts

        play_scripts.play_written(
            given.form, given.folder, {name: SCENARIOS[name] for name in given.names or SCENARIOS}
        )
        return
    prepare()
    for wanted in given.names or SCENARIOS:
        form, _, name = wanted.rpartition(":")
        collect()
        write(given.folder, wanted, *play(name, given.which, form or given.form))


def prepare() -> None:
    """Before anything asks TensorFlow for devices: two logical ones, for the scenario with replicas."""
    tf.config.experimental.enable_op_determinism()
    devices = tf.config.list_physical_devices("CPU")
    tf.config.set_logical_device_configuration(devices[0], [tf.config.LogicalDeviceConfiguration()] * 2)


def collect() -> None:
    """Keras collects garbage before each training; what is alive by now (TensorFlow, most of it) it need not visit."""
    gc.collect()
    gc.freeze()


def write(folder: pathlib.Path, name: str, trace: dict[str, Any], ended: str | None) -> None:
    (folder / f"{name}.json").write_text(dumps(trace), encoding="utf-8")
    if ended is not None:
        (folder / f"{name}.ended.txt").write_text(ended, encoding="utf-8")
    print(f"{name}: {'ended by an exception' if ended else 'played'}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
