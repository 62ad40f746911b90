"""The columns of a history: each key with the rows that have it; nested objects become several columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..trace.align import paired
from ..trace.differences import ABSENT
from ..trace.paths import Path
from .describe import kind_of

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Cell:
    """The values of one key in one row: *index* is that of the row in paths, *rows* are both rows.

    ``ABSENT`` stands for a value, or a row, that a side does not have.
    """

    index: int
    rows: tuple[Any, Any]
    values: tuple[Any, Any]

    @property
    def step(self) -> int:
        return int(next(row["_step"] for row in self.rows if row is not ABSENT))


@dataclass
class Column:
    """One history key. *key* has more than one part where objects were nested."""

    key: Path
    cells: list[Cell] = field(default_factory=list)

    @property
    def title(self) -> str:
        return ".".join(map(str, self.key))

    @property
    def kind(self) -> str:
        """``number``, ``histogram``, ``images``, ``table``, ``graph``, or ``other`` for anything else and mixtures."""
        kinds = {kind_of(value) for cell in self.cells for value in cell.values} - {"null", "absent"}
        if kinds <= {"number"}:
            return "number"
        if kinds <= {"image", "images"}:
            return "images"
        return kinds.pop() if len(kinds) == 1 and kinds <= {"histogram", "table", "graph"} else "other"

    def side(self, which: int) -> list[tuple[Row, Any]]:
        """Row and value of the first (0) or second (1) history, where it has the key."""
        return [(cell.rows[which], cell.values[which]) for cell in self.cells if cell.values[which] is not ABSENT]


def columns(old: Sequence[Row], new: Sequence[Row] = ()) -> list[Column]:
    """The columns of two histories (or one), in order of their names; ``_step`` is no column."""
    found: dict[Path, Column] = {}
    for index, *rows in paired(old, new):
        leaves = [dict(_leaves(row)) if row is not ABSENT else {} for row in rows]
        for key in dict.fromkeys((*leaves[0], *leaves[1])):
            if key != ("_step",):
                values = (leaves[0].get(key, ABSENT), leaves[1].get(key, ABSENT))
                found.setdefault(key, Column(key)).cells.append(Cell(index, (rows[0], rows[1]), values))
    return sorted(found.values(), key=lambda column: column.title)


def _leaves(value: Row, above: Path = ()) -> Iterator[tuple[Path, Any]]:
    for key, inner in value.items():
        if isinstance(inner, Mapping) and "_type" not in inner and inner:
            yield from _leaves(inner, (*above, key))
        else:
            yield (*above, key), inner
