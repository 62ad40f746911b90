"""Which scope an expression stands in, and what binds the names of each: what LibCST's ``ScopeProvider`` says.

The provider visits every node in Python, twice, and notes every access, which costs four to six times what parsing
costs. Rules only ask what binds a name at a place. So the scopes are LibCST's own classes, filled from the statements
that bind something, and the scope of a node is found from its parents when it is asked for. That both agree is a
property, tested on files of the standard library.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar, cast

import libcst as cst
from libcst.metadata import ClassScope, ComprehensionScope, FunctionScope, GlobalScope, Scope
from libcst.metadata.scope_provider import AnnotationScope, LocalScope

_COMPREHENSIONS = (cst.ListComp, cst.SetComp, cst.DictComp, cst.GeneratorExp)
_OWNERS = (cst.FunctionDef, cst.Lambda, cst.ClassDef, cst.TypeAlias, *_COMPREHENSIONS)
_TARGETS: tuple[type[cst.AssignTarget | cst.AnnAssign | cst.AugAssign | cst.NamedExpr | cst.For | cst.CompFor], ...] = (
    cst.AssignTarget,
    cst.AnnAssign,
    cst.AugAssign,
    cst.NamedExpr,
    cst.For,
    cst.CompFor,
)
_IMPORTS: tuple[type[cst.Import | cst.ImportFrom], ...] = (cst.Import, cst.ImportFrom)
_DECLARING: tuple[type[cst.Global | cst.Nonlocal], ...] = (cst.Global, cst.Nonlocal)
_Named = cst.FunctionDef | cst.ClassDef | cst.Param | cst.TypeAlias | cst.TypeVar | cst.TypeVarTuple | cst.ParamSpec
_NAMED: tuple[type[_Named], ...] = (
    cst.FunctionDef,
    cst.ClassDef,
    cst.Param,
    cst.TypeAlias,
    cst.TypeVar,
    cst.TypeVarTuple,
    cst.ParamSpec,
)

Node = TypeVar("Node", bound=cst.CSTNode)
ByKind = Mapping[type[cst.CSTNode], Sequence[cst.CSTNode]]


class Scopes:
    """The scopes of a module."""

    def __init__(self, module: cst.Module, by_kind: ByKind, parents: Mapping[cst.CSTNode, cst.CSTNode]) -> None:
        """*by_kind* has all nodes of the module, parents before their children."""
        self._by_kind = by_kind
        self._parents = parents
        self._global = GlobalScope()
        self._inner: dict[cst.CSTNode, LocalScope] = {}
        """The scope that a node makes for what is in it."""
        self._type_parameters: dict[cst.CSTNode, LocalScope] = {}
        self._found: dict[cst.CSTNode, Scope | None] = {module: self._global}
        self._declare()
        self._bind()

    def of(self, node: cst.CSTNode) -> Scope | None:
        """The scope that a node is read in; None for what is not read: an attribute's name, a keyword."""
        passed: list[cst.CSTNode] = []
        while node not in self._found:
            passed.append(node)
            parent = self._parents.get(node)
            if parent is None:
                return None
            kind = type(parent)
            if kind in _DECIDING:
                scope = self._below(parent, node)
                break
            node = parent
        else:
            scope = self._found[node]
        for one in passed:
            self._found[one] = scope
        return scope

    def _below(self, parent: cst.CSTNode, node: cst.CSTNode) -> Scope | None:
        """The scope of a child of a node whose children are not all in the node's own scope."""
        if isinstance(parent, (cst.FunctionDef, cst.ClassDef, cst.Lambda, cst.TypeAlias, cst.Param)):
            return self._below_definition(parent, node)
        if isinstance(parent, _COMPREHENSIONS):
            return self.of(parent) if node is parent.for_in else self._inner.get(parent)
        if isinstance(parent, cst.CompFor):
            owner = self._parents[parent]
            outermost = isinstance(owner, _COMPREHENSIONS)
            return self._inner.get(owner) if outermost and node is not parent.iter else self.of(parent)
        return self.of(parent) if _is_read(parent, node) else None

    def _below_definition(self, parent: cst.CSTNode, node: cst.CSTNode) -> Scope | None:
        found: Scope | None
        match parent:
            case cst.Param():
                scope = self.of(parent)
                found = scope if node is parent.name or scope is None else scope.parent
            case cst.TypeAlias():
                found = None if node is parent.name else self._type_parameters.get(parent)
            case cst.Lambda():
                found = self._inner.get(parent)
            case _ if node in {getattr(parent, "params", None), getattr(parent, "body", None)}:
                found = self._inner.get(parent)
            case _ if node is getattr(parent, "name", None):
                found = self.of(parent)
            case cst.ClassDef() if isinstance(node, cst.Decorator):
                found = self.of(parent)
            case _:
                found = self._type_parameters.get(parent) or self.of(parent)
        return found

    def _declare(self) -> None:
        """Make the scopes, outer ones first; their names, of which LibCST makes qualified ones, nobody asks for."""
        for node in sorted(self._all(_OWNERS), key=self._depth):
            outer = self.of(node) or self._global
            if isinstance(node, cst.TypeAlias) or getattr(node, "type_parameters", None) is not None:
                outer = self._type_parameters[node] = AnnotationScope(outer, node)
            if isinstance(node, (cst.FunctionDef, cst.Lambda)):
                self._inner[node] = FunctionScope(outer, node)
            elif isinstance(node, cst.ClassDef):
                self._inner[node] = ClassScope(outer, node)
            elif isinstance(node, _COMPREHENSIONS):
                self._inner[node] = ComprehensionScope(outer, node)

    def _depth(self, node: cst.CSTNode) -> int:
        depth = 0
        current = self._parents.get(node)
        while current is not None:
            depth += 1
            current = self._parents.get(current)
        return depth

    def _bind(self) -> None:
        """Note what binds a name, and in which scope."""
        for statement in self._all(_DECLARING):
            scope = self.of(statement)
            if not isinstance(scope, LocalScope):
                continue  # Python refuses a nonlocal statement there, and a global one says nothing
            is_global = isinstance(statement, cst.Global)
            for item in statement.names:
                (scope.record_global_overwrite if is_global else scope.record_nonlocal_overwrite)(item.name.value)
        for imported in self._all(_IMPORTS):
            self._bind_imported(imported)
        for node in self._all(_NAMED):
            self._record(node.name.value, node)
        for binder in self._all(_TARGETS):
            self._bind_target(binder.target)
        for named in self._all((cst.AsName,)):
            if not isinstance(self._parents.get(named), cst.ImportAlias):
                self._bind_target(named.name)

    def _all(self, kinds: Sequence[type[Node]]) -> Iterator[Node]:
        for kind in kinds:
            yield from cast("Sequence[Node]", self._by_kind.get(kind, ()))

    def _record(self, name: str, node: cst.CSTNode) -> None:
        scope = self.of(node)
        if scope is not None:
            scope.record_assignment(name, node)

    def _bind_target(self, target: cst.CSTNode) -> None:
        pending = [target]
        while pending:
            node = pending.pop()
            if isinstance(node, cst.Name):
                self._record(node.value, node)
            elif isinstance(node, (cst.Tuple, cst.List)):
                pending += node.elements
            elif isinstance(node, (cst.Element, cst.StarredElement)):
                pending.append(node.value)

    def _bind_imported(self, statement: cst.Import | cst.ImportFrom) -> None:
        scope = self.of(statement)
        if scope is None or isinstance(statement.names, cst.ImportStar):
            return
        for alias in statement.names:
            as_name = alias.asname.name if alias.asname is not None else alias.name
            for name in _dotted_names(as_name):
                scope.record_import_assignment(name, statement, as_name)


_DECIDING = frozenset(
    {*_OWNERS, cst.Attribute, cst.Arg, cst.Import, cst.ImportFrom, cst.ImportAlias, cst.Param, cst.CompFor, cst.Global,
     cst.Nonlocal, cst.TypeVar, cst.TypeVarTuple, cst.ParamSpec}
)  # fmt: skip


def _is_read(parent: cst.CSTNode, node: cst.CSTNode) -> bool:
    """Whether a child is an expression, where only some children of its parent are; nothing of a ``global`` is."""
    match parent:
        case cst.Attribute():
            return node is not parent.attr
        case cst.Arg():
            return node is parent.value
        case cst.Import() | cst.ImportFrom():
            return isinstance(node, cst.ImportAlias)
        case cst.TypeVar() | cst.TypeVarTuple() | cst.ParamSpec():
            return node is not parent.name
    return False


def _dotted_names(node: cst.CSTNode) -> Iterator[str]:
    """``a.b.c``, ``a.b`` and ``a`` of the name ``a.b.c``."""
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.append(node.attr.value)
        node = node.value
    if isinstance(node, cst.Name):
        parts.append(node.value)
        parts.reverse()
        for count in range(len(parts), 0, -1):
            yield ".".join(parts[:count])
