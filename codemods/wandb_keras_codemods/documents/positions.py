"""Converts between lines and offsets of a text, with Python's line ends: LF, CRLF and CR."""

from __future__ import annotations

import bisect
import re

_LINE_END = re.compile(r"\r\n|\n|\r")


class Lines:
    """The lines of one text, for many questions: the text is searched once."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(text))]
        self._end = len(text)

    def of(self, offset: int) -> int:
        """The line (from 1) of a character."""
        return bisect.bisect_right(self._starts, offset)

    def start(self, line: int) -> int:
        """Where a line (from 1) begins; the end of the text for lines beyond."""
        return self._starts[line - 1] if line <= len(self._starts) else self._end


def line_start(text: str, offset: int) -> int:
    """Where the line of a character begins."""
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
