"""The fit calls that a callback is passed to, their validation data, and the metrics of a module's models."""

from __future__ import annotations

import ast
import re

import libcst as cst

from ..documents.module import ModuleView

_FIT_METHODS = frozenset({"fit", "fit_generator"})
_POSITIONAL_BEFORE_VALIDATION = 6  # x, y, batch_size, epochs, verbose, callbacks


def is_fit(call: cst.CSTNode | None) -> bool:
    return isinstance(call, cst.Call) and isinstance(call.func, cst.Attribute) and call.func.attr.value in _FIT_METHODS


def is_append(call: cst.CSTNode | None) -> bool:
    """Whether a node is ``….append(one thing)``."""
    return (
        isinstance(call, cst.Call)
        and isinstance(call.func, cst.Attribute)
        and call.func.attr.value == "append"
        and len(call.args) == 1
    )


def outermost_list(view: ModuleView, node: cst.CSTNode) -> tuple[cst.CSTNode, cst.CSTNode | None]:
    """The whole list expression a callback is part of (``f() + [cb]``, ``[cb] if x else []``), and its parent."""
    parent = view.parent(node)
    while isinstance(parent, (cst.Element, cst.StarredElement, cst.List, cst.Tuple, cst.BinaryOperation)) or (
        isinstance(parent, cst.IfExp) and parent.test is not node
    ):
        node, parent = parent, view.parent(parent)
    return node, parent


def fit_calls_of(view: ModuleView, node: cst.CSTNode, depth: int = 0) -> list[cst.Call] | None:
    """The fit calls that get the callback ``node``; None if that cannot be seen."""
    _, parent = outermost_list(view, node)
    if isinstance(parent, cst.Arg):
        call = view.parent(parent)
        if isinstance(call, cst.Call) and is_fit(call) and parent.keyword is not None:
            return [call] if parent.keyword.value == "callbacks" else None
        if isinstance(call, cst.Call) and isinstance(call.func, cst.Attribute) and call.func.attr.value == "append":
            return _fit_calls_through(view, call.func.value, depth)
        return None
    target: cst.BaseExpression | None = None
    if isinstance(parent, cst.Assign) and len(parent.targets) == 1:
        target = parent.targets[0].target
    elif isinstance(parent, (cst.AnnAssign, cst.AugAssign)):
        target = parent.target
    return _fit_calls_through(view, target, depth) if target is not None else None


def _fit_calls_through(view: ModuleView, variable: cst.BaseExpression, depth: int) -> list[cst.Call] | None:
    """The fit calls that get a variable, or a list it is put into."""
    if not isinstance(variable, cst.Name) or depth > 3:
        return None
    scope = view.scope(variable)
    if scope is None:
        return None
    bound = scope[variable.value]
    found: list[cst.Call] = []
    for load in view.loads(variable.value):
        load_scope = view.scope(load)
        if load is variable or load_scope is None or not (load_scope[variable.value] & bound):
            continue
        parent = view.parent(load)
        if isinstance(parent, (cst.AssignTarget, cst.AnnAssign, cst.AugAssign)):
            continue
        if isinstance(parent, cst.Attribute):
            if parent.attr.value in {"append", "extend", "insert"}:
                continue
            return None
        reached = fit_calls_of(view, load, depth + 1)
        if reached is None:
            return None
        found += [call for call in reached if call not in found]
    return found


def has_validation_data(view: ModuleView, fit: cst.Call) -> bool | None:
    """Whether a fit call has validation data in every epoch; None if that cannot be told from the text."""
    found: bool | None = False
    positional = 0
    for argument in fit.args:
        if argument.star:
            return None
        if argument.keyword is None:
            positional += 1
            continue
        name, code = argument.keyword.value, view.code(argument.value)
        if name == "validation_data":
            if isinstance(argument.value, cst.IfExp):
                return None
            found = found or code != "None"
        elif name == "validation_split":
            try:
                found = found or float(ast.literal_eval(code)) > 0
            except (ValueError, SyntaxError, TypeError):
                return None
        elif name == "validation_freq" and code != "1":
            return None
    return None if positional > _POSITIONAL_BEFORE_VALIDATION else found


def metric_names(view: ModuleView) -> list[str]:
    """Names of the metrics that ``compile`` calls in the module ask for, as Keras logs them, where they can be told."""
    names: list[str] = []
    for call in view.nodes(cst.Call):
        if not isinstance(call.func, cst.Attribute) or call.func.attr.value != "compile":
            continue
        for argument in call.args:
            if argument.keyword is None or argument.keyword.value != "metrics":
                continue
            if isinstance(argument.value, (cst.List, cst.Tuple)):
                found = [_metric_name(view, element.value) for element in argument.value.elements]
                names += filter(None, found)
    return list(dict.fromkeys(names))


def _metric_name(view: ModuleView, node: cst.BaseExpression) -> str:
    if isinstance(node, cst.SimpleString):
        value = ast.literal_eval(view.code(node))
        return value if isinstance(value, str) else ""
    if not isinstance(node, cst.Call):
        return ""
    for argument in node.args:
        if (
            argument.keyword is not None
            and argument.keyword.value == "name"
            and isinstance(argument.value, cst.SimpleString)
        ):
            return str(ast.literal_eval(view.code(argument.value)))
    name = view.code(node.func).rpartition(".")[2]
    snake = re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", snake).lower()
