"""What a rule is given: the module, a place to put edits, imports and remarks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import libcst as cst

from ..documents.import_planner import ImportPlanner
from ..documents.module import ModuleView
from ..documents.python import Unit
from ..to_callbacks.project import Project
from ..documents.edits import Edit
from ..records import Action, Location, Moved, Record


@dataclass(frozen=True)
class Rule:
    """One rewriting rule. Its module's docstring is its documentation."""

    id: str
    name: str
    level: int
    """1: ``--to compat``; 2: only with ``--to callbacks``."""
    run: Callable[[RuleContext], None] | None
    """None for rules on files that are not Python."""
    doc: str

    @property
    def summary(self) -> str:
        return self.doc.strip().split("\n", 1)[0]


@dataclass
class RuleContext:
    """One rule at work on one module."""

    file: str
    unit: Unit
    view: ModuleView
    enabled: frozenset[str]
    project: Project | None = None
    """What the whole project says; None at level 1."""
    edits: list[Edit] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    claimed: dict[tuple[int, str], str] = field(default_factory=dict)
    """Imports of a module (statement by ``id``, name it binds) -> the module that name stands for from now on;
    empty if it stays as it is, uses included."""
    rule: str = ""

    def __post_init__(self) -> None:
        self.planner = ImportPlanner(self.view, self.enabled)

    def edit(self, start: int, end: int, text: str) -> None:
        self.edits.append(Edit(start, end, text))

    def replace(self, node: cst.CSTNode, text: str) -> None:
        self.edit(*self.view.span(node), text)

    def tell(
        self, node: cst.CSTNode, action: Action, reason: str, after: str = "", moved: tuple[Moved, ...] = ()
    ) -> None:
        """Record what was done, or not done, at a place."""
        start = self.view.start(node)
        before = self.view.code(node)
        self.records.append(
            Record(self.file, self.locate(start), self.rule, action, reason, _short(before), _short(after), moved)
        )

    def locate(self, offset: int) -> Location:
        return self.unit.locate(offset)

    def skipped(self, node: cst.CSTNode) -> bool:
        """Whether an ignore comment covers the place; if so that is recorded."""
        if not self.view.ignored(node):
            return False
        self.tell(node, "ignored", "an ignore comment stands on this line")
        return True


def _short(text: str, limit: int = 400) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
