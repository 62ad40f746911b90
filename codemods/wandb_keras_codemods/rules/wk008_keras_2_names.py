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
from .context import Rule, RuleContext

ID = "WK008"
_ROOTS = ("keras", "tensorflow.keras")
_COMMAND = "`python -m wandb_keras_compat run --keras tf_keras` runs the program as it is"
_NO_REMEDY = "tf_keras has nothing that means the same; `run --keras tf_keras` says there what to write"
# Methods whose name says enough, and arguments by what they are given to. "predict_proba" is scikit-learn's as well.
_METHODS = frozenset({"fit_generator", "evaluate_generator", "predict_generator", "predict_classes"})
_OF_FIT = frozenset({"workers", "use_multiprocessing", "max_queue_size"})
_OF_OTHERS = {"optimizers": {"lr", "decay"}, "callbacks": {"period", "epsilon"}, "layers": {"weights"}}

Found = tuple[cst.CSTNode, str, str]
"""A place, what Keras 3 removed there in words, and its name below ``keras`` or nothing."""


def run(context: RuleContext) -> None:
    said: set[str] = set()
    for node, what, below in sorted(_found(context), key=lambda found: context.view.start(found[0])):
        if what in said or context.skipped(node):
            continue
        said.add(what)
        remedy = _NO_REMEDY if keras_removed.not_in_tf_keras(below) else _COMMAND
        context.tell(node, "note", f"Keras 3 removed {what}: {remedy}")


def _found(context: RuleContext) -> Iterator[Found]:
    view = context.view
    for node in view.nodes(cst.ImportFrom):
        if not isinstance(node.names, cst.ImportStar):
            for alias in node.names:
                yield from _named(alias, f"{module_name(node)}.{dotted_text(alias.name)}")
        else:
            yield from _named(node, module_name(node))
    for statement in view.nodes(cst.Import):
        for alias in statement.names:
            yield from _named(alias, dotted_text(alias.name))
    for attribute in view.nodes(cst.Attribute):
        parent = view.parent(attribute)
        if isinstance(parent, (cst.Attribute, cst.ImportAlias, cst.ImportFrom)):
            continue  # the longest chain says most
        resolved = view.resolve(attribute)
        for name in sorted(resolved.names) if resolved is not None else ():
            yield from _named(attribute, name)
    if context.unit.text.find("keras") >= 0:
        yield from _calls(context)


def _calls(context: RuleContext) -> Iterator[Found]:
    view = context.view
    for call in view.nodes(cst.Call):
        given = {arg.keyword.value for arg in call.args if arg.keyword is not None}
        if isinstance(call.func, cst.Attribute):
            method = call.func.attr.value
            if method in _METHODS:
                yield call.func, f"the method {method}", ""
            if method == "fit" and view.resolve(call.func) is None:
                yield from ((call.func, f"the argument {name} of fit", "") for name in sorted(given & _OF_FIT))
        resolved = view.resolve(call.func) if given else None
        for name in sorted(resolved.names) if resolved is not None else ():
            place = _below(name)
            if place is not None:
                refused = given & _OF_OTHERS.get(place[0].partition(".")[0], set())
                yield from ((call.func, f"the argument {argument} of {name}", "") for argument in sorted(refused))


def _below(name: str) -> tuple[str, bool] | None:
    """A name below keras, and whether tensorflow.keras is meant."""
    for root in _ROOTS:
        if name.startswith(f"{root}."):
            return name[len(root) + 1 :], root != "keras"
    return None


def _named(node: cst.CSTNode, name: str) -> Iterator[Found]:
    """Of a dotted name the first part that was removed, and of a module that was the whole one below it."""
    place = _below(name)
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


RULE = Rule(ID, "keras-2-names", 1, run, __doc__)
