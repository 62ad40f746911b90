"""Finds the offsets of the ``source`` strings of a notebook in its JSON text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from json.decoder import scanstring  # type: ignore[attr-defined]  # in every CPython and PyPy, and in no stub

_SPACE = re.compile(r"[ \t\r\n]*")
_TOKEN = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|.", re.DOTALL)
_decoder = json.JSONDecoder()


@dataclass(frozen=True)
class StringSpan:
    """One JSON string: its value, and where its content begins and ends inside the quotes."""

    value: str
    start: int
    end: int

    def raw_offsets(self, text: str) -> list[int]:
        """For each character of the value, and its end, the offset in the JSON text."""
        return [match.start() for match in _TOKEN.finditer(text, self.start, self.end)] + [self.end]


@dataclass(frozen=True)
class CellSpan:
    """The ``source`` of one cell."""

    strings: tuple[StringSpan, ...]
    listed: bool
    """A list of lines, not one string."""
    opening: str
    """White space between ``[`` and the first line."""


def cell_sources(text: str) -> list[CellSpan]:
    """One entry per element of the top-level ``cells``, in order.

    The text is valid JSON, which was parsed before; what does not look like a notebook gives empty spans.
    """
    found: list[CellSpan] = []
    for key, position in _members(text, _skip(text, 0)):
        if key != "cells" or text[position : position + 1] != "[":
            continue
        found = []
        for cell in _elements(text, position):
            source = CellSpan((), False, "")
            if text[cell : cell + 1] == "{":
                for name, value in _members(text, cell):
                    if name == "source":
                        source = _source(text, value)
            found.append(source)
    return found


def _source(text: str, position: int) -> CellSpan:
    if text[position : position + 1] == '"':
        return CellSpan((_string(text, position),), False, "")
    if text[position : position + 1] != "[":
        return CellSpan((), False, "")
    strings = tuple(_string(text, place) for place in _elements(text, position) if text[place] == '"')
    return CellSpan(strings, True, text[position + 1 : _skip(text, position + 1)])


def _string(text: str, position: int) -> StringSpan:
    value, end = scanstring(text, position + 1, True)
    return StringSpan(value, position + 1, end - 1)


def _skip(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    assert match is not None
    return match.end()


def _members(text: str, position: int) -> Iterator[tuple[str, int]]:
    """Keys of the object at ``position``, each with the offset of its value."""
    position = _skip(text, position + 1)
    while text[position] != "}":
        key, position = scanstring(text, position + 1, True)
        position = _skip(text, _skip(text, position) + 1)
        yield key, position
        position = _after(text, position)


def _elements(text: str, position: int) -> Iterator[int]:
    """Offsets of the elements of the array at ``position``."""
    position = _skip(text, position + 1)
    while text[position] != "]":
        yield position
        position = _after(text, position)


def _after(text: str, position: int) -> int:
    """The offset of what follows a value: the next member or element, or the closing bracket."""
    _, position = _decoder.raw_decode(text, position)
    position = _skip(text, position)
    return _skip(text, position + 1) if text[position] == "," else position
