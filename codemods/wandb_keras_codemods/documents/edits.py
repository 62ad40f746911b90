"""Edits of a text: the only way in which rules change files.

A rule never generates a file from its syntax tree. It names spans of the original text and their replacements, so
everything else keeps its bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, order=True)
class Edit:
    """Replace ``text[start:end]`` (offsets in characters) by ``text``; ``start == end`` inserts."""

    start: int
    end: int
    text: str


class OverlapError(Exception):
    """Two rules edit the same characters."""


def merged(edits: Iterable[Edit]) -> list[Edit]:
    """The edits sorted by position, without duplicates; insertions at one place keep their order.

    Raises:
        OverlapError: two edits touch the same characters.
    """
    in_order = sorted(dict.fromkeys(edits), key=lambda edit: (edit.start, edit.end))
    for before, after in pairwise(in_order):
        if before.end > after.start:
            raise OverlapError(f"characters {after.start} to {before.end}")
    return in_order


def splice(text: str, edits: Iterable[Edit]) -> str:
    """The text with the edits applied."""
    parts: list[str] = []
    position = 0
    for edit in merged(edits):
        parts += (text[position : edit.start], edit.text)
        position = edit.end
    parts.append(text[position:])
    return "".join(parts)


def original_offset(offset: int, edits: Iterable[Edit]) -> int:
    """The offset in the original text of a character of the edited text; for inserted text, where the edit begins."""
    shift = 0
    for edit in merged(edits):
        start = edit.start + shift
        if offset < start:
            break
        if offset < start + len(edit.text):
            return edit.start
        shift += len(edit.text) - (edit.end - edit.start)
    return offset - shift
