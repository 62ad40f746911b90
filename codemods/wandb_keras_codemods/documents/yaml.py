"""YAML files: string values with their offsets in the text, so that an edit changes the value and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import eq
from typing import TYPE_CHECKING

from ..records import Location, SourceError
from .document import Remark
from .edits import Edit, splice
from .ignore_comments import IGNORE_COMMENT
from .positions import Lines, line_start

if TYPE_CHECKING:
    from ruamel.yaml.nodes import Node

MOST_TEXT = 1_000_000
"""Characters of a file that are parsed at most: ruamel.yaml takes 4 seconds for a million, and a run does it twice."""
MOST_LEVELS = 200
"""Levels that are parsed at most: ruamel.yaml takes the square of their number."""

_BRACKETS = re.compile(r"[\[{\]}]")
_INDENTED = re.compile(r"(?P<indent> *)(?P<marks>(?:[-?:] +)*)(?=\S)")
_QUOTED = re.compile(r"['\"]")


@dataclass(frozen=True)
class Scalar:
    """A string value in a YAML file."""

    path: tuple[str, ...]
    """Keys and indexes from the top of its document."""
    value: str
    start: int
    end: int


class YamlDocument:
    """A YAML file of any number of documents.

    Raises:
        SourceError: not UTF-8, or not YAML (a template, for instance), or more than is parsed.
    """

    problems: Sequence[Remark] = ()
    unread: Sequence[Remark] = ()

    def __init__(self, data: bytes) -> None:
        self._mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
        try:
            self.text = data[len(self._mark) :].decode()
        except UnicodeDecodeError as error:
            raise SourceError("is not valid utf-8", data[: error.start].count(b"\n") + 1) from None
        _check_size(self.text)
        from ruamel.yaml import YAML
        from ruamel.yaml.error import MarkedYAMLError, YAMLError

        try:
            self._documents = [node for node in YAML(pure=True).compose_all(self.text) if node is not None]
        except MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark is not None else 1
            raise SourceError(f"is not valid YAML: {error.problem or error.context}", line) from None
        except (YAMLError, ValueError, RecursionError) as error:
            raise SourceError(f"is not valid YAML: {str(error).splitlines()[0]}") from None

    @property
    def ignores_file(self) -> bool:
        return any(match["file"] for match in IGNORE_COMMENT.finditer(self.text))

    def _values(self) -> list[tuple[tuple[str, ...], str]]:
        return [(path, scalar.value) for scalars in self.documents() for path, scalar in scalars.items()]

    def ignored(self, scalar: Scalar) -> bool:
        """Whether the line that a value begins on ends in an ignore comment."""
        line = self.text[line_start(self.text, scalar.start) :].splitlines()[0]
        match = IGNORE_COMMENT.search(line)
        return match is not None and not match["file"]

    def documents(self) -> Iterator[dict[tuple[str, ...], Scalar]]:
        """The scalars of each document by path."""
        for document in self._documents:
            yield {scalar.path: scalar for scalar in _scalars(document, (), set())}

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self.text)

    def locate(self, offset: int) -> Location:
        return Location(self._lines.of(offset))

    def replacement(self, scalar: Scalar, value: str) -> Edit:
        """An edit that changes a value and keeps its quotes, anchor, tag and block indicator."""
        written = self.text[scalar.start : scalar.end]
        at = written.rfind(scalar.value)  # the last: an anchor or a comment before it may read the same
        if at >= 0:
            start = scalar.start + at
            return Edit(start, start + len(scalar.value), value)
        folded = _QUOTED.search(written)  # over several lines
        if folded is None:
            return Edit(scalar.start, scalar.end, value)
        return Edit(scalar.start + folded.start(), scalar.end, f"{folded.group()}{value}{folded.group()}")

    def write(self, edits: Sequence[Edit]) -> bytes:
        data = self._mark + splice(self.text, edits).encode()
        try:
            rewritten = YamlDocument(data)
        except SourceError as error:
            raise SourceError(f"the rewritten text {error.message}; please report this", error.line) from None
        before, after = self._values(), rewritten._values()
        changed = len(before) - sum(map(eq, before, after))
        if [path for path, _ in before] != [path for path, _ in after] or changed != len(edits):
            raise SourceError("the rewritten text has other keys or values than it should; please report this")
        return data


_TOO_DEEP = f"is nested too deeply to be parsed: {MOST_LEVELS} levels are the most"


def _check_size(text: str) -> None:
    """Refuse what would take minutes. Brackets in strings and the lines of block scalars count like all others."""
    if len(text) > MOST_TEXT:
        raise SourceError(f"is too long to be parsed: {MOST_TEXT:,} characters are the most")
    depth = 0
    for match in _BRACKETS.finditer(text):
        depth = depth + 1 if match.group() in "[{" else max(0, depth - 1)
        if depth > MOST_LEVELS:
            raise SourceError(_TOO_DEEP, text.count("\n", 0, match.start()) + 1)
    columns: list[int] = []
    for number, line in enumerate(text.splitlines(), 1):
        found = _INDENTED.match(line)
        if found is None:
            continue
        column = len(found["indent"])
        while columns and columns[-1] >= column:
            columns.pop()
        columns.append(column)
        columns += [column + mark.end() for mark in re.finditer(r"\S +", found["marks"])]
        if len(columns) > MOST_LEVELS:
            raise SourceError(_TOO_DEEP, number)


def _scalars(node: Node, path: tuple[str, ...], seen: set[int]) -> Iterator[Scalar]:
    if id(node) in seen:
        return  # an alias: its anchor has been read
    seen.add(id(node))
    if isinstance(node.value, str):
        yield Scalar(path, node.value, node.start_mark.index, node.end_mark.index)
        return
    for index, child in enumerate(node.value):
        if isinstance(child, tuple):
            key, value = child
            name = key.value if isinstance(key.value, str) else ""
            yield from _scalars(value, (*path, name), seen)
        else:
            yield from _scalars(child, (*path, str(index)), seen)
