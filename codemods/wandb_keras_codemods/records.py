"""The records of a run: one for each place, shown in the terminal and written to the JSON report."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Literal

Action = Literal["changed", "left", "ignored", "note", "error"]
"""``changed``: rewritten (or would be). ``left``: in need of a person, with the reason. ``ignored``: an ignore
comment says so. ``note``: nothing to do at this place, something to know. ``error``: the file or cell could not
be handled."""


@dataclass(frozen=True, order=True)
class Location:
    """A place in a file, as it is shown to the user. ``line`` counts from 1 in the file, ``cell`` and
    ``cell_line`` count from 1 in a notebook, cells of every kind included.
    """

    line: int
    cell: int | None = None
    cell_line: int | None = None

    def __str__(self) -> str:
        if self.cell is None:
            return str(self.line)
        return f"{self.line} (cell {self.cell}, line {self.cell_line})"


@dataclass(frozen=True)
class Moved:
    """A key, file or artifact that has another name after a level 2 rewrite, or none (``new`` is None)."""

    old: str
    new: str | None


@dataclass(frozen=True)
class Record:
    """What was done at one place in a file: the place, the rule, the action, and why."""

    file: str
    location: Location
    rule: str
    action: Action
    reason: str
    before: str = ""
    after: str = ""
    moved: tuple[Moved, ...] = field(default=())

    def as_json(self) -> dict[str, object]:
        """The record in the shape of ``report.schema.json``."""
        data: dict[str, object] = {"file": self.file, **asdict(self.location)}
        data |= {"rule": self.rule, "action": self.action, "reason": self.reason}
        data |= {"before": self.before, "after": self.after}
        data["moved"] = [asdict(moved) for moved in self.moved]
        return data


class SourceError(Exception):
    """A file cannot be handled; has what is wrong with it, and the line if it is known."""

    def __init__(self, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
