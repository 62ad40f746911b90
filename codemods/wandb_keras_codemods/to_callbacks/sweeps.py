"""Finding the metric a W&B sweep optimises, in Python and in YAML."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import libcst as cst

from ..documents.module import ModuleView
from ..documents.yaml import Scalar, YamlDocument

_SWEEP_KEYS = frozenset({"method", "parameters", "program", "early_terminate"})
"""What stands beside ``metric`` at the top of a sweep's configuration."""
_METRIC_OR_GOAL = re.compile(rb"[\"']metric[\"']|[\"']goal[\"']|\bgoal\s*=")


def may_be_sweep(data: bytes) -> bool:
    """Whether a Python file could configure a sweep, from its bytes."""
    return _METRIC_OR_GOAL.search(data) is not None


def may_be_yaml_sweep(data: bytes) -> bool:
    """Whether a YAML file could configure a sweep, from its bytes."""
    return b"metric" in data and b"name" in data


def sweep_metrics(view: ModuleView) -> Iterator[tuple[cst.BaseExpression, str | None]]:
    """The expressions that name sweep metrics, with the name if it is a literal; ignored lines left out."""
    return ((node, name) for node, name in _sweep_metrics(view) if not view.ignored(node))


def _sweep_metrics(view: ModuleView) -> Iterator[tuple[cst.BaseExpression, str | None]]:
    seen: set[int] = set()
    for node in view.nodes(cst.Dict):
        entries = {
            key: item.value for item in node.elements if isinstance(item, cst.DictElement) and (key := _text(item.key))
        }
        metric = entries.get("metric")
        found = [entries] if "name" in entries and _text(entries.get("goal")) in {"minimize", "maximize"} else []
        if isinstance(metric, cst.Dict) and _SWEEP_KEYS & entries.keys():
            found.append(
                {
                    key: item.value
                    for item in metric.elements
                    if isinstance(item, cst.DictElement) and (key := _text(item.key))
                }
            )
        for entry in found:
            name = entry.get("name")
            if name is not None and id(name) not in seen:
                seen.add(id(name))
                yield name, _text(name)
    for call in view.nodes(cst.Call):
        if isinstance(call.func, cst.Name) and call.func.value == "dict":
            arguments = {
                argument.keyword.value: argument.value for argument in call.args if argument.keyword is not None
            }
            if "name" in arguments and _text(arguments.get("goal")) in {"minimize", "maximize"}:
                yield arguments["name"], _text(arguments["name"])
    for assign in view.nodes(cst.Assign):
        if any(_path(target.target)[-2:] == ["metric", "name"] for target in assign.targets):
            yield assign.value, _text(assign.value)


def _path(node: cst.BaseExpression) -> list[str | None]:
    """The literal keys of ``x["a"]["b"]``."""
    keys: list[str | None] = []
    while isinstance(node, cst.Subscript) and len(node.slice) == 1:
        index = node.slice[0].slice
        keys.append(_text(index.value) if isinstance(index, cst.Index) else None)
        node = node.value
    return keys[::-1]


def _text(node: cst.BaseExpression | None) -> str | None:
    if not isinstance(node, cst.SimpleString):
        return None
    value = ast.literal_eval(node.value)
    return value if isinstance(value, str) else None


def yaml_sweep_metrics(document: YamlDocument) -> Iterator[Scalar]:
    """``metric.name`` of every document that is a sweep configuration."""
    for scalars in document.documents():
        tops = {path[0] for path in scalars if path}
        name = scalars.get(("metric", "name"))
        if name is not None and tops & _SWEEP_KEYS and not document.ignored(name):
            yield name


def yaml_sweep_settings(document: YamlDocument, setting: str) -> set[str]:
    """The values of a setting at the top of the documents that are sweep configurations."""
    found: set[str] = set()
    for scalars in document.documents():
        if {path[0] for path in scalars if path} & _SWEEP_KEYS and (value := scalars.get((setting,))) is not None:
            found.add(value.value)
    return found
