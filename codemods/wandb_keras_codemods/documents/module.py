"""One Python module, parsed once: its nodes, their positions, and what its names resolve to.

Names are resolved with LibCST's scope analysis; positions are offsets in characters of the module's text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar, cast

import libcst as cst
from libcst.metadata import Assignment, BaseAssignment, ImportAssignment, Scope

from .ignore_comments import IGNORE_COMMENT
from .parsing import parse
from .positions import Lines
from .scopes import Scopes

Node = TypeVar("Node", bound=cst.CSTNode)


@dataclass(frozen=True)
class Resolution:
    """What an expression may refer to."""

    names: frozenset[str]
    """Qualified names, from the imports that bind its first part."""
    imports: tuple[ImportAssignment, ...]
    certain: bool
    """Whether nothing else binds it, but for a fallback where an import failed."""


class ModuleView:
    """A parsed module.

    Raises:
        SourceError: LibCST cannot parse the text, or does not give it back unchanged.
    """

    def __init__(self, text: str, hidden: str = "") -> None:
        """*hidden* is text beside the module that may use its names: magics and shell lines of a notebook."""
        self.text = text
        self.hidden = hidden
        self.module, reading = parse(text)
        self._parents, self._spans, self._found = reading.parents, reading.spans, reading.by_kind
        self._sorted: set[type[cst.CSTNode]] = set()

    def nodes(self, kind: type[Node]) -> Sequence[Node]:
        """All nodes of exactly this type, in document order."""
        if kind not in self._sorted:
            self._sorted.add(kind)
            self._found[kind].sort(key=self.start)
        return cast("Sequence[Node]", self._found[kind])

    # Positions

    def span(self, node: cst.CSTNode) -> tuple[int, int]:
        """Start and end of a node, without the white space and comments around it."""
        return self._spans[node]

    def start(self, node: cst.CSTNode) -> int:
        return self._spans[node][0]

    def code(self, node: cst.CSTNode) -> str:
        start, end = self.span(node)
        return self.text[start:end]

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self.text)

    def lines(self, node: cst.CSTNode) -> range:
        start, end = self.span(node)
        return range(self._lines.of(start), self._lines.of(end) + 1)

    # Structure

    def parent(self, node: cst.CSTNode) -> cst.CSTNode | None:
        return self._parents.get(node)

    def ancestors(self, node: cst.CSTNode) -> list[cst.CSTNode]:
        """From the parent up to the module."""
        found: list[cst.CSTNode] = []
        current = self.parent(node)
        while current is not None:
            found.append(current)
            current = self.parent(current)
        return found

    def enclosing(self, node: cst.CSTNode, kind: type[Node] | tuple[type[Node], ...]) -> Node | None:
        """The nearest ancestor of a type."""
        return next((found for found in self.ancestors(node) if isinstance(found, kind)), None)

    @cached_property
    def _scopes(self) -> Scopes:
        return Scopes(self.module, self._found, self._parents)

    def scope(self, node: cst.CSTNode) -> Scope | None:
        return self._scopes.of(node)

    # Names

    def resolve(self, node: cst.BaseExpression) -> Resolution | None:
        """What a name or a dotted chain of names refers to; None if no import binds its first part."""
        root = first_name(node)
        if root is None or root.value not in self._imported_names:
            return None
        parts = dotted(node)
        assert parts is not None
        scope = self.scope(root)
        if scope is None:
            return None
        bound = sorted_assignments(self, scope[root.value])
        imports = tuple(found for found in bound if isinstance(found, ImportAssignment))
        if not imports:
            return None
        rest = parts[1:]
        names = frozenset(".".join((name, *rest)) for found in imports for name in self.qualified(found, root.value))
        others = [found for found in bound if not isinstance(found, ImportAssignment)]
        return Resolution(names, imports, all(self.is_fallback(found) for found in others))

    @cached_property
    def _imported_names(self) -> frozenset[str]:
        """The names that an import binds anywhere in the module."""
        statements: list[cst.Import | cst.ImportFrom] = [*self.nodes(cst.Import), *self.nodes(cst.ImportFrom)]
        aliases = (node.names for node in statements if not isinstance(node.names, cst.ImportStar))
        return frozenset(bound_name(alias) for names in aliases for alias in names)

    def is_used_unbound(self, name: str) -> bool:
        """Whether a name is used where nothing in the module binds it: a star import, or Python itself, has it."""
        return any((scope := self.scope(node)) is not None and not scope[name] for node in self.loads(name))

    @staticmethod
    def qualified(assignment: ImportAssignment, name: str) -> set[str]:
        """What an import statement binds a name to: ``import a.b`` binds ``a`` to ``a``."""
        node = assignment.node
        if not isinstance(node, (cst.Import, cst.ImportFrom)) or isinstance(node.names, cst.ImportStar):
            return set()
        module = module_name(node)
        found: set[str] = set()
        for alias in node.names:
            target = dotted_text(alias.name)
            bound = bound_name(alias)
            if bound != name:
                continue
            if isinstance(node, cst.ImportFrom):
                found.add(f"{module}.{target}")
            else:
                found.add(target if alias.asname else name)
        return found

    def is_fallback(self, assignment: BaseAssignment) -> bool:
        """Whether the name is bound here as a fallback for a failed import: to None or False, or in an ``except``."""
        node = getattr(assignment, "node", None)
        if not isinstance(assignment, Assignment) or not isinstance(node, cst.CSTNode):
            return False
        if self.enclosing(node, cst.ExceptHandler) is not None:
            return True
        statement = self.enclosing(node, (cst.Assign, cst.AnnAssign))
        value = getattr(statement, "value", None)
        return isinstance(value, cst.Name) and value.value in {"None", "False"}

    def loads(self, name: str) -> list[cst.Name]:
        """Every place where a bare name is looked up or bound by assignment, imports left out."""
        return [node for node in self._names.get(name, ()) if self._is_reference(node)]

    @cached_property
    def _names(self) -> dict[str, list[cst.Name]]:
        found: dict[str, list[cst.Name]] = {}
        for node in self.nodes(cst.Name):
            found.setdefault(node.value, []).append(node)
        return found

    def _is_reference(self, node: cst.Name) -> bool:
        parent = self.parent(node)
        if isinstance(parent, cst.Attribute):
            return parent.value is node
        if isinstance(parent, cst.Arg):
            return parent.keyword is not node
        return not isinstance(
            parent, (cst.ImportAlias, cst.AsName, cst.Param, cst.FunctionDef, cst.ClassDef, cst.NameItem)
        ) or (isinstance(parent, (cst.Param, cst.FunctionDef, cst.ClassDef)) and parent.name is not node)

    # Ignore comments

    @cached_property
    def _ignores(self) -> tuple[bool, frozenset[int]]:
        lines: set[int] = set()
        whole = False
        for comment in self.nodes(cst.Comment) if IGNORE_COMMENT.search(self.text) is not None else ():
            match = IGNORE_COMMENT.search(comment.value)
            if match is not None and match["file"]:
                whole = True
            elif match is not None:
                lines.add(self._lines.of(self.start(comment)))
        return whole, frozenset(lines)

    @property
    def ignores_file(self) -> bool:
        """Whether a comment ``# wandb-keras-compat: ignore-file`` stands anywhere in the module."""
        return self._ignores[0]

    def ignored(self, node: cst.CSTNode) -> bool:
        """Whether one of the node's lines ends in ``# wandb-keras-compat: ignore``."""
        return bool(self._ignores[1]) and any(line in self._ignores[1] for line in self.lines(node))


