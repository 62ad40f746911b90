"""Notebooks: all code cells read as one module, edits put back inside the JSON text.

An import may be in one cell and its use in another, so names are resolved over all cells as one module. The file is
never generated from parsed JSON: each edit replaces characters of one source line, so outputs, ids, key order,
indentation, escapes and the final newline do not change.
"""

from __future__ import annotations

import bisect
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from ..records import Location, SourceError
from .document import Remark
from .edits import Edit, splice
from .magics import blank, cell_magic, hidden_lines, mask
from .notebook_json import CellSpan, StringSpan, cell_sources
from .python import PythonText

_UNICODE_ESCAPE = re.compile(r"\\u(?!00[01])[0-9a-fA-F]{4}")


@dataclass(frozen=True)
class _Cell:
    """A code cell inside the joined module."""

    number: int
    start: int
    text: str
    span: CellSpan


class NotebookDocument(PythonText):
    """An ``.ipynb`` file of notebook format 4.

    Raises:
        SourceError: not JSON, not a notebook, or a notebook of an older format.
    """

    def __init__(self, data: bytes) -> None:
        self._mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
        try:
            self._raw = data[len(self._mark) :].decode()
        except UnicodeDecodeError as error:
            raise SourceError("is not valid utf-8", data[: error.start].count(b"\n") + 1) from None
        try:
            notebook = json.loads(self._raw)
        except json.JSONDecodeError as error:
            raise SourceError(f"is not valid JSON: {error.msg}", error.lineno) from None
        except RecursionError:
            raise SourceError("is nested too deeply to be a notebook") from None
        cells = self._cells_of(notebook)
        self.problems: list[Remark] = []
        self.unread: list[Remark] = []
        self._cells: list[_Cell] = []
        joined: list[str] = []
        position = 0
        for number, (cell, span) in enumerate(zip(cells, cell_sources(self._raw), strict=True), 1):
            if not isinstance(cell, dict) or cell.get("cell_type") != "code":
                continue
            text = "".join(string.value for string in span.strings)
            masked = self._masked(number, text, span, notebook)
            self._cells.append(_Cell(number, position, text, span))
            joined.append(masked + "\n")
            self.hidden += hidden_lines(text, masked)
            position += len(text) + 1
        if joined and not joined[-1].strip():
            joined.append("0\n")  # LibCST loses a last line of spaces, as a masked cell at the end is one
        super().__init__("".join(joined))

    @staticmethod
    def _cells_of(notebook: object) -> list[object]:
        if not isinstance(notebook, dict):
            raise SourceError("is JSON but not a notebook")
        if "worksheets" in notebook or notebook.get("nbformat") in {1, 2, 3}:
            version = notebook.get("nbformat", 3)
            raise SourceError(f"is a notebook of format {version}; convert it first: jupyter nbconvert --to notebook")
        cells = notebook.get("cells")
        if not isinstance(cells, list):
            raise SourceError("is JSON but not a notebook: it has no list of cells")
        return cells

    def _masked(self, number: int, text: str, span: CellSpan, notebook: dict[str, object]) -> str:
        language = _language(notebook)
        if language not in {"python", "python3", "ipython"}:
            return blank(text)
        masked = mask(text)
        if masked is not None and "".join(text.split()) and not masked.strip() and cell_magic(text) is not None:
            self._note_written_module(number, text, span)
        if masked is not None:
            return masked
        self.problems.append((self._first_bad_line(number, text, span), "the cell does not parse; it is left as it is"))
        return blank(text)

    def _note_written_module(self, number: int, text: str, span: CellSpan) -> None:
        """Note a cell that writes Python with the old names to a file: no rule reads it."""
        magic = cell_magic(text)
        if magic is None or magic[0] not in {"writefile", "file", "python", "python3"} or "keras" not in text:
            return
        if re.search(r"wandb\.(wandb_)?keras", text):
            message = f"%%{magic[0]} holds Python with the old names; it is not part of the notebook's own code"
            self.unread.append((self._place(number, text, span, 0), message))

    def _first_bad_line(self, number: int, text: str, span: CellSpan) -> Location:
        try:
            compile(text, "cell", "exec", 0x400)
        except (SyntaxError, ValueError) as error:
            line = getattr(error, "lineno", None) or 1
        else:
            line = 1
        offset = sum(len(part) for part in text.splitlines(keepends=True)[: line - 1])
        return self._place(number, text, span, offset)

    def matches(self, find: Callable[[str], list[tuple[int, str]]]) -> list[Remark]:
        """The matches (offset, text) of a function in each code cell, magics included, each with its location."""
        return [
            (self._place(cell.number, cell.text, cell.span, offset), text)
            for cell in self._cells
            for offset, text in find(cell.text)
        ]

    def locate(self, offset: int) -> Location:
        cell = self._cell_at(offset)
        return self._place(cell.number, cell.text, cell.span, offset - cell.start)

    def _place(self, number: int, text: str, span: CellSpan, offset: int) -> Location:
        line = text.count("\n", 0, offset) + 1
        raw = _raw_offset(self._raw, span, offset)[0] if span.strings else 0
        return Location(self._raw.count("\n", 0, raw) + 1, number, line)

    def _cell_at(self, offset: int) -> _Cell:
        starts = [cell.start for cell in self._cells]
        return self._cells[bisect.bisect_right(starts, offset) - 1]

    @cached_property
    def _ascii(self) -> bool:
        return self._raw.isascii() and _UNICODE_ESCAPE.search(self._raw) is not None

    @cached_property
    def _space(self) -> str:
        """The space this file has after a comma; a JSON writer that leaves it out does so after colons too."""
        return " " if re.search(r'"cells"\s*: ', self._raw) else ""

    def write(self, edits: Sequence[Edit]) -> bytes:
        self.rewritten(edits)
        return self._mark + splice(self._raw, [self._raw_edit(edit) for edit in edits]).encode()

    def _raw_edit(self, edit: Edit) -> Edit:
        cell = self._cell_at(edit.start)
        start, _ = _raw_offset(self._raw, cell.span, edit.start - cell.start)
        end = (
            start if edit.end == edit.start else _raw_offset(self._raw, cell.span, edit.end - cell.start, ends=True)[0]
        )
        return Edit(start, end, self._encoded(edit.text, cell.span))

    def _encoded(self, text: str, span: CellSpan) -> str:
        """Text as the content of JSON strings; a new line becomes a new element if lines are elements."""
        content = json.dumps(text.replace("\r\n", "\n"), ensure_ascii=self._ascii)[1:-1]
        if not span.listed:
            return content
        if len(span.strings) > 1:
            between = self._raw[span.strings[0].end : span.strings[1].start]
        else:
            between = f'",{span.opening or self._space}"'
        return content.replace("\\n", "\\n" + between)


def _language(notebook: dict[str, object]) -> str:
    """The language of the code cells, in lower case; Python unless the notebook says otherwise."""
    metadata = notebook.get("metadata")
    for part in ("kernelspec", "language_info"):
        section = metadata.get(part) if isinstance(metadata, dict) else None
        name = section.get("language" if part == "kernelspec" else "name") if isinstance(section, dict) else None
        if isinstance(name, str):
            return name.lower()
    return "python"


def _raw_offset(raw: str, span: CellSpan, offset: int, *, ends: bool = False) -> tuple[int, StringSpan]:
    """Where a character of a cell stands in the JSON text.

    With ``ends`` the offset is the end of a span, and belongs to the string before it, not to the one after.
    """
    position = 0
    for index, string in enumerate(span.strings):
        length = len(string.value)
        last = index == len(span.strings) - 1
        if offset < position + length or (offset == position + length and (ends or last)):
            return string.raw_offsets(raw)[offset - position], string
        position += length
    string = span.strings[-1]
    return string.end, string
