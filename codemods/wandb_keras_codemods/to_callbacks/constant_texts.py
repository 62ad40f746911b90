"""The texts that an expression may be, where all of them stand in the module."""

from __future__ import annotations

import ast
from collections.abc import Iterable

import libcst as cst

from ..documents.module import ModuleView


class ConstantTexts:
    """The texts of one module's expressions."""

    def __init__(self, view: ModuleView) -> None:
        self._view = view
        self._under_way: set[cst.CSTNode] = set()

    def of(self, node: cst.CSTNode | None) -> list[str] | None:
        """All that an expression may be, or that its list may hold; None if only the running program knows."""
        if isinstance(node, (cst.SimpleString, cst.ConcatenatedString)):
            return self._literal(node)
        if isinstance(node, (cst.List, cst.Tuple, cst.Set)):
            return _all(self.of(element.value) for element in node.elements)
        if isinstance(node, cst.IfExp):
            return _all([self.of(node.body), self.of(node.orelse)])
        if isinstance(node, cst.BinaryOperation) and isinstance(node.left, cst.List):
            return _all([self.of(node.left), self.of(node.right)])
        return self._name(node) if isinstance(node, cst.Name) else None

    def _literal(self, node: cst.SimpleString | cst.ConcatenatedString) -> list[str] | None:
        try:
            value = ast.literal_eval(self._view.code(node))
        except (ValueError, SyntaxError):
            return None  # an f-string in it, or a line break between its parts
        return [value] if isinstance(value, str) else None

    def _name(self, node: cst.Name) -> list[str] | None:
        if node in self._under_way:
            return None
        self._under_way.add(node)
        sources = self.sources(node)
        found = _all(map(self.of, sources)) if sources else None
        self._under_way.discard(node)
        return found

    def sources(self, node: cst.Name) -> list[cst.CSTNode | None]:
        """What gives a name its value, in all places that bind it; None for what is no expression here."""
        scope = self._view.scope(node)
        bound = scope[node.value] if scope is not None else set()
        return [self._source(getattr(assignment, "node", None)) for assignment in bound]

    def _source(self, target: cst.CSTNode | None) -> cst.CSTNode | None:
        """The expression that is bound to a name, or that a loop goes over."""
        parent = self._view.parent(target) if target is not None else None
        if isinstance(parent, cst.AssignTarget) and isinstance(found := self._view.parent(parent), cst.Assign):
            return found.value
        if isinstance(parent, (cst.AnnAssign, cst.NamedExpr)):
            return parent.value
        return parent.iter if isinstance(parent, (cst.For, cst.CompFor)) else None


def _all(parts: Iterable[list[str] | None]) -> list[str] | None:
    found: list[str] = []
    for part in parts:
        if part is None:
            return None
        found += part
    return found
