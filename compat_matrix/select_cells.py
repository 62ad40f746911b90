"""Which cells are run, by rule.

Every version of each axis is in a cell with the newest, the oldest and the last oracle version of the others that it
can be installed with; every boundary has a cell on each side. What can be installed is asked of a function, so that the
choice is the same wherever its answers are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from packaging.version import Version

from wandb_keras_compat.parity.check.cells import Cell

from .axes import Axis, Matrix

#: Whether a cell can be installed.
Can = Callable[[Cell], bool]

TIERS = ("corner", "edge", "full")

T = TypeVar("T")


@dataclass
class SelectedCell:
    """A cell and why it is run."""

    cell: Cell
    tier: str
    why: list[str] = field(default_factory=list)


def choose(matrix: Matrix, can: Can) -> list[SelectedCell]:
    """All cells: corners, edges, then those of the axes, newest first."""
    found: dict[Cell, SelectedCell] = {}
    for tier, cell, why in _wanted(matrix, can):
        if matrix.excluded(cell) is None:
            found.setdefault(cell, SelectedCell(cell, tier)).why.append(why)
    return list(found.values())


def of_tier(chosen: Iterable[SelectedCell], tier: str) -> list[SelectedCell]:
    """The cells of *tier*, each of which has those of the one before."""
    allowed = TIERS[: TIERS.index(tier) + 1]
    return [item for item in chosen if item.tier in allowed]


def to_run(chosen: Iterable[SelectedCell], tier: str) -> list[SelectedCell]:
    """Those of *tier* as they are run: tier by tier, in each newest first, and one framework after the other.

    A framework that the cell before had is installed, and compiled, see :mod:`.environment_pool`.
    """

    def key(item: SelectedCell) -> tuple[int, list[Version]]:
        versions = (item.cell.python, item.cell.tensorflow, item.cell.framework)
        return -TIERS.index(item.tier), [Version(version or "0") for version in versions]

    return sorted(of_tier(chosen, tier), key=key, reverse=True)


def pair(matrix: Matrix, tensorflow: str, keras: str, wandb: str) -> Cell | None:
    """The cell of those versions with the newest interpreter that has wheels for them."""
    pythons = matrix.pythons(Cell("0", tensorflow, keras, wandb))
    return Cell(pythons[-1], tensorflow, keras, wandb) if pythons else None


def _wanted(matrix: Matrix, can: Can) -> Iterator[tuple[str, Cell, str]]:
    for corner in matrix.corners:
        yield "corner", corner.cell, corner.why
    yield from _edges(matrix, can)
    rules = [
        ((rank, number), "full", cell, why)
        for number, rule in enumerate((_of_builds, _of_wandb, _of_python))
        for rank, cell, why in rule(matrix, can)
    ]
    for _, tier, cell, why in sorted(rules, key=lambda item: item[0]):
        yield tier, cell, why
    for minor in matrix.minors:
        yield "full", minor.cell, minor.why


def _edges(matrix: Matrix, can: Can) -> Iterator[tuple[str, Cell, str]]:
    """Both sides with the same of everything else, the newest that both can be installed with."""
    for boundary in matrix.boundaries:
        why = f"{boundary.package} {' | '.join(boundary.versions)}: {boundary.why}"
        if boundary.package == "wandb":
            builds = [build for build in matrix.builds() if build[0] in boundary.tensorflow and build[1] != "tf-keras"]
            sides = ([pair(matrix, *build, version) for version in boundary.versions] for build in reversed(builds))
        else:
            own = {tensorflow: flavour for tensorflow, flavour in reversed(matrix.builds())}  # noqa: C416  # first wins
            sides = (
                [pair(matrix, version, own[version], wandb) for version in boundary.versions]
                for wandb in reversed(_with(matrix.wandb.versions, matrix.wandb.last_oracle))
            )
        for both in sides:
            if all(cell is not None and can(cell) for cell in both):
                yield from (("edge", cell, why) for cell in both if cell is not None)
                break
    return


def _of_builds(matrix: Matrix, can: Can) -> Iterator[tuple[int, Cell, str]]:
    """Every TensorFlow with each Keras it can have, over wandb."""
    wandbs = _with(matrix.wandb.versions, matrix.wandb.last_oracle)
    for tensorflow, flavour in reversed(matrix.builds()):
        cells = {wandb: pair(matrix, tensorflow, flavour, wandb) for wandb in wandbs}
        for rank, word, cell in _three(cells, matrix.wandb, can):
            yield rank, cell, f"TensorFlow {tensorflow} with {flavour} and the {word} wandb"


def _of_wandb(matrix: Matrix, can: Can) -> Iterator[tuple[int, Cell, str]]:
    """Every wandb over TensorFlow with the Keras it has by itself."""
    for wandb in reversed(matrix.wandb.versions):
        cells = {
            tensorflow: pair(matrix, tensorflow, flavour, wandb)
            for tensorflow, flavour in matrix.builds()
            if flavour != "tf-keras"
        }
        for rank, word, cell in _three(cells, matrix.tensorflow, can):
            yield rank, cell, f"wandb {wandb} with the {word} TensorFlow"


def _of_python(matrix: Matrix, can: Can) -> Iterator[tuple[int, Cell, str]]:
    """Every Python over TensorFlow, with the newest wandb that goes with both."""
    for python in reversed(matrix.python.versions):
        cells: dict[str, Cell | None] = {}
        for tensorflow, flavour in matrix.builds():
            if flavour == "tf-keras":
                continue
            wandbs = _with(matrix.wandb.versions, matrix.wandb.last_oracle)
            made = (Cell(python, tensorflow, flavour, wandb) for wandb in reversed(wandbs))
            cells[tensorflow] = next((cell for cell in made if python in matrix.pythons(cell) and can(cell)), None)
        for rank, word, cell in _three(cells, matrix.tensorflow, can):
            yield rank, cell, f"Python {python} with the {word} TensorFlow"


def _three(cells: dict[str, Cell | None], axis: Axis, can: Can) -> Iterator[tuple[int, str, Cell]]:
    """Of *cells* by version, oldest first: the newest, the last oracle and the oldest that can be installed."""
    found = [version for version, cell in cells.items() if cell is not None and can(cell)]
    oracles = [version for version in found if Version(version) <= Version(axis.last_oracle)]
    for rank, (word, version) in enumerate(
        (("newest", last(found)), ("last oracle", last(oracles)), ("oldest", found[0] if found else None))
    ):
        cell = cells[version] if version is not None else None
        if cell is not None:
            yield rank, word, cell


def last(items: Sequence[T]) -> T | None:
    return items[-1] if items else None


def _with(versions: Iterable[str], more: str) -> list[str]:
    return sorted({*versions, more}, key=Version)
