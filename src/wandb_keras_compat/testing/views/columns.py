"""A history seen by column: each key with the rows that have it, nested objects taken apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..trace.paths import Path
from .words import kind_of


@dataclass(frozen=True)
class Cell:
    """One value: of row *row* (an index into the history), logged at *step*."""

    row: int
    step: int
    value: Any


@dataclass
class Column:
    """One history key. *key* has more than one part where objects were nested."""

    key: Path
    old: list[Cell] = field(default_factory=list)
    new: list[Cell] = field(default_factory=list)

    @property
    def title(self) -> str:
        return ".".join(map(str, self.key))

    @property
    def kind(self) -> str:
        """``number``, ``histogram``, ``images``, ``table``, ``graph``, or ``other`` for anything else and mixtures."""
        kinds = {kind_of(cell.value) for cell in (*self.old, *self.new)} - {"null"}
        if kinds <= {"number"}:
            return "number"
        if kinds <= {"image", "images"}:
            return "images"
        return kinds.pop() if len(kinds) == 1 and kinds <= {"histogram", "table", "graph"} else "other"

    def pairs(self) -> list[tuple[Cell | None, Cell | None]]:
        """The two sides row by row."""
        old, new = ({cell.row: cell for cell in side} for side in (self.old, self.new))
        return [(old.get(row), new.get(row)) for row in sorted({*old, *new})]


def columns(old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]] = ()) -> list[Column]:
    """The columns of two histories (or one), in order of their names; ``_step`` is no column."""
    found: dict[Path, Column] = {}
    for side, rows in (("old", old), ("new", new)):
        for index, row in enumerate(rows):
            for key, value in _leaves(row):
                if key != ("_step",):
                    column = found.setdefault(key, Column(key))
                    getattr(column, side).append(Cell(index, row["_step"], value))
    return sorted(found.values(), key=lambda column: column.title)


def _leaves(value: Mapping[str, Any], above: Path = ()) -> Iterator[tuple[Path, Any]]:
    for key, inner in value.items():
        if isinstance(inner, Mapping) and "_type" not in inner and inner:
            yield from _leaves(inner, (*above, key))
        else:
            yield (*above, key), inner
