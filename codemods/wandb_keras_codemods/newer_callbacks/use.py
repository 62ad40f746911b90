"""One use of a newer callback in a program: what it is called with, as far as the text tells."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

import libcst as cst

from ..documents.module import ModuleView, dotted_text
from ..names import CHECKPOINT, EVAL, METRICS
from ..to_callbacks.arguments import literal, source

SIGNATURES: Mapping[str, tuple[str, ...]] = {
    METRICS: ("log_freq", "initial_global_step"),
    CHECKPOINT: (
        "filepath", "monitor", "verbose", "save_best_only", "save_weights_only", "mode", "save_freq", "options",
        "initial_value_threshold",
    ),
    EVAL: ("data_table_columns", "pred_table_columns"),
}  # fmt: skip
"""The arguments of W&B's own classes, in order, as of wandb 0.18 to 0.31."""

_JOINS = frozenset({"os.path.join", "path.join", "join", "osp.join", "str", "os.fspath"})
"""Calls whose result ends as their last argument does; by how they are written, which is enough for an ending."""


@dataclass(frozen=True)
class Use:
    """A use of one of the three classes."""

    callback: str
    """Its name, as ``WandbModelCheckpoint``."""
    is_call: bool = True
    """False where the class is a base class, or an object that is passed on."""
    complete: bool = True
    """False where some arguments come from ``*`` or ``**``."""
    given: Mapping[str, cst.BaseExpression] | None = None
    values: Mapping[str, object] | None = None
    """Literal values; ``UNKNOWN`` for all others."""

    def value(self, name: str, default: object) -> object:
        return (self.values or {}).get(name, default)

    @property
    def unknown_arguments(self) -> list[str]:
        """Those that W&B's own class does not name."""
        return [name for name in self.values or () if name not in SIGNATURES[self.callback]]

    @property
    def path(self) -> cst.BaseExpression | None:
        """The expression of ``filepath``."""
        return (self.given or {}).get("filepath")


def read_use(view: ModuleView, node: cst.BaseExpression, callback: str) -> Use:
    """The use of a class at ``node``, which names it."""
    call = view.parent(node)
    if not isinstance(call, cst.Call) or call.func is not node:
        return Use(callback, is_call=False)
    given: dict[str, cst.BaseExpression] = {}
    complete = True
    names = SIGNATURES[callback]
    for index, argument in enumerate(call.args):
        if argument.star:
            complete = False
        elif argument.keyword is not None:
            given[argument.keyword.value] = argument.value
        elif index < len(names):
            given[names[index]] = argument.value
        else:
            complete = False
    values = {name: literal(source(view, value)) for name, value in given.items()}
    return Use(callback, True, complete, given, values)


def ending(expression: cst.BaseExpression) -> str | None:
    """The text that a path certainly ends in, as far as it is written out; None if nothing of it is.

    ``f"{folder}/m.keras"``, ``os.path.join(folder, "m.keras")`` and ``name + ".keras"`` all tell how they end.
    """
    if isinstance(expression, cst.SimpleString):
        value = ast.literal_eval(expression.value)
        return value if isinstance(value, str) else None
    if isinstance(expression, cst.FormattedString) and expression.parts:
        last = expression.parts[-1]
        return last.value if isinstance(last, cst.FormattedStringText) else None
    if isinstance(expression, cst.ConcatenatedString):
        return ending(expression.right)
    if isinstance(expression, cst.BinaryOperation) and isinstance(expression.operator, cst.Add):
        return ending(expression.right)
    if isinstance(expression, cst.Call) and dotted_text(expression.func) in _JOINS and expression.args:
        return ending(expression.args[-1].value)
    return None


def has_placeholder(expression: cst.CSTNode) -> bool:
    """Whether a path may hold a placeholder that Keras fills in, as ``{epoch:02d}``: a brace in a text of it."""
    if isinstance(expression, (cst.SimpleString, cst.FormattedStringText)):
        return "{" in expression.value
    return any(has_placeholder(child) for child in expression.children)
