"""Converts between lines and offsets of a text, with Python's line ends: LF, CRLF and CR."""

from __future__ import annotations

import re


def offset_of(text: str, line: int) -> int:
    """Where a line (from 1) begins; the end of the text for lines beyond."""
    starts = [0, *(match.end() for match in re.finditer(r"\r\n|\n|\r", text))]
    return starts[line - 1] if line <= len(starts) else len(text)


def line_of(text: str, offset: int) -> int:
    """The line (from 1) of a character."""
    head = text[:offset]
    return head.count("\n") + head.count("\r") - head.count("\r\n") + 1


def line_start(text: str, offset: int) -> int:
    """Where the line of a character begins."""
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
