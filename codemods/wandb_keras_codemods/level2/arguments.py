"""The legacy constructor, argument by argument: which have a successor, which never had an effect, which have none."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Any

import libcst as cst

from ..view import ModuleView

DEFAULTS: dict[str, Any] = {
    "monitor": "val_loss", "verbose": 0, "mode": "auto", "save_weights_only": False, "log_weights": False,
    "log_gradients": False, "save_model": True, "training_data": None, "validation_data": None, "labels": None,
    "predictions": 36, "generator": None, "input_type": None, "output_type": None, "log_evaluation": False,
    "validation_steps": None, "class_colors": None, "log_batch_frequency": None, "log_best_prefix": "best_",
    "save_graph": True, "validation_indexes": None, "validation_row_processor": None,
    "prediction_row_processor": None, "infer_missing_processors": True, "log_evaluation_frequency": 0,
    "compute_flops": False,
}  # fmt: skip
"""In the order of the signature."""

_IMAGES = frozenset({"image", "images", "segmentation_mask", "auto"})
_SWITCHES = {
    "log_weights": "logs weight histograms",
    "log_gradients": "logs gradient histograms",
    "log_evaluation": "logs evaluation tables",
    "compute_flops": "counts FLOPs",
}
_ONLY_WITH = {
    "training_data": "log_gradients", "log_evaluation_frequency": "log_evaluation",
    "validation_indexes": "log_evaluation", "validation_row_processor": "log_evaluation",
    "prediction_row_processor": "log_evaluation", "infer_missing_processors": "log_evaluation",
    "labels": "images or log_evaluation", "predictions": "images", "validation_data": "images or log_evaluation",
    "generator": "images or log_evaluation", "validation_steps": "images or log_evaluation", "class_colors": "images",
}  # fmt: skip
_PASTED = 8
"""From this many arguments at their default on, a call is the signature pasted from the documentation."""


class Refusal(Exception):
    """A call that stays as it is, and why."""


class _Unknown:
    """A value that only the running program has."""


UNKNOWN = _Unknown()


@dataclass
class Wanted:
    """What a legacy call asks for, in terms of the newer callbacks."""

    monitor: str = "val_loss"
    mode: str = "min"
    save_model: bool = True
    save_weights_only: bool = False
    verbose: str = ""
    log_freq: int | None = None
    notes: list[str] = field(default_factory=list)


def wanted(view: ModuleView, call: cst.Call) -> Wanted:
    """Read a call.

    Raises:
        Refusal: it uses a capability the newer callbacks lack, or a value that cannot be told from the text.
    """
    start, end = view.span(call)
    if any(start < view.start(comment) < end for comment in view.nodes(cst.Comment)):
        raise Refusal("a comment inside the call would be lost")
    given = _given(call)
    values = {name: _literal(view, node) for name, node in given.items()}
    asked = _without_defaults(values)
    _refuse_capabilities(asked)
    result = Wanted(notes=_dropped(view, asked, given))
    result.save_model = _flag(asked, "save_model", default=True)
    if isinstance(asked.get("save_model"), str):
        result.notes.append(
            f"save_model={asked['save_model']!r} is a string and so counts as True; False was meant, perhaps"
        )
    result.save_weights_only = _flag(asked, "save_weights_only", default=False)
    if "log_batch_frequency" in asked:
        result.log_freq = _frequency(asked["log_batch_frequency"])
    _read_monitor(result, asked)
    if "verbose" in asked and result.save_model:
        result.verbose = view.code(given["verbose"])
    return result


def _given(call: cst.Call) -> dict[str, cst.BaseExpression]:
    names = list(DEFAULTS)
    given: dict[str, cst.BaseExpression] = {}
    for index, argument in enumerate(call.args):
        if argument.star:
            raise Refusal(f"its arguments come from {argument.star}, so they cannot be read here")
        name = argument.keyword.value if argument.keyword is not None else names[index] if index < len(names) else "?"
        name = "input_type" if name == "data_type" else name
        if name not in DEFAULTS:
            raise Refusal(f"it has an argument {name!r} that the legacy class silently swallowed")
        given[name] = argument.value
    return given


def _literal(view: ModuleView, node: cst.BaseExpression) -> Any:
    try:
        return ast.literal_eval(view.code(node))
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        return UNKNOWN


def _without_defaults(values: dict[str, Any]) -> dict[str, Any]:
    def is_default(name: str, value: Any) -> bool:
        default = DEFAULTS[name]
        return value is not UNKNOWN and value == default and type(value) is type(default)

    at_default = sum(is_default(name, value) for name, value in values.items())
    if values.get("save_graph") is True and at_default < _PASTED:
        raise Refusal("it asks for the model graph (save_graph=True), which the newer callbacks do not log")
    return {name: value for name, value in values.items() if not is_default(name, value)}


def _refuse_capabilities(asked: dict[str, Any]) -> None:
    for name, what in _SWITCHES.items():
        if name in asked and asked[name] is UNKNOWN:
            raise Refusal(f"whether it {what} ({name}) is only known when it runs")
        if asked.get(name):
            raise Refusal(f"it {what} ({name}), which the newer callbacks do not")
    for name in ("input_type", "output_type"):
        if name in asked and asked[name] is UNKNOWN:
            raise Refusal(f"whether it logs images ({name}) is only known when it runs")
        if isinstance(asked.get(name), str) and asked[name] in _IMAGES:
            where = "see the README of the codemods"
            raise Refusal(
                f"it logs images ({name}={asked[name]!r}), which takes a WandbEvalCallback of your own: {where}"
            )
    if "log_best_prefix" in asked:
        raise Refusal("it sets log_best_prefix, and the newer callbacks write no best value to the summary")


def _dropped(view: ModuleView, asked: dict[str, Any], given: dict[str, cst.BaseExpression]) -> list[str]:
    """Say which arguments go because they had no effect in this combination; refuse if evaluating them has one."""
    names = [name for name in asked if name in _ONLY_WITH or name in {"input_type", "output_type"}]
    for name in names:
        code = view.code(given[name])
        if any(word in code for word in ("next(", "await ", ":=", "yield")):
            raise Refusal(f"{name} had no effect, but its value does something when it is evaluated: {code}")
    if not names:
        return []
    return [f"{', '.join(names)} had no effect in this combination and went"]


def _flag(asked: dict[str, Any], name: str, *, default: bool) -> bool:
    if name not in asked:
        return default
    if asked[name] is UNKNOWN:
        raise Refusal(f"the value of {name} is only known when it runs")
    return bool(asked[name])


def _frequency(value: Any) -> int | None:
    if value is UNKNOWN:
        raise Refusal("the value of log_batch_frequency is only known when it runs")
    if not isinstance(value, int) or value < 0:
        raise Refusal(f"log_batch_frequency={value!r} has no counterpart")
    return value or None  # 0 meant: never


def _read_monitor(result: Wanted, asked: dict[str, Any]) -> None:
    monitor, mode = asked.get("monitor", "val_loss"), asked.get("mode", "auto")
    if not isinstance(monitor, str) or not isinstance(mode, str):
        if result.save_model:
            raise Refusal("monitor or mode is only known when it runs")
        monitor, mode = "val_loss" if not isinstance(monitor, str) else monitor, "auto"
    result.monitor = monitor
    if mode not in {"min", "max"}:
        mode = "max" if "acc" in monitor or monitor.startswith("fmeasure") else "min"
    result.mode = mode
