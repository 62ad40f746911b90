"""Python files: decoded by encoding cookie and byte order mark, and encoded in the same way again."""

from __future__ import annotations

import codecs
import tokenize
from collections.abc import Callable, Sequence
from functools import cached_property

from ..records import Location, SourceError
from .cell_scripts import is_cell_script, masked_script, old_names_in_magics, uncommented_magics
from .document import Remark
from .edits import Edit, splice
from .magics import hidden_lines
from .module import ModuleView
from .parsing import check_rewritten, parses
from .positions import Lines

_IN_A_MAGIC = "a magic names what is gone; to Python it is a comment, so it is left: change it by hand"


class PythonText:
    """One Python module as text; the subclasses get it from a source file, or from all code cells of a notebook."""

    problems: Sequence[Remark] = ()
    unread: Sequence[Remark] = ()
    hidden = ""
    """What of a notebook's cells is no part of :attr:`text`: magics and shell lines."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def view(self) -> ModuleView:
        """The module, parsed.

        Raises:
            SourceError: LibCST cannot parse the text.
        """
        return ModuleView(self.text, self.hidden)

    @property
    def ignores_file(self) -> bool:
        return self.view.ignores_file

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self.text)

    def locate(self, offset: int) -> Location:
        return Location(self._lines.of(offset))

    def rewritten(self, edits: Sequence[Edit]) -> str:
        """The text with the edits applied.

        Raises:
            SourceError: it would not parse any more.
        """
        text = splice(self.text, edits)
        check_rewritten(self.text, text)
        return text

    def write(self, edits: Sequence[Edit]) -> bytes:
        return self.rewritten(edits).encode()


class PythonDocument(PythonText):
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
            encoding, _ = tokenize.detect_encoding(lines.__next__)
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
        self._source = text
        self._cells = is_cell_script(text)
        if self._cells:
            self.unread = [(Location(line), _IN_A_MAGIC) for line in old_names_in_magics(text)]
            if not parses(text) and (masked := masked_script(text)) is not None:
                self.hidden = hidden_lines(text, masked)
                text = masked
        super().__init__(text)

    def matches(self, find: Callable[[str], list[tuple[int, str]]]) -> list[Remark]:
        """Of a file that is a notebook: the matches of a function, magics in comments included, with their places."""
        found = find(uncommented_magics(self._source)) if self._cells else []
        return [(self.locate(offset), text) for offset, text in found]

    def write(self, edits: Sequence[Edit]) -> bytes:
        if edits:
            self.rewritten(edits)
        return self._mark + splice(self._source, edits).encode(self._encoding)
