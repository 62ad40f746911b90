"""Say which lines ask for what Keras 3 has no more; nothing is edited.

A program that uses the legacy callback was mostly written for Keras 2, and on a TensorFlow with Keras 3 it stops at
such a line before the callback has anything to do: a module or name that was removed (``keras.utils.np_utils``,
``ImageDataGenerator``, ``K.function``), a method (``fit_generator``), an argument (``decay=``). Each name is reported
once in a file, where it first stands, with the command that runs the program as it is, on Keras 2:
``python -m wandb_keras_compat run --keras tf_keras``. What tf_keras has no more either is reported as such.

``tensorflow.keras`` has kept more names than ``keras``, and is judged by its own. Only files in which one of W&B's
callbacks is used are looked at.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from .. import keras_removed
from ..documents.module import dotted_text, module_name
from .context import PythonContext
from .rule import PythonRule

_ROOTS = ("keras", "tensorflow.keras")
_COMMAND = "`python -m wandb_keras_compat run --keras tf_keras` runs the program as it is"
_NO_REMEDY = "tf_keras has nothing that means the same; `run --keras tf_keras` says there what to write"
# Methods whose name says enough, and arguments by what they are given to. "predict_proba" is scikit-learn's as well.
_REMOVED_METHODS = frozenset({"fit_generator", "evaluate_generator", "predict_generator", "predict_classes"})
_FIT_ARGUMENTS = frozenset({"workers", "use_multiprocessing", "max_queue_size"})
_REMOVED_ARGUMENTS = {"optimizers": {"lr", "decay"}, "callbacks": {"period", "epsilon"}, "layers": {"weights"}}

RemovedUse = tuple[cst.CSTNode, str, str]
"""A node, a description of what Keras 3 removed there, and its name below ``keras`` (empty for most)."""


def run(context: PythonContext) -> None:
    reported: set[str] = set()
    for node, what, below in sorted(_removed_uses(context), key=lambda found: context.view.start(found[0])):
        if what in reported or context.skipped(node):
            continue
        reported.add(what)
        remedy = _NO_REMEDY if keras_removed.not_in_tf_keras(below) else _COMMAND
        context.record(node, "note", f"Keras 3 removed {what}: {remedy}")


def _removed_uses(context: PythonContext) -> Iterator[RemovedUse]:
    view = context.view
    for node in view.nodes(cst.ImportFrom):
        if not isinstance(node.names, cst.ImportStar):
            for alias in node.names:
                yield from _removed_part(alias, f"{module_name(node)}.{dotted_text(alias.name)}")
        else:
            yield from _removed_part(node, module_name(node))
    for statement in view.nodes(cst.Import):
        for alias in statement.names:
            yield from _removed_part(alias, dotted_text(alias.name))
    for attribute in view.nodes(cst.Attribute):
        parent = view.parent(attribute)
        if isinstance(parent, (cst.Attribute, cst.ImportAlias, cst.ImportFrom)):
            continue  # the longest chain says most
        resolved = view.resolve(attribute)
        for name in sorted(resolved.names) if resolved is not None else ():
            yield from _removed_part(attribute, name)
    if context.view.text.find("keras") >= 0:
        yield from _removed_in_calls(context)


def _removed_in_calls(context: PythonContext) -> Iterator[RemovedUse]:
    view = context.view
    for call in view.nodes(cst.Call):
        given = {arg.keyword.value for arg in call.args if arg.keyword is not None}
        if isinstance(call.func, cst.Attribute):
            method = call.func.attr.value
            if method in _REMOVED_METHODS:
                yield call.func, f"the method {method}", ""
            if method == "fit" and view.resolve(call.func) is None:
                yield from ((call.func, f"the argument {name} of fit", "") for name in sorted(given & _FIT_ARGUMENTS))
        resolved = view.resolve(call.func) if given else None
        for name in sorted(resolved.names) if resolved is not None else ():
            place = _name_below_keras(name)
            if place is not None:
                refused = given & _REMOVED_ARGUMENTS.get(place[0].partition(".")[0], set())
                yield from ((call.func, f"the argument {argument} of {name}", "") for argument in sorted(refused))


def _name_below_keras(name: str) -> tuple[str, bool] | None:
    """A name below keras, and whether tensorflow.keras is meant."""
    for root in _ROOTS:
        if name.startswith(f"{root}."):
            return name[len(root) + 1 :], root != "keras"
    return None


def _removed_part(node: cst.CSTNode, name: str) -> Iterator[RemovedUse]:
    """The shortest removed part of a dotted name, if any: a removed module, or a removed name in a module."""
    place = _name_below_keras(name)
    if place is None:
        return
    below, tensorflow = place
    parts = below.split(".")
    for count in range(1, len(parts) + 1):
        module, last = ".".join(parts[: count - 1]), parts[count - 1]
        if keras_removed.removed_name(module, last, tensorflow=tensorflow):
            root = "tensorflow.keras" if tensorflow else "keras"
            short = ".".join(parts[:count])
            yield node, f"{root}.{short}", short
            return


RULE = PythonRule(id="WK008", name="keras-2-names", level=1, doc=__doc__, run=run)
