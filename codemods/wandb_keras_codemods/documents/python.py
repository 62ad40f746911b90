"""Python files as bytes: encoding cookie, byte order mark, line ends; out again exactly as they came in."""

from __future__ import annotations

import codecs
import re
import tokenize
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from .edits import Edit, splice
from ..records import Location, SourceError


@dataclass(frozen=True)
class Unit:
    """Python text to be read as one module, and a way back to the place in the file."""

    text: str
    locate: Callable[[int], Location]


class Document(Protocol):
    """A file that holds Python: what the rules read, and how what they change goes back."""

    @property
    def unit(self) -> Unit: ...

    @property
    def problems(self) -> list[tuple[Location, str]]:
        """Parts that cannot be read, though the rest can (a notebook's broken cells)."""

    @property
    def remarks(self) -> list[tuple[Location, str]]:
        """Parts that are not looked at, though a person might."""

    def apply(self, edits: list[Edit]) -> bytes:
        """The file's bytes with the edits in place."""


class PythonDocument:
    """A Python source file.

    Raises:
        SourceError: not text in the encoding it declares, or not text at all.
    """

    def __init__(self, data: bytes) -> None:
        if b"\0" in data:
            raise SourceError(
                "holds NUL bytes, so it is not a Python source file", data[: data.index(b"\0")].count(b"\n") + 1
            )
        self._mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
        body = data[len(self._mark) :]
        try:
            lines = iter(data.splitlines(keepends=True)[:2])  # of bytes: LF, CRLF and CR, as Python counts
            encoding, _ = tokenize.detect_encoding(lambda: next(lines, b""))
        except SyntaxError as error:
            raise SourceError(f"its encoding cannot be told: {error}") from None
        self._encoding = "utf-8" if encoding == "utf-8-sig" else encoding
        try:
            text = body.decode(self._encoding)
        except UnicodeDecodeError as error:
            line = body[: error.start].count(b"\n") + 1
            raise SourceError(f"is not valid {self._encoding}: byte {error.start} cannot be decoded", line) from None
        if text.encode(self._encoding) != body:
            raise SourceError(f"does not survive decoding and encoding as {self._encoding}")
        self.text = text
        self.unit = Unit(text, self._locate)
        self.problems: list[tuple[Location, str]] = []
        self.remarks: list[tuple[Location, str]] = []

    def _locate(self, offset: int) -> Location:
        return Location(line_of(self.text, offset))

    def apply(self, edits: list[Edit]) -> bytes:
        """The file's bytes with the edits in place."""
        return self._mark + splice(self.text, edits).encode(self._encoding)


def offset_of(text: str, line: int) -> int:
    """Where a line (from 1) begins; the end of the text for lines beyond."""
    starts = [0, *(match.end() for match in re.finditer(r"\r\n|\n|\r", text))]
    return starts[line - 1] if line <= len(starts) else len(text)


def line_of(text: str, offset: int) -> int:
    """The line (from 1) of a character, with the line ends Python knows: LF, CRLF and CR."""
    head = text[:offset]
    return head.count("\n") + head.count("\r") - head.count("\r\n") + 1
