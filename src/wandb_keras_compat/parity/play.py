"""Trains scenarios and writes the trace of each.

    python -m wandb_keras_compat.parity.play [--form FORM] legacy|shim|composed|none FOLDER [NAME...]

``legacy`` is the installed wandb's own class, ``composed`` the list of :mod:`.composed`, ``none`` no callback.
``FOLDER/NAME.json`` is the trace; where the training ended in an exception that the scenario does not expect,
``FOLDER/NAME.ended.txt`` is the traceback, and the trace is what was logged until then. FORM is one of :mod:`.forms`;
``FORM:NAME`` for NAME plays that one in a form of its own, and then it is the name of the trace. Without a NAME all are
played that can be trained with what Keras computes with.
"""

from __future__ import annotations

import argparse
import pathlib
import sys
from collections.abc import Callable
from typing import Any

# recording first: it says what TensorFlow reads when it is imported.
from . import play_scripts, recording, workers
from .forms import FORMS, USUAL, WRITTEN
from .frameworks import framework
from .programs import PROGRAMS
from .scenarios import SCENARIOS, Scenario
from .training import Training


def callback_of(which: str) -> tuple[Any, Callable[..., Any]]:
    """The class, and what makes the callback, or the list of them, of constructor arguments."""
    if which == "legacy":
        from wandb.integration.keras.keras import WandbCallback
    else:
        from .. import WandbCallback
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
    return recording.recorded(
        lambda recorder: PROGRAMS[scenario.program](Training(name, scenario, recorder, base, make, form))
    )


def main(*arguments: str) -> None:
    parser = argparse.ArgumentParser(prog="python -m wandb_keras_compat.parity.play")
    parser.add_argument("--form", choices=FORMS, default=USUAL)
    parser.add_argument("which", choices=["legacy", "shim", "composed", "none"])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("names", nargs="*", metavar="NAME")
    given = parser.parse_args(arguments)
    given.folder.mkdir(parents=True, exist_ok=True)
    if given.form in WRITTEN:
        play_scripts.play_written(
            given.form, given.folder, {name: SCENARIOS[name] for name in given.names or SCENARIOS}
        )
        return
    recording.prepare()
    for wanted in given.names or (name for name in SCENARIOS if name not in framework.NOT_PLAYED):
        form, _, name = wanted.rpartition(":")
        recording.collect()
        recording.write(given.folder, wanted, *play(name, given.which, form or given.form))


if __name__ == "__main__":
    main(*sys.argv[1:])
