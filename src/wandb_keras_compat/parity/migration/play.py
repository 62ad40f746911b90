"""Plays programs as their users start them, many in one process, and writes what each did.

    python -m wandb_keras_compat.parity.migration.play FILE.json
    python -m wandb_keras_compat run -m wandb_keras_compat.parity.migration.play FILE.json

FILE has a list of ``{"path": script or notebook, "folder": to start it in, "result": file to write}``. A program that
raises, or exits, does not end the others. What a result has: see ``plays.Deeds``.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import pathlib
import runpy
import sys
from collections.abc import Callable
from typing import Any

from ...testing.doors import run_log
from ...testing.model.store import RunStore
from ...testing.trace.normalize import dumps, trace_of

# First: it says what TensorFlow reads when it is imported.
from .. import recording
from ..frameworks import keras
from ..terminal import Terminal
from ..training import afresh
from .absent_server import AbsentServer
from .files_left import files_left
from .printed import lines, normalized, without_ids

Program = Callable[[], None]
_ALONE = {"WANDB_MODE": "offline", "WANDB_SILENT": "true", "WANDB_CONSOLE": "off", "WANDB_DISABLE_GIT": "true"}


def main(file: str) -> None:
    recording.prepare()
    for wanted in json.loads(pathlib.Path(file).read_text(encoding="utf-8")):
        recording.collect()
        path, folder = pathlib.Path(wanted["path"]), pathlib.Path(wanted["folder"])
        folder.mkdir(parents=True, exist_ok=True)
        deeds = played(path, folder)
        pathlib.Path(wanted["result"]).write_text(dumps(deeds), encoding="utf-8")
        print(f"{wanted['result']}: {deeds['ended'] or 'played'}", flush=True)


def played(path: pathlib.Path, folder: pathlib.Path) -> dict[str, Any]:
    """What the program at *path* does, started in *folder*."""
    text = path.read_text(encoding="utf-8")
    program = (lambda: _run_cells(text)) if path.suffix == ".ipynb" else (lambda: _run_script(path))
    before, here = dict(os.environ), os.getcwd()
    os.chdir(folder)
    arguments, sys.argv = sys.argv, [str(path)]
    try:
        found = _offline(program) if "offline" in text else _recorded(program)
    finally:
        os.chdir(here)
        sys.argv = arguments
        _restore(before)
    found["printed"] = [normalized(line, str(folder), found["ids"]) for line in found["printed"]]
    return {**found, "files": {without_ids(path, found["ids"]): each for path, each in files_left(folder).items()}}


def _recorded(program: Program) -> dict[str, Any]:
    about: dict[str, Any] = {}

    def run(recorder: Any) -> None:
        server = AbsentServer(recorder)
        with server.instead():
            about.update(_run(program))
        about.update(ids=server.ids, sweeps=server.sweeps)

    trace, ended = recording.recorded(run)
    if ended is not None:
        raise RuntimeError(ended)
    return {"trace": trace, **about}


def _offline(program: Program) -> dict[str, Any]:
    """The same of a program that says that it is offline: by real runs, which wandb writes to their folders."""
    import wandb

    os.environ.update(_ALONE)
    wandb.teardown()  # what was set up for a program before has the folder of that
    with Terminal() as terminal:
        about = _run(program)
        wandb.finish()
    wandb.teardown()
    store = RunStore()
    for log in run_log.find_run_logs(pathlib.Path("wandb")):
        run_log.read_log(log, store)
    if about["ended"] is None and not store.runs:
        raise RuntimeError(f"an offline program left no run in {os.getcwd()}")
    snapshot = store.snapshot()
    trace = trace_of(snapshot, "log")
    for run, seen in zip(trace["runs"], snapshot.runs):
        run["terminal"] = terminal.heard(seen.id)
    trace["made_with"] = recording.made_with()
    trace["blind"] += ['runs[*].telemetry["imports_*"]', "runs[*].console"]
    return {"trace": trace, **about, "ids": [run.id for run in snapshot.runs], "sweeps": []}


def _run(program: Program) -> dict[str, Any]:
    """Runs it; ``ended`` is the exception that ended it."""
    afresh()
    keras.mixed_precision.set_global_policy("float32")
    printed, ended = io.StringIO(), None
    with contextlib.redirect_stdout(printed):
        try:
            program()
        except SystemExit as exit_:
            if exit_.code:
                ended = f"SystemExit: {exit_.code}"
        except Exception as error:
            ended = f"{type(error).__name__}: {error}"
    return {"ended": ended, "printed": lines(printed.getvalue())}


def _run_script(path: pathlib.Path) -> None:
    runpy.run_path(str(path), run_name="__main__")


def _run_cells(text: str) -> None:
    from IPython.core.interactiveshell import InteractiveShell

    shell: Any = InteractiveShell.instance()
    shell.reset()
    shell.extension_manager.loaded.clear()  # each notebook loads its own
    shell._showtraceback = lambda *_: None  # it is told by what ended it
    shell.system = lambda _: None  # no program installs anything here
    for name in ("pip", "matplotlib"):
        shell.register_magic_function(lambda line: None, "line", name)
    for cell in json.loads(text)["cells"]:
        if cell["cell_type"] == "code":
            shell.run_cell("".join(cell["source"])).raise_error()


def _restore(environment: dict[str, str]) -> None:
    for name in os.environ.keys() - environment.keys():
        del os.environ[name]
    os.environ.update(environment)


if __name__ == "__main__":
    main(*sys.argv[1:])