def first_name(node: cst.BaseExpression) -> cst.Name | None:
    """``a`` of ``a.b.c``; None if the chain does not begin with a name."""
    while isinstance(node, cst.Attribute):
        node = node.value
    return node if isinstance(node, cst.Name) else None


def dotted(node: cst.BaseExpression) -> list[str] | None:
    """The parts of ``a.b.c``; None for anything that is not a chain of names."""
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.append(node.attr.value)
        node = node.value
    if not isinstance(node, cst.Name):
        return None
    return [node.value, *reversed(parts)]


def dotted_text(node: cst.BaseExpression) -> str:
    return ".".join(dotted(node) or [])


def module_name(node: cst.Import | cst.ImportFrom) -> str:
    """``a.b`` of ``from a.b import c``; a leading dot for each level of a relative import."""
    if isinstance(node, cst.Import):
        return ""
    return "." * len(node.relative) + (dotted_text(node.module) if node.module is not None else "")


def bound_name(alias: cst.ImportAlias) -> str:
    """The name that an alias of an import statement binds."""
    if alias.asname is not None and isinstance(alias.asname.name, cst.Name):
        return alias.asname.name.value
    return (dotted(alias.name) or [""])[0]


def sorted_assignments(view: ModuleView, found: set[BaseAssignment]) -> list[BaseAssignment]:
    """Assignments in document order; those without a node in the document (builtins) come last."""

    def place(assignment: BaseAssignment) -> int:
        node = getattr(assignment, "node", None)
        return view.start(node) if isinstance(node, cst.CSTNode) else len(view.text)

    return sorted(found, key=place)
