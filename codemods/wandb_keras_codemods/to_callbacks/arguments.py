"""Reading a call of the legacy constructor: each argument by name, with its text and, if it is a literal, its value."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

import libcst as cst

from ..documents.module import ModuleView
from ..documents.positions import line_start
from .project import KEYS, Keys

DEFAULTS: dict[str, str | int | None] = {
    "monitor": "val_loss", "verbose": 0, "mode": "auto", "save_weights_only": False, "log_weights": False,
    "log_gradients": False, "save_model": True, "training_data": None, "validation_data": None, "labels": None,
    "predictions": 36, "generator": None, "input_type": None, "output_type": None, "log_evaluation": False,
    "validation_steps": None, "class_colors": None, "log_batch_frequency": None, "log_best_prefix": "best_",
    "save_graph": True, "validation_indexes": None, "validation_row_processor": None,
    "prediction_row_processor": None, "infer_missing_processors": True, "log_evaluation_frequency": 0,
    "compute_flops": False,
}  # fmt: skip
"""In the order of the signature."""

_EFFECTS = {
    "log_weights": "logs weight histograms",
    "log_gradients": "logs gradient histograms",
    "log_evaluation": "logs evaluation tables",
    "compute_flops": "counts FLOPs",
    "save_graph": "logs the model graph",
    "save_model": "saves the model",
}
"""What each switch does that adds or drops a whole callback, and so must be known to be on or off."""
_PASTED_SIGNATURE = 8
"""A call with this many arguments at their default is taken for the signature, pasted from the documentation."""


class Refusal(Exception):
    """A call cannot be rewritten; the message is the reason."""


class _Unknown:
    """The type of :data:`UNKNOWN`, the value of an expression that is no literal."""


UNKNOWN = _Unknown()


@dataclass(frozen=True, eq=False)
class Argument:
    """One argument of a legacy call. Compared by identity."""

    name: str
    """What the legacy signature calls it."""
    node: cst.BaseExpression
    code: str
    """As written, parentheses included."""
    value: object
    """``UNKNOWN`` if it is no literal."""
    position: int
    """Its place in the call, and so in the order of evaluation."""


@dataclass(frozen=True)
class LegacyCall:
    """The arguments of a legacy call."""

    given: dict[str, Argument]
    """Arguments that are not at their default, in the order of the call."""
    explicit: frozenset[str]
    """Names of arguments written out at their default, unless the whole signature was pasted."""
    keys: Keys | None = None
    """``keys=``, which this package's class has and the legacy one had not."""
    notes: tuple[str, ...] = field(default=())
    comments: tuple[str, ...] = ()
    """The comments between the arguments, each with the arguments on its line."""

    def value(self, name: str) -> object:
        """The literal value, the default, or ``UNKNOWN``."""
        return self.given[name].value if name in self.given else DEFAULTS[name]

    def is_on(self, name: str) -> bool:
        """Whether a switch is on.

        Raises:
            Refusal: that is only known when the program runs.
        """
        if self.value(name) is UNKNOWN:
            raise Refusal(f"whether it {_EFFECTS[name]} ({name}) is only known when it runs")
        return bool(self.value(name))


def read_legacy_call(view: ModuleView, call: cst.Call) -> LegacyCall:
    """Read a call.

    Raises:
        Refusal: it cannot be read from the text, or text of it would be lost.
    """
    comments = tuple(_comments(view, call))
    found = _arguments(view, call)
    keys = found.pop("keys", None)
    asked_keys = next((key for key in KEYS if keys is not None and keys.value == key), None)
    if keys is not None and asked_keys is None:
        raise Refusal("what keys= says is only known when it runs")
    at_default = {name for name, argument in found.items() if _is_default(argument)}
    given = {name: argument for name, argument in found.items() if name not in at_default}
    notes = []
    if isinstance(found["save_model"].value if "save_model" in found else None, str):
        text = found["save_model"].code
        notes.append(f"save_model={text} is a string and so counts as {bool(given['save_model'].value)}; "
                     "False was meant, perhaps")  # fmt: skip
    return LegacyCall(
        given,
        frozenset(at_default) if len(at_default) < _PASTED_SIGNATURE else frozenset(),
        asked_keys,
        tuple(notes),
        comments,
    )


def _comments(view: ModuleView, call: cst.Call) -> Iterator[str]:
    start, end = view.span(call)
    values = [source_span(view, argument.value) for argument in call.args]
    for comment in view.nodes(cst.Comment):
        place = view.start(comment)
        if not start < place < end:
            continue
        if any(first < place < last for first, last in values):
            raise Refusal("a comment inside the value of an argument might be lost")
        line = line_start(view.text, place)
        beside = [argument for argument in call.args if line <= view.start(argument) < place]
        yield f"# {view.text[view.start(beside[0]) : place]}{comment.value}" if beside else comment.value


def _arguments(view: ModuleView, call: cst.Call) -> dict[str, Argument]:
    names = list(DEFAULTS)
    found: dict[str, Argument] = {}
    for index, argument in enumerate(call.args):
        if argument.star:
            raise Refusal(f"its arguments come from {argument.star}, so they cannot be read here")
        name = argument.keyword.value if argument.keyword is not None else names[index] if index < len(names) else "?"
        if name not in DEFAULTS and name not in {"data_type", "keys"}:
            raise Refusal(f"it has an argument {name!r} that the legacy class silently swallowed")
        code = source(view, argument.value)
        found[name] = Argument(name, argument.value, code, literal(code), index)
    if "data_type" in found:
        old = found.pop("data_type")
        if old.value is UNKNOWN and "input_type" in found:
            raise Refusal("whether data_type or input_type counts is only known when it runs")
        if old.value is not None or "input_type" not in found:
            found["input_type"] = Argument("input_type", old.node, old.code, old.value, old.position)
    return dict(sorted(found.items(), key=lambda item: item[1].position))


def source(view: ModuleView, node: cst.BaseExpression) -> str:
    """An expression as written, with the parentheses around it (which spans leave out)."""
    start, end = source_span(view, node)
    text = view.text[start:end]
    return f"({text})" if isinstance(node, cst.GeneratorExp) and not node.lpar else text


def source_span(view: ModuleView, node: cst.BaseExpression) -> tuple[int, int]:
    """Start and end of an expression, with the parentheses around it."""
    start, end = view.span(node)
    for _ in node.lpar:
        start = view.text.rindex("(", 0, start)
    for _ in node.rpar:
        end = view.text.index(")", end) + 1
    return start, end


def literal(code: str) -> object:
    try:
        return ast.literal_eval(code)
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        return UNKNOWN


def _is_default(argument: Argument) -> bool:
    default = DEFAULTS[argument.name]
    return argument.value is not UNKNOWN and argument.value == default and type(argument.value) is type(default)
