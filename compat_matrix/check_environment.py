"""One environment that a user names, and their own program in it: as it is, with the shim, and the difference."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from wandb_keras_compat.parity.check import cell_environment, program, uv
from wandb_keras_compat.parity.check.capabilities import Capability
from wandb_keras_compat.parity.check.cell_environment import CellEnvironment
from wandb_keras_compat.parity.check.cells import Cell
from wandb_keras_compat.parity.check.judge import ABSENT, today
from wandb_keras_compat.parity.check.process import TimeLimits
from wandb_keras_compat.parity.check.requirements import BadCell, check_versions, flavour_for

from . import code_snapshot
from .axes import Matrix
from .resolve import ResolverAnswers
from .results import Result
from .summary import REFUSED_STATE, STATES, Mark, Row, summarize


def cell_of(matrix: Matrix, python: str | None, tensorflow: str, keras: str | None, wandb: str) -> Cell:
    """The cell a user means: without *python* the newest that has wheels, without *keras* the one TensorFlow takes.

    Raises:
        BadCell: something is no version.
    """
    check_versions(tensorflow=tensorflow, wandb=wandb, python=python)
    flavour = flavour_for(tensorflow, keras)
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
        As :func:`.program.compare_program`.

    Raises:
        Refused: the cell, or *more* in it, cannot be installed.
        Problem
    """
    with cell_environment.scratch_folder(cell, None) as scratch:
        python = cell_environment.make(cell, answers.lock(cell), scratch)
        if more:
            uv.run(f"install {' '.join(more)}", "pip", "install", "--quiet", "--python", str(python), *more)
        source = code_snapshot.copy_to(scratch / "source")
        environment = CellEnvironment(cell, python, source, scratch, TimeLimits(limit, limit))
        return program.compare_program(python, environment.variables, command, folder, keras)


def print_result(console: Console, matrix: Matrix, result: Result) -> bool:
    """Prints a result; whether everything of ours works."""
    if result.outcome == "cannot be installed":
        console.print(f"{result.cell} cannot be installed together:\n{result.footer['proof']}", markup=False)
        return False
    console.print(table(matrix, result))
    console.print(legend(), markup=False)
    return all(record["state"] in {"works", "differs"} for record in result.records if record["who"] == "ours")
