"""Lines that arrive at offsets: in any order, more than once, and sometimes cut short at first."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Callable
from typing import Any

_KEEP = object()


class OffsetLines:
    """Writes the line at each offset to its place in *target*, which stays ordered by offset.

    The SDK counts a file's lines itself and sends again from the same offset what may have been lost, so a line is
    written at its offset and never appended. Appending is what happens nearly always, and costs nothing extra.

    Args:
        target: the list that the lines are written to, e.g. the rows of a run; nobody else may change it.
        read: converts a line to what is kept; returns ``OffsetLines.SKIP`` for a line that is not complete yet.
    """

    SKIP = _KEEP

    def __init__(self, target: list[Any], read: Callable[[str], Any]) -> None:
        self._target = target
        self._read = read
        self._offsets = list(range(len(target)))
        self._end = len(target)

    @property
    def count(self) -> int:
        """One more than the highest offset seen, which is where a resumed run goes on."""
        return self._end

    def write(self, offset: int, lines: list[str]) -> None:
        """Puts *lines* at *offset* and after; the last whole line sent for an offset is the one that stays."""
        for number, line in enumerate(lines, offset):
            self._end = max(self._end, number + 1)
            value = self._read(line)
            if value is not _KEEP:
                self._put(number, value)

    def _put(self, number: int, value: Any) -> None:
        if not self._offsets or number > self._offsets[-1]:
            self._offsets.append(number)
            self._target.append(value)
            return
        place = bisect_left(self._offsets, number)
        if self._offsets[place] == number:
            self._target[place] = value
        else:
            self._offsets.insert(place, number)
            self._target.insert(place, value)


def json_row(line: str) -> Any:
    """A row of the history, or ``OffsetLines.SKIP`` for one of which only a part came."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return OffsetLines.SKIP
    return row if isinstance(row, dict) else OffsetLines.SKIP
