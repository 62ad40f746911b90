"""Expressions that move to new calls: each is still evaluated once, and in the same order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import libcst as cst

from ..documents.module import ModuleView
from .arguments import UNKNOWN, Argument, Refusal
from .capabilities import NewArgument, NewCallback

_RUNNING_CODE = (cst.Call, cst.ListComp, cst.SetComp, cst.DictComp, cst.GeneratorExp)
_BINDING_OR_WAITING = (cst.NamedExpr, cst.Await, cst.Yield)
_SCOPES = (
    cst.FunctionDef, cst.ClassDef, cst.Lambda, cst.ListComp, cst.SetComp, cst.DictComp, cst.GeneratorExp
)  # fmt: skip


def keep_evaluation_order(
    view: ModuleView, call: cst.Call, given: Sequence[Argument], callbacks: Sequence[NewCallback]
) -> list[NewCallback]:
    """The callbacks, where an expression that two of them need is bound to a name at its first use.

    Names, attributes, literals and tuples of them are written twice; what calls, computes or selects is evaluated
    once, as ``(name := expression)``.

    Raises:
        Refusal: an expression would be evaluated at another time, or not at all though that does something.
    """
    uses = [carried.origin for callback in callbacks for carried in callback.arguments if carried.origin is not None]
    for argument in given:
        _check(argument, dropped=argument not in uses)
    active = [argument for argument in dict.fromkeys(uses) if _contains(argument.node, _RUNNING_CODE)]
    for before, after in pairwise(active):
        if before.position > after.position:
            raise Refusal(f"{before.name} would be evaluated before {after.name}; give their values names first")
    names = {
        argument: _free_name(view, call, argument)
        for argument in dict.fromkeys(uses)
        if uses.count(argument) > 1 and not _may_be_repeated(argument)
    }
    bound: set[Argument] = set()
    result: list[NewCallback] = []
    for callback in callbacks:
        carried: list[NewArgument] = []
        for item in callback.arguments:
            name = names.get(item.origin) if item.origin is not None else None
            if name is None or item.origin is None:
                carried.append(item)
                continue
            carried.append(replace(item, code=name if item.origin in bound else f"({name} := {item.code})"))
            bound.add(item.origin)
        result.append(replace(callback, arguments=tuple(carried)))
    return result


def _check(argument: Argument, *, dropped: bool) -> None:
    if _contains(argument.node, _BINDING_OR_WAITING):
        raise Refusal(f"the value of {argument.name} binds a name or waits when it is evaluated: {argument.code}")
    if dropped and argument.value is UNKNOWN and any(_is_next(node) for node in _evaluated_nodes(argument.node)):
        raise Refusal(
            f"{argument.name} had no effect, but its value does something when it is evaluated: {argument.code}"
        )


def _is_next(node: cst.CSTNode) -> bool:
    """Whether a node takes the next item of an iterator, which the rest of the program would miss or get."""
    if not isinstance(node, cst.Call):
        return False
    name = node.func.attr if isinstance(node.func, cst.Attribute) else node.func
    return isinstance(name, cst.Name) and name.value in {"next", "__next__"}


def _evaluated_nodes(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """A node and the nodes below it, the bodies of lambdas left out: they run later."""
    yield node
    if not isinstance(node, cst.Lambda):
        for child in node.children:
            yield from _evaluated_nodes(child)


def _contains(node: cst.CSTNode, kinds: tuple[type[cst.CSTNode], ...]) -> bool:
    return any(isinstance(found, kinds) for found in _evaluated_nodes(node))


def _may_be_repeated(argument: Argument) -> bool:
    return argument.value is not UNKNOWN or _is_repeatable(argument.node)


def _is_repeatable(node: cst.BaseExpression) -> bool:
    if isinstance(node, (cst.Tuple, cst.List)):
        return all(isinstance(item, cst.Element) and _is_repeatable(item.value) for item in node.elements)
    if isinstance(node, cst.Attribute):
        return _is_repeatable(node.value)
    return isinstance(node, (cst.Name, cst.SimpleString, cst.BaseNumber))


def _free_name(view: ModuleView, call: cst.Call, argument: Argument) -> str:
    """A name for a value that is used twice.

    Raises:
        Refusal: there is no free one, or a name bound here would not be what it seems.
    """
    scope = view.enclosing(call, _SCOPES)
    if scope is not None and not isinstance(scope, cst.FunctionDef):
        raise Refusal(f"{argument.name} is needed twice; give its value a name first: {argument.code}")
    taken = {node.value for node in view.nodes(cst.Name) if not _is_keyword(view, node)}
    for name in (argument.name, f"wandb_{argument.name}"):
        if name not in taken:
            return name
    raise Refusal(f"{argument.name} is needed twice, and no name is free for its value: {argument.code}")


def _is_keyword(view: ModuleView, node: cst.Name) -> bool:
    parent = view.parent(node)
    return (isinstance(parent, cst.Arg) and parent.keyword is node) or (
        isinstance(parent, cst.Attribute) and parent.attr is node
    )
