"""Which W&B projects a module names: where its runs go, and whose runs it reads."""

from __future__ import annotations

import re

import libcst as cst

from ..documents.module import ModuleView
from .project import FileFacts
from .run_values import RunValues

_VARIABLE = "WANDB_PROJECT"
_SETTING_LINE = re.compile(rf"^[ \t]*[%!][^\n]*\b{_VARIABLE}[ =]+[\"']?([\w.-]+)", re.MULTILINE)
_PROJECT_PLACE = {"sweep": 2, "agent": 3, "init": -1}
"""Where W&B's functions take the project as a positional argument; -1: nowhere."""
_PATH_END = {"runs": 1, "run": 2, "sweep": 2, "from_path": 2}
"""How many parts from the end of an API path its project stands, entity and id around it."""
_COMPUTED = "\0"


def add_projects(view: ModuleView, values: RunValues, facts: FileFacts) -> None:
    """Add the projects of a module's code."""
    for call in view.nodes(cst.Call):
        _call(view, values, call, facts)
    for assign in view.nodes(cst.Assign):
        for target in assign.targets:
            match target.target:
                case cst.Subscript(slice=[cst.SubscriptElement(slice=cst.Index(value=key))]):
                    if values.texts(key) == [_VARIABLE]:
                        facts.projects |= set(values.texts(assign.value) or ())
    for item in view.nodes(cst.DictElement):
        if values.texts(item.key) == [_VARIABLE]:
            facts.projects |= set(values.texts(item.value) or ())


def projects_set_by(cell: str) -> list[tuple[int, str]]:
    """Offset and name of the projects that the magic lines of a cell set."""
    return [(match.start(), match[1]) for match in _SETTING_LINE.finditer(cell)]


def _call(view: ModuleView, values: RunValues, call: cst.Call, facts: FileFacts) -> None:
    named = {argument.keyword.value: argument.value for argument in call.args if argument.keyword is not None}
    positional = [argument.value for argument in call.args if argument.keyword is None and not argument.star]
    found = view.resolve(call.func)
    ours = found is not None and any(name.startswith("wandb.") for name in found.names)
    if ours and "project" in named:
        facts.projects |= set(values.texts(named["project"]) or ())
    if ours and isinstance(overrides := named.get("overrides"), cst.Dict):
        for item in overrides.elements:
            if isinstance(item, cst.DictElement) and values.texts(item.key) == ["project"]:
                facts.projects |= set(values.texts(item.value) or ())
    if "run_path" in named:
        facts.projects |= set(_projects_of(values, named["run_path"], 2) or ())
    if not isinstance(call.func, cst.Attribute):
        return
    method, owners = call.func.attr.value, {value.what for value in values.of(call.func.value)}
    if method in {"setdefault", "putenv"} and len(positional) > 1 and values.texts(positional[0]) == [_VARIABLE]:
        facts.projects |= set(values.texts(positional[1]) or ())
    if "wandb" in owners and method in _PROJECT_PLACE:
        place = _PROJECT_PLACE[method]
        if 0 <= place < len(positional):
            facts.projects |= set(values.texts(positional[place]) or ())
        if method == "agent" and positional:
            facts.projects |= set(_projects_of(values, positional[0], 2) or ())
    if "api" in owners and method in _PATH_END:
        path = named.get("path", positional[0] if positional else None)
        projects = _projects_of(values, path, _PATH_END[method])
        facts.projects |= set(projects or ())
        facts.computed_projects = facts.computed_projects or not projects


def _projects_of(values: RunValues, path: cst.BaseExpression | None, end: int) -> list[str] | None:
    """The projects in an API path, whose other parts may be computed; None if the project is."""
    texts = values.texts(path)
    if texts is None and path is not None:
        texts = [_template(values, path)]
    if texts is None:
        return None
    parts = [[part for part in text.strip("/").split("/") if part != "runs"] for text in texts]
    if any(len(part) < end for part in parts):
        return None  # only an id: the project is a setting
    found = [part[-end] for part in parts]
    return None if any(_COMPUTED in name for name in found) else found


def _template(values: RunValues, node: cst.CSTNode) -> str:
    """A text with a mark for each part that only the running program knows."""
    known = values.texts(node)
    found = known[0] if known is not None and len(known) == 1 else _COMPUTED
    match node:
        case cst.FormattedString(parts=parts):
            found = "".join(_template(values, part) for part in parts)
        case cst.FormattedStringText(value=text):
            found = text
        case cst.FormattedStringExpression(expression=expression):
            found = _template(values, expression)
        case cst.BinaryOperation(operator=cst.Add(), left=left, right=right):
            found = _template(values, left) + _template(values, right)
        case cst.BinaryOperation(operator=cst.Modulo(), left=left):
            found = re.sub(r"%\w", _COMPUTED, _template(values, left))
        case cst.Call(func=cst.Attribute(attr=cst.Name(value="format"), value=text)):
            found = re.sub(r"\{[^{}]*\}", _COMPUTED, _template(values, text))
    return found
