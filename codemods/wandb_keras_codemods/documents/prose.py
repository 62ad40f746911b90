"""Markdown and reStructuredText: their code is looked at, and edited only where the file is a notebook of Jupytext's.

A Markdown file with Jupytext's header is a notebook: its Python blocks are read as one module, everything else being
blank, and edited in place. In any other text code is an example for readers, which nothing here runs: it is told where
it names what is gone, and stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..records import Location
from .cell_scripts import OLD_NAMES
from .document import Remark
from .edits import Edit, splice
from .magics import blank, hidden_lines, mask
from .python import PythonText

_HEADER = re.compile(r"---\r?\n(?:.*\r?\n)*?[ \t]*jupytext:")
_FENCE = re.compile(r"(?P<indent>[ \t>]*)(?P<ticks>`{3,}|~{3,})[ \t]*(?P<info>[^`\r\n]*)")
_PYTHON = re.compile(r"(?:python3?|ipython3?|\{code-cell\})(?:[ \t]|$)")
_INDENTED = re.compile(r"[ \t]|>>> ")
_INDENTED_CODE = re.compile(r" {4}|\t|>>> ")


@dataclass(frozen=True)
class _Block:
    """The lines between two fences."""

    start: int
    end: int
    info: str
    indented: bool


class ProseDocument(PythonText):
    """A ``.md`` or ``.rst`` file; the text for rules is the code of a notebook, and empty if it is none."""

    def __init__(self, data: bytes) -> None:
        self._raw = data.decode(errors="surrogateescape")  # of any encoding: nothing but ASCII is looked at
        self._cells: list[_Block] = []
        self.problems: list[Remark] = []
        blocks = list(_blocks(self._raw))
        header = _HEADER.match(self._raw.removeprefix("\ufeff"))
        text = self._code(blocks) if header is not None else ""
        self.code_blocks: Sequence[_Block] = blocks
        super().__init__(text)

    def _code(self, blocks: Sequence[_Block]) -> str:
        """The Python blocks in their places, everything else as spaces."""
        parts, position = [], 0
        for block in blocks:
            if block.indented or not _PYTHON.match(block.info):
                continue
            source = self._raw[block.start : block.end]
            masked = mask(source)
            if masked is None:
                line = self._raw.count("\n", 0, block.start) + 1
                self.problems.append((Location(line), "the block does not parse; it is left as it is"))
                continue
            self._cells.append(block)
            parts += [blank(self._raw[position : block.start]), masked]
            self.hidden += hidden_lines(source, masked)
            position = block.end
        # LibCST loses a last line of spaces.
        return "".join(parts) + blank(self._raw[position:]) + "\n0\n" if parts else ""

    def old_names(self) -> Iterator[tuple[int, str]]:
        """Number and text of the lines of code, those of a notebook's cells left out, that name what is gone."""
        fenced = [(block.start, block.end) for block in self.code_blocks]
        cells = {(block.start, block.end) for block in self._cells}
        code = _INDENTED if not fenced else _INDENTED_CODE
        position = 0
        for number, line in enumerate(self._raw.splitlines(keepends=True), 1):
            inside = next(((start, end) for start, end in fenced if start <= position < end), None)
            if inside not in cells and (inside or code.match(line)) and OLD_NAMES.search(line):
                yield number, line.strip()
            position += len(line)

    def write(self, edits: Sequence[Edit]) -> bytes:
        if edits:
            self.rewritten(edits)
        return splice(self._raw, edits).encode(errors="surrogateescape")


def _blocks(text: str) -> Iterator[_Block]:
    """The fenced blocks of Markdown; one that is not closed goes to the end."""
    opened: tuple[str, str, str, int] | None = None
    position = 0
    for line in text.splitlines(keepends=True):
        match = _FENCE.match(line)
        if opened is None:
            if match is not None:
                opened = match["ticks"], match["info"].strip(), match["indent"], position + len(line)
        elif match is not None and match["ticks"].startswith(opened[0]) and not match["info"].strip():
            yield _Block(opened[3], position, opened[1], bool(opened[2]))
            opened = None
        position += len(line)
    if opened is not None:
        yield _Block(opened[3], position, opened[1], bool(opened[2]))
