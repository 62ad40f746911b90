"""Requirements files of pip: which packages a project asks for. They are read, and edited by no rule so far."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..records import Location, SourceError
from .document import Remark
from .edits import Edit, splice


def is_requirements(name: str) -> bool:
    """Whether a file's name is that of a requirements file: ``requirements*.txt``, ``requirements*.in``."""
    return name.startswith("requirements") and name.endswith((".txt", ".in"))


@dataclass(frozen=True)
class Requirement:
    """A line that asks for a package."""

    text: str
    """As written: name, extras and version, without comment and marker."""
    specifier: str
    """The versions asked for, as ``<0.17``; empty if any will do."""
    location: Location


class RequirementsDocument:
    """A requirements file. Bytes that are not UTF-8 are shown as U+FFFD, and keep the file from being edited."""

    problems: Sequence[Remark] = ()
    unread: Sequence[Remark] = ()
    ignores_file = False

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.text = data.decode(errors="replace")

    def requirement(self, package: str) -> Requirement | None:
        """The first line that asks for a package, whatever its extras and versions."""
        line = rf"^[ \t]*{re.escape(package)}(?![\w.-])(?:\[[\w, -]*\])?[ \t]*(?P<specifier>[<>=!~][^#;\r\n]*)?"
        match = re.search(line, self.text, re.MULTILINE)
        if match is None:
            return None
        return Requirement(match.group().strip(), match["specifier"] or "", self.locate(match.start()))

    def locate(self, offset: int) -> Location:
        return Location(self.text.count("\n", 0, offset) + 1)

    def write(self, edits: Sequence[Edit]) -> bytes:
        if self.text.encode() != self._data:
            raise SourceError("is not valid utf-8, so it is not edited")
        return splice(self.text, edits).encode()
