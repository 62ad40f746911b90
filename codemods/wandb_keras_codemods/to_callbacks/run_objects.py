"""W&B's objects as a reader of runs meets them, and what their attributes, methods, items and elements are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import libcst as cst

What = Literal[
    "wandb",
    "api",
    "run",
    "runs",
    "sweep",
    "summary",
    "history",
    "row",
    "columns",
    "locator",
    "unknown",
    "foreign",
    "other",
]
Origin = Literal["process", "api", "unknown"]


@dataclass(frozen=True)
class Value:
    """Something of W&B's: what, and whether it is of the program's own run, came by the API, or may be anything."""

    what: What
    origin: Origin = "unknown"
    bounded: bool = False
    """Whether the program asked for the keys of a history by name, so that it holds no other."""

    def as_(self, what: What) -> Value:
        """Another thing that comes from this one."""
        return replace(self, what=what)


Values = frozenset[Value]

NOTHING: Values = frozenset()
UNKNOWN: Values = frozenset({Value("unknown")})
FOREIGN: Values = frozenset({Value("foreign")})
OTHER: Values = frozenset({Value("other")})
OWN_RUN: Values = frozenset({Value("run", "process")})

TABLE_METHODS = frozenset(
    {"copy", "dropna", "fillna", "head", "tail", "sort_values", "reset_index", "set_index", "drop_duplicates", "ffill",
     "bfill", "infer_objects", "sample", "filter", "to_dict", "iterrows", "itertuples"}
)  # fmt: skip
"""Methods of a history's table that give a table, or rows, with the same columns."""

_ATTRIBUTES: Mapping[tuple[What, str], What] = {
    ("wandb", "run"): "run", ("wandb", "summary"): "summary",
    ("run", "summary"): "summary", ("run", "summary_metrics"): "summary",
    ("unknown", "summary"): "summary", ("unknown", "summary_metrics"): "summary",
    ("summary", "_json_dict"): "summary",
    ("sweep", "runs"): "runs",
    ("history", "loc"): "locator", ("history", "iloc"): "locator", ("history", "at"): "locator",
    ("history", "columns"): "columns",
}  # fmt: skip
_RESULTS: Mapping[tuple[What, str], What] = {
    ("wandb", "init"): "run",
    ("api", "run"): "run", ("api", "from_path"): "run", ("api", "runs"): "runs", ("api", "sweep"): "sweep",
    ("sweep", "best_run"): "run",
    ("run", "history"): "history", ("unknown", "history"): "history",
    ("summary", "copy"): "summary",
    **{("history", method): "history" for method in TABLE_METHODS},
}  # fmt: skip
_ELEMENTS: Mapping[What, What] = {"runs": "run", "history": "row"}

_FOREIGN = frozenset(
    {"argparse", "datetime", "json", "keras", "logging", "matplotlib", "mlflow", "os", "pandas", "pathlib", "re", "sys",
     "tensorboard", "tensorboardX", "tensorflow", "tf_keras", "time", "torch", "yfinance"}
)  # fmt: skip
"""Packages of which nothing is a run, nor comes by one that is given to them; what others return may be one."""


def history_keys(call: cst.Call) -> cst.BaseExpression | None:
    """The keys that ``run.history`` or ``scan_history`` is asked for; None if it gives all there are."""
    method = call.func.attr.value if isinstance(call.func, cst.Attribute) else ""
    place = {"scan_history": 0, "history": 1}.get(method)
    if place is None:
        return None
    named = {argument.keyword.value: argument.value for argument in call.args if argument.keyword is not None}
    positional = [argument.value for argument in call.args if argument.keyword is None and not argument.star]
    found = named.get("keys", positional[place] if place < len(positional) else None)
    return None if isinstance(found, cst.Name) and found.value == "None" else found


def imported(name: str) -> Values:
    module, _, rest = name.partition(".")
    if module != "wandb":
        return FOREIGN if module in _FOREIGN else UNKNOWN
    value = Value("wandb", "process")
    for attribute in filter(None, rest.split(".")):
        value = attribute_of(value, attribute)
    return frozenset({value})


def attribute_of(value: Value, name: str) -> Value:
    what = _ATTRIBUTES.get((value.what, name))
    if what is not None:
        return value.as_(what)
    return value if value.what in {"unknown", "foreign"} else Value("other")


def result_of(value: Value, method: str, *, bounded: bool) -> Value:
    """What a method returns."""
    if method == "scan_history":  # nobody else's has this name
        return Value("history", "api", bounded)
    what = _RESULTS.get((value.what, method))
    if what is not None:
        return replace(value, what=what, bounded=bounded or value.bounded)
    return _of_unknown(value)


def _of_unknown(value: Value) -> Value:
    """What comes from something without known parts: a container of the program's own may hold runs."""
    if value.what in {"unknown", "other"}:
        return Value("unknown")
    return value if value.what == "foreign" else Value("other")


def element_of(value: Value) -> Value:
    what = _ELEMENTS.get(value.what)
    if what is not None:
        return value.as_(what)
    return _of_unknown(value)


def item_of(value: Value, node: cst.Subscript) -> Value:
    """What ``value[…]`` is. The items of an unknown container may be runs."""
    index = node.slice[0].slice if len(node.slice) == 1 else None
    inner = index.value if isinstance(index, cst.Index) else None
    what = _of_unknown(value).what
    if value.what == "locator":
        what = "row"
    elif value.what in _ELEMENTS and isinstance(index, cst.Slice):
        what = value.what
    elif value.what == "runs" or (value.what == "history" and isinstance(inner, (cst.Integer, cst.UnaryOperation))):
        what = _ELEMENTS[value.what]
    elif isinstance(inner, (cst.List, cst.Comparison, cst.BinaryOperation, cst.Call)) and value.what == "history":
        what = "history"
    return value.as_(what)
