"""Plays scripts as their users start them, several in one process, and writes the trace of each.

    python -m wandb_keras_compat.parity.play_scripts [--first MODULE] FOLDER SCRIPT...
    python -m wandb_keras_compat run -m wandb_keras_compat.parity.play_scripts FOLDER SCRIPT...

A script is a ``.py``, or an ``.ipynb`` whose cells an IPython shell runs. Its ``wandb.init`` starts a run of the
recorder, the door that every other trace of this suite comes through. What the traces are called, the names of the
files say. MODULE is imported first: an old wandb patches Keras when its own class is loaded, and programs of one
process would differ by who came first.
"""

from __future__ import annotations

import argparse
import functools
import importlib
import json
import pathlib
import runpy
import subprocess
import sys
from collections.abc import Iterable, Sequence
from typing import Any
from unittest import mock

from ..testing.child_environment import inherited_environment
from . import recording, scripts
from .forms import FORMS
from .scenarios import Scenario

#: What is said to the interpreter before the module and its arguments.
COMMANDS = {
    "python": ["-m"],
    "run": ["-m", "wandb_keras_compat", "run", "-m"],
    "install": ["-m"],
    "notebook": ["-m"],
}
INSTALL = "import wandb_keras_compat\n\nwandb_keras_compat.install()"
LOAD = "%load_ext wandb_keras_compat"


def write(path: pathlib.Path, started: str, cells: Sequence[str]) -> pathlib.Path:
    """Writes a script for that way of starting it; *path* has no suffix."""
    if started == "notebook":
        found = path.with_suffix(".ipynb")
        found.write_text(json.dumps(_notebook([LOAD, *cells]), indent=1), encoding="utf-8")
        return found
    found = path.with_suffix(".py")
    found.write_text("\n\n".join([INSTALL] * (started == "install") + [*cells]) + "\n", encoding="utf-8")
    return found


def _notebook(cells: Iterable[str]) -> dict[str, Any]:
    code: dict[str, Any] = {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": []}
    written = [{**code, "source": cell.splitlines(keepends=True)} for cell in cells]
    return {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": written}


def start(started: str, folder: pathlib.Path, paths: Iterable[pathlib.Path], *, first: str = "") -> None:
    """Plays the scripts in a process of their own.

    Raises:
        RuntimeError: it ended before all were played; the message is what it said.
    """
    done = subprocess.run(
        [
            sys.executable, *COMMANDS[started], "wandb_keras_compat.parity.play_scripts",
            *(["--first", first] if first else []), str(folder), *map(str, paths),
        ],
        env=inherited_environment(),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stdout[-1000:] + done.stderr[-3000:])


def play_written(form: str, folder: pathlib.Path, wanted: dict[str, Scenario]) -> None:
    """Writes scenarios as scripts, and plays them in that form."""
    started = FORMS[form].started
    place = folder / f"scripts-{form}"
    place.mkdir(parents=True, exist_ok=True)
    paths = [write(place / name, started, scripts.cells(name, scenario)) for name, scenario in wanted.items()]
    start(started, folder, paths)


def main(*arguments: str) -> None:
    parser = argparse.ArgumentParser(prog="python -m wandb_keras_compat.parity.play_scripts")
    parser.add_argument("--first", metavar="MODULE")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("paths", type=pathlib.Path, nargs="+", metavar="SCRIPT")
    given = parser.parse_args(arguments)
    recording.prepare()
    if given.first:
        importlib.import_module(given.first)
    for path in given.paths:
        recording.collect()
        recording.write(given.folder, path.stem, *recording.recorded(functools.partial(_run, path)))


def _run(path: pathlib.Path, recorder: Any) -> None:
    import wandb

    from .training import afresh

    afresh()
    with mock.patch.object(wandb, "init", recorder.start_run):
        if path.suffix == ".ipynb":
            _run_cells(["".join(cell["source"]) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]])
        else:
            runpy.run_path(str(path), run_name="__main__")


def _run_cells(cells: Iterable[str]) -> None:
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    shell.reset()
    for cell in cells:
        shell.run_cell(cell).raise_error()


if __name__ == "__main__":
    main(*sys.argv[1:])
