"""The rows: every two values that can stand together, of any two axes, are in one of them.

    python -m wandb_keras_compat.parity.uses.cover [--check]

writes ``rows.json``, or demands that all pairs are in it. The rows are kept, not made anew each time: a golden belongs
to each.

(`allpairspy <https://pypi.org/project/allpairspy/>`_ 2.5.1 was tried first: with values that cannot stand together it
ends up in corners, and leaves 66 of the pairs out.)
"""

from __future__ import annotations

import itertools
import json
import pathlib
import sys

from .axes import AXES, fits

PATH = pathlib.Path(__file__).with_name("rows.json")

Row = dict[str, str]
Pair = tuple[tuple[str, str], tuple[str, str]]


def rows() -> list[Row]:
    """All rows, by their number."""
    return [dict(zip(AXES, values)) for values in json.loads(PATH.read_text(encoding="utf-8"))]


def name_of(number: int, row: Row) -> str:
    """What the program of a row, its run and its trace are called: the number, and every value."""
    return f"use {number:03}, {', '.join(value.replace(',', ' and').replace(':', '') for value in row.values())}"


def pairs() -> set[Pair]:
    """All that can stand together."""
    return {
        ((one, first), (two, second))
        for one, two in itertools.combinations(AXES, 2)
        for first in AXES[one]
        for second in AXES[two]
        if fits({one: first, two: second})
    }


def pairs_of(row: Row) -> set[Pair]:
    return set(itertools.combinations(row.items(), 2))


def missing(among: list[Row]) -> set[Pair]:
    return pairs().difference(*map(pairs_of, among))


def made() -> list[Row]:
    """Rows, each of which begins with a pair that none has yet and takes as many more along as it can."""
    left, found = pairs(), []
    while left:
        row = _completed(dict(min(left)), left)
        assert row is not None, f"{min(left)} is in no program"
        left -= pairs_of(row)
        found.append(row)
    return found


def _completed(begun: Row, left: set[Pair]) -> Row | None:
    """The row that *begun* is part of: of each axis the value in most of the pairs left, where it leads on."""
    axis = next((axis for axis in AXES if axis not in begun), None)
    if axis is None:
        return {axis: begun[axis] for axis in AXES}
    new = {value: _in_order({**begun, axis: value}) for value in AXES[axis]}
    for value in sorted(new, key=lambda value: -len(pairs_of(new[value]) & left)):
        if fits(new[value]):
            whole = _completed(new[value], left)
            if whole is not None:
                return whole
    return None


def _in_order(row: Row) -> Row:
    return {axis: row[axis] for axis in AXES if axis in row}


def main(*arguments: str) -> int:
    if "--check" not in arguments:
        lines = ",\n".join(json.dumps(list(row.values())) for row in made())
        PATH.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    wrong = [f"no row has {pair}" for pair in sorted(missing(rows()))]
    wrong += [f"row {number} makes no program" for number, row in enumerate(rows()) if not fits(row)]
    print("\n".join(wrong) or f"{len(rows())} rows have all {len(pairs())} pairs")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
