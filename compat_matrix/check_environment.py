"""One environment that a user names, and their own program in it: as it is, with the shim, and the difference."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from packaging.version import InvalidVersion, Version
from rich.console import Console
from rich.table import Table

from wandb_keras_compat.parity.check import cell_environment, uv
from wandb_keras_compat.parity.check.cell_environment import CellEnvironment
from wandb_keras_compat.parity.check.cells import FLAVOURS, Cell, flavour_of
from wandb_keras_compat.parity.check.judge import ABSENT, today
from wandb_keras_compat.parity.check.process import TimeLimits

from . import code_snapshot
from .axes import Capability, Matrix
from .resolve import ResolverAnswers
from .results import Result
from .summary import REFUSED_STATE, STATES, Mark, Row, summarize


class BadCell(ValueError):
    """Versions that are none, or that name no cell; the message says which."""


def cell_of(matrix: Matrix, python: str | None, tensorflow: str, keras: str | None, wandb: str) -> Cell:
    """The cell a user means: without *python* the newest that has wheels, without *keras* the one TensorFlow takes.

    Raises:
        BadCell: something is no version.
    """
    for name, version in (("tensorflow", tensorflow), ("wandb", wandb), ("python", python or "3")):
        try:
            Version(version)
        except InvalidVersion:
            raise BadCell(f"--{name} {version}: that is no version") from None
    try:
        flavour = keras or next(name for name in FLAVOURS if matrix.keras[name].contains(tensorflow, prereleases=True))
        flavour_of(flavour)
    except ValueError as error:
        raise BadCell(str(error)) from None
    pythons = matrix.pythons(Cell("0", tensorflow, flavour, wandb))
    if python is None and not pythons:
        raise BadCell(f"no Python of {', '.join(matrix.python.versions)} has wheels for both; name one with --python")
    return Cell(python or pythons[-1], tensorflow, flavour, wandb)


def table(matrix: Matrix, result: Result) -> Table:
    """What came of a cell, for the terminal."""
    ((row, *_),) = [summarize(matrix, [], {result.cell.name: result}, {}, today(), code_snapshot.digest()).rows]
    found = Table("", "with this package", "the installed wandb alone", title=row.versions, title_justify="left")
    for capability in matrix.capabilities:
        found.add_row(capability.name, *(_mark_text(row, capability, who) for who in ("ours", "native")))
    return found


def _mark_text(row: Row, capability: Capability, who: str) -> str:
    mark: Mark = row.marks[capability.name, who]
    text = f"{mark.sign} {mark.state}"
    if mark.of and mark.state not in {REFUSED_STATE, "absent", "not run"}:
        text += f", {mark.worked} of {mark.of}"
    if mark.state == ABSENT and who == "ours":
        text += f": {mark.note}"
    if mark.failures:
        text += f"; {mark.failures[0]['what']}: {str(mark.failures[0]['how'])[:100]}"
    return text


def legend() -> str:
    return "; ".join(f"{sign} {meaning}" for sign, meaning in STATES.values())


def compare_program(
    matrix: Matrix,
    answers: ResolverAnswers,
    cell: Cell,
    command: Sequence[str],
    more: Sequence[str],
    folder: Path,
    limit: float,
    keras: str | None = None,
) -> int:
    """Records *command* in *cell* natively and with the shim, into *folder*, and prints the difference.

    Args:
        command: ``SCRIPT [ARGS]`` or ``-m MODULE [ARGS]``; a ``python`` in front of it is the cell's.
        more: requirements of the program.
        keras: what it is given as ``run --keras``.

    Returns:
        That of ``trace diff``: 0 for the same, 1 for differences, 2 for an error.

    Raises:
        Refused: the cell, or *more* in it, cannot be installed.
        Problem
    """
    program = list(command[1:] if Path(command[0]).name.startswith("python") else command)
    folder.mkdir(parents=True, exist_ok=True)
    with cell_environment.scratch_folder(cell, None) as scratch:
        python = cell_environment.make(cell, answers.lock(cell), scratch)
        if more:
            uv.run(f"install {' '.join(more)}", "pip", "install", "--quiet", "--python", str(python), *more)
        source = code_snapshot.copy_to(scratch / "source")
        environment = CellEnvironment(cell, python, source, scratch, TimeLimits(limit, limit))
        path = os.pathsep.join([str(python.parent), os.environ.get("PATH", "")])
        traces = {"native": folder / "native.json", "ours": folder / "ours.json"}
        for who, trace in traces.items():
            shim = ["-m", "wandb_keras_compat", "run", *(("--keras", keras) if keras else ())] if who == "ours" else []
            print(f"--- {' '.join(program)}, {'with this package' if shim else 'as it is'}", flush=True)
            record = ("trace", "record", "-o", str(trace), "--", str(python), *shim, *program)
            _own_command(*record, variables=environment.variables(PATH=path))
    if not all(trace.exists() for trace in traces.values()):
        return 2
    return _own_command("trace", "diff", *map(str, traces.values()), variables=dict(os.environ))


def _own_command(*arguments: str, variables: dict[str, str]) -> int:
    """Runs our own command with this interpreter, in the user's folder; returns its exit code."""
    return subprocess.run(
        [sys.executable, "-m", "wandb_keras_compat", *arguments], env=variables, check=False
    ).returncode


def print_result(console: Console, matrix: Matrix, result: Result) -> bool:
    """Prints a result; whether everything of ours works."""
    if result.outcome == "cannot be installed":
        console.print(f"{result.cell} cannot be installed together:\n{result.footer['proof']}", markup=False)
        return False
    console.print(table(matrix, result))
    console.print(legend(), markup=False)
    return all(record["state"] in {"works", "differs"} for record in result.records if record["who"] == "ours")
