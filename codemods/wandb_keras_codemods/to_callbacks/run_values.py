"""What an expression of a module is, as far as W&B's runs go: a small walk from uses to definitions.

Names are followed through assignments, loops, ``with``, comprehensions, attributes of ``self`` and the returns of the
module's own functions, without regard to order: an expression may be several things.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

import libcst as cst
from libcst.metadata import Assignment, ImportAssignment

from ..documents.module import ModuleView
from .constant_texts import ConstantTexts
from .run_objects import (
    FOREIGN,
    NOTHING,
    OTHER,
    OWN_RUN,
    UNKNOWN,
    Value,
    Values,
    attribute_of,
    element_of,
    history_keys,
    imported,
    item_of,
    result_of,
)

_KEEP = frozenset(
    {"dict", "list", "tuple", "sorted", "reversed", "iter", "copy", "deepcopy", "DataFrame", "from_records"}
)
"""Functions whose result holds what their first argument held."""
_OTHER_NODES = (
    cst.Integer, cst.Float, cst.SimpleString, cst.FormattedString, cst.ConcatenatedString, cst.Dict, cst.List, cst.Set,
    cst.Tuple, cst.Lambda, cst.Comparison, cst.UnaryOperation, cst.DictComp, cst.FunctionDef,
)  # fmt: skip


class RunValues:
    """What the expressions of one module are."""

    def __init__(self, view: ModuleView) -> None:
        self._view = view
        self._seen: dict[cst.CSTNode, Values] = {}
        constants = ConstantTexts(view)
        self.texts, self.sources = constants.of, constants.sources

    def of(self, node: cst.CSTNode) -> Values:
        """What an expression may be."""
        if node not in self._seen:
            self._seen[node] = NOTHING  # what it adds to itself in a circle
            self._seen[node] = self._evaluate(node)
        return self._seen[node]

    def _any(self, *nodes: cst.CSTNode) -> Values:
        return NOTHING.union(*map(self.of, nodes))

    def _evaluate(self, node: cst.CSTNode) -> Values:
        found: Values = UNKNOWN
        match node:
            case cst.Name():
                found = self._name(node)
            case cst.Attribute():
                found = self._attribute(node)
            case cst.Call():
                found = self._call(node)
            case cst.Subscript():
                found = frozenset(item_of(value, node) for value in self.of(node.value))
            case cst.BooleanOperation():
                found = self._any(node.left, node.right)
            case cst.IfExp():
                found = self._any(node.body, node.orelse)
            case cst.NamedExpr():
                found = self.of(node.value)
            case cst.Await():
                found = self.of(node.expression)
            case cst.ListComp() | cst.GeneratorExp():
                found = frozenset(value.as_("runs") for value in self.of(node.elt) if value.what == "run") or OTHER
            case _ if isinstance(node, _OTHER_NODES):
                found = OTHER
        return found

    # Names

    def _name(self, node: cst.Name) -> Values:
        found = self._view.resolve(node)
        values = NOTHING.union(*map(imported, found.names)) if found is not None else NOTHING
        scope = self._view.scope(node)
        bound = scope[node.value] if scope is not None else set()
        for assignment in bound:
            if isinstance(assignment, Assignment) and not isinstance(assignment, ImportAssignment):
                values |= self._bound_to(assignment.node)
        return values if values or bound else UNKNOWN

    def _bound_to(self, target: cst.CSTNode) -> Values:
        """What a binding gives its name."""
        parent = self._view.parent(target)
        around = self._view.parent(parent) if parent is not None else None
        found: Values = UNKNOWN
        if isinstance(target, (cst.FunctionDef, cst.ClassDef)):
            found = OTHER
        elif isinstance(parent, cst.AssignTarget) and isinstance(around, cst.Assign):
            found = self.of(around.value)
        elif isinstance(parent, (cst.AnnAssign, cst.NamedExpr)):
            found = self.of(parent.value) if parent.value is not None else NOTHING
        elif isinstance(parent, cst.AsName) and isinstance(around, cst.WithItem):
            found = self.of(around.item)
        elif isinstance(parent, (cst.For, cst.CompFor)):
            found = self._element(parent.iter)
        elif isinstance(parent, cst.Element) and isinstance(around, (cst.Tuple, cst.List)):
            loop = self._view.parent(around)
            if isinstance(loop, (cst.For, cst.CompFor)):
                found = self._part(loop.iter, list(around.elements).index(parent))
        return found

    def _element(self, node: cst.BaseExpression) -> Values:
        """What a loop over an expression gives."""
        if isinstance(node, (cst.List, cst.Tuple)):
            return self._any(*(element.value for element in node.elements)) or UNKNOWN
        return frozenset(element_of(value) for value in self.of(node))

    def _part(self, iterable: cst.BaseExpression, index: int) -> Values:
        """What a loop over ``enumerate``, ``zip`` or the rows of a table gives the target at an index."""
        match iterable:
            case cst.Call(func=cst.Name(value="enumerate"), args=[first, *_]) if index == 1:
                return self._element(first.value)
            case cst.Call(func=cst.Name(value="zip"), args=arguments) if index < len(arguments):
                return self._element(arguments[index].value)
            case cst.Call(func=cst.Attribute(attr=cst.Name(value="iterrows"))) if index == 1:
                return self._element(iterable)
        return UNKNOWN

    # Attributes

    def _attribute(self, node: cst.Attribute) -> Values:
        name = node.attr.value
        if isinstance(node.value, cst.Name) and node.value.value == "self" and name in self._own:
            return self._any(*self._own[name])
        return frozenset(attribute_of(value, name) for value in self.of(node.value))

    @cached_property
    def _own(self) -> dict[str, list[cst.CSTNode]]:
        """What the module's classes give to their own attributes, properties and methods included."""
        found: defaultdict[str, list[cst.CSTNode]] = defaultdict(list)
        for assign in self._view.nodes(cst.Assign):
            for target in assign.targets:
                match target.target:
                    case cst.Attribute(value=cst.Name(value="self"), attr=cst.Name(value=name)):
                        found[name].append(assign.value)
        for function in self._view.nodes(cst.FunctionDef):
            if isinstance(self._view.enclosing(function, (cst.ClassDef, cst.FunctionDef)), cst.ClassDef):
                found[function.name.value] += self._returns.get(function, [function])
        return found

    @cached_property
    def _returns(self) -> dict[cst.CSTNode, list[cst.CSTNode]]:
        """What each function returns."""
        found: defaultdict[cst.CSTNode, list[cst.CSTNode]] = defaultdict(list)
        for statement in self._view.nodes(cst.Return):
            function = self._view.enclosing(statement, cst.FunctionDef)
            if function is not None and statement.value is not None:
                found[function].append(statement.value)
        return found

    # Calls

    def _call(self, node: cst.Call) -> Values:
        function = node.func
        resolved = self._view.resolve(function)
        names = resolved.names if resolved is not None else frozenset[str]()
        if any(name.startswith("wandb.") and name.endswith(".Api") for name in names):
            return frozenset({Value("api", "api")})
        called = function.attr.value if isinstance(function, cst.Attribute) else getattr(function, "value", "")
        first = self.of(node.args[0].value) if node.args else NOTHING
        held = frozenset(value for value in first if value.what in {"summary", "history", "runs"})
        if called in _KEEP and held:
            return held
        if "wandb.init" in names:
            return OWN_RUN
        if isinstance(function, cst.Attribute):
            keys = history_keys(node)
            bounded = keys is not None and self.texts(keys) is not None
            return frozenset(result_of(value, called, bounded=bounded) for value in self.of(function.value))
        return self._result_of_function(node, function, first) if isinstance(function, cst.Name) else UNKNOWN

    def _result_of_function(self, call: cst.Call, name: cst.Name, first: Values) -> Values:
        """What a builtin, or a function of the module, returns."""
        if name.value == "getattr" and len(call.args) > 1 and (attributes := self.texts(call.args[1].value)):
            return frozenset(attribute_of(value, attributes[0]) for value in first)
        if name.value in {"max", "min", "next"}:
            return frozenset(element_of(value) for value in first) or UNKNOWN
        if name.value == "filter" and len(call.args) > 1:
            return self.of(call.args[1].value)
        scope = self._view.scope(name)
        values = NOTHING
        for assignment in scope[name.value] if scope is not None else ():
            node = getattr(assignment, "node", None)
            if isinstance(node, cst.ClassDef):
                values |= OTHER
            elif isinstance(node, cst.FunctionDef):
                values |= self._any(*self._returns.get(node, ())) or UNKNOWN
            else:
                values |= FOREIGN if self.of(name) == FOREIGN else UNKNOWN
        return values or UNKNOWN
