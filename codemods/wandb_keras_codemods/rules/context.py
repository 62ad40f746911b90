"""What the function of a rule is called with: a document, and methods that add edits and records."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import libcst as cst

from ..documents.document import Document
from ..documents.edits import Edit
from ..documents.import_planner import ImportPlanner
from ..documents.module import ModuleView
from ..documents.python import PythonText
from ..documents.yaml import Scalar, YamlDocument
from ..names import NewerFrom
from ..records import Action, Location, Moved, Record
from ..to_callbacks.project import Project

_IGNORED = "an ignore comment stands on this line"


@dataclass
class RuleContext:
    """A document of any kind. The rules of one pass share one context."""

    file: str
    document: Document
    locate: Callable[[int], Location]
    """The place of a character of the document's text in the file as the user has it, before any earlier pass."""
    enabled: frozenset[str]
    """The rules of this pass."""
    project: Project | None = None
    """What the whole project says; None at level 1."""
    newer_from: NewerFrom | None = None
    """Where the newer callbacks are to come from; None where nothing was said."""
    edits: list[Edit] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    rule: str = ""
    """The rule at work, as records name it."""

    def edit(self, start: int, end: int, text: str) -> None:
        """Replace a span of the document's text."""
        self.edits.append(Edit(start, end, text))

    def add_record(
        self,
        where: Location,
        action: Action,
        reason: str,
        before: str = "",
        after: str = "",
        moved: tuple[Moved, ...] = (),
    ) -> None:
        """Record what was done, or not done, at a place."""
        self.records.append(Record(self.file, where, self.rule, action, reason, before, after, moved))

    def all_edits(self) -> Sequence[Edit]:
        """The edits of all rules."""
        return self.edits


@dataclass
class PythonContext(RuleContext):
    """A Python module: a source file, or all code cells of a notebook."""

    document: PythonText
    decided_imports: dict[tuple[int, str], str] = field(default_factory=dict)
    """Imports of a module (statement by ``id``, name it binds) -> the module it is bound to after the
    rewrite; empty if the import is left as it is, and so are the uses of the name. WK003 sets it, WK002 reads it."""

    def __post_init__(self) -> None:
        self.planner = ImportPlanner(self.view, old_imports_move="WK001" in self.enabled)

    @property
    def view(self) -> ModuleView:
        """The module, parsed."""
        return self.document.view

    def replace(self, node: cst.CSTNode, text: str) -> None:
        """Replace a node, white space and comments around it left out."""
        self.edit(*self.view.span(node), text)

    def record(
        self, node: cst.CSTNode, action: Action, reason: str, after: str = "", moved: tuple[Moved, ...] = ()
    ) -> None:
        """Record what was done, or not done, at a node."""
        where = self.locate(self.view.start(node))
        self.add_record(where, action, reason, _shortened(self.view.code(node)), _shortened(after), moved)

    def skipped(self, node: cst.CSTNode) -> bool:
        """Whether an ignore comment covers a node; if so that is recorded."""
        if not self.view.ignored(node):
            return False
        self.record(node, "ignored", _IGNORED)
        return True

    def all_edits(self) -> Sequence[Edit]:
        """The edits of all rules, and those that add the imports they need."""
        return [*self.edits, *self.planner.edits()]


@dataclass
class YamlContext(RuleContext):
    """A YAML file."""

    document: YamlDocument

    def replace(self, scalar: Scalar, value: str, reason: str, moved: tuple[Moved, ...] = ()) -> None:
        """Give a scalar another value, quotes kept, and record it."""
        edit = self.document.replacement(scalar, value)
        self.edit(edit.start, edit.end, edit.text)
        self.add_record(self.locate(scalar.start), "changed", reason, scalar.value, value, moved)

    def skipped(self, scalar: Scalar) -> bool:
        """Whether an ignore comment covers a scalar; if so that is recorded."""
        if not self.document.ignored(scalar):
            return False
        self.add_record(self.locate(scalar.start), "ignored", _IGNORED, scalar.value)
        return True


@dataclass
class DependencyContext(RuleContext):
    """A file of any kind as it was, and what the rules have made of it."""

    result: bytes = b""
    """The file's bytes after all passes."""


def _shortened(text: str, limit: int = 400) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
