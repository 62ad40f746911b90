"""Say where a program could come to W&B's callbacks in a way that cannot be followed; nothing is edited.

``getattr(wandb, name)``, ``exec`` and ``eval`` of text that is made when the program runs or that names the callbacks,
``import_module`` of a module that only the running program knows, and ``….keras.WandbCallback`` of something that is
not W&B's own module by an import here (``from common import wandb``, ``self.wandb``): such a place stays as it was.
The summary of a run counts these places, and says no more that nothing is left.
"""

from __future__ import annotations

import re

import libcst as cst

from ..names import LEGACY, LEGACY_2017, MODERN, MOVED_QUALIFIED, NEW_HOME, SHIM
from ..to_callbacks.constant_texts import ConstantTexts
from .context import PythonContext
from .rule import PythonRule

_CLASSES = frozenset({LEGACY, LEGACY_2017, *MODERN})
_NAMED = re.compile(r"wandb[\w.]*[.]\s*(?:wandb_)?keras|WandbCallback|WandbKerasCallback")
_MODULE_NAMES = frozenset({"keras", "wandb_keras", "integration"})
_BUILTINS = frozenset({"getattr", "exec", "eval", "__import__"})
_IMPORTERS = frozenset({"importlib.import_module", "importlib.__import__"})
_BY_HAND = "the migrated program would still ask for the old name: change it by hand, or run it under the hook"


def run(context: PythonContext) -> None:
    texts = ConstantTexts(context.view)
    for call in context.view.nodes(cst.Call):
        reason = _dynamic(context, texts, call)
        if reason and not context.skipped(call):
            context.record(call, "left", f"cannot be followed: {reason}")
    for attribute in context.view.nodes(cst.Attribute):
        if _is_of_something_else(context, attribute) and not context.skipped(attribute):
            owner = context.view.code(attribute.value)
            reason = f"cannot be followed: nothing here shows that {owner} is W&B's module; {_BY_HAND}"
            context.record(attribute, "left", reason)


def _dynamic(context: PythonContext, texts: ConstantTexts, call: cst.Call) -> str:
    """What about a call cannot be followed; empty if nothing."""
    arguments = [argument.value for argument in call.args]
    name = call.func if isinstance(call.func, cst.Name) and call.func.value in _BUILTINS else None
    builtin = name.value if name is not None and _is_builtin(context, name) else ""
    found = context.view.resolve(call.func)
    reason = ""
    if builtin == "getattr" and len(arguments) > 1 and _is_wandb(context, arguments[0]):
        reason = _of_attribute(texts.of(arguments[1]))
    elif builtin in {"exec", "eval"} and arguments:
        reason = _of_code(builtin, texts.of(arguments[0]))
    elif arguments and (builtin == "__import__" or (found is not None and found.names & _IMPORTERS)):
        reason = _of_module(texts.of(arguments[0]), literal=isinstance(arguments[0], cst.SimpleString))
    return reason


def _of_attribute(names: list[str] | None) -> str:
    if names is None:
        return "which attribute of W&B it asks for is only known when it runs"
    return f"it reaches W&B's module by a string; {_BY_HAND}" if _MODULE_NAMES & set(names) else ""


def _of_code(function: str, code: list[str] | None) -> str:
    if code is None:
        return f"the code that {function}() runs is only known when it runs"
    named = any(_NAMED.search(text) for text in code)
    return f"the code that {function}() runs names W&B's callbacks; {_BY_HAND}" if named else ""


def _of_module(modules: list[str] | None, *, literal: bool) -> str:
    if modules is None:
        return "which module it imports is only known when it runs"
    named = not literal and any(_NAMED.search(module) for module in modules)  # WK005 changes literals
    return f"the module's name comes by a variable; {_BY_HAND}" if named else ""


def _is_wandb(context: PythonContext, node: cst.BaseExpression) -> bool:
    found = context.view.resolve(node)
    return found is not None and bool(found.names & {"wandb", "wandb.integration"})


def _is_builtin(context: PythonContext, name: cst.Name) -> bool:
    """Whether the module does not bind a name itself: then it is Python's own."""
    scope = context.view.scope(name)
    return scope is None or not any(hasattr(found, "node") for found in scope[name.value])


def _is_of_something_else(context: PythonContext, node: cst.Attribute) -> bool:
    """Whether ``….keras.WandbCallback`` hangs on anything but an import of W&B, or of another package's module."""
    owner = node.value
    if node.attr.value not in _CLASSES or not isinstance(owner, cst.Attribute) or owner.attr.value != "keras":
        return False
    found = context.view.resolve(node)
    if found is None:
        return True
    known = {*MOVED_QUALIFIED, *(f"{home}.{name}" for home in (NEW_HOME, SHIM) for name in _CLASSES)}
    return not found.names & known and any(f".wandb.keras.{node.attr.value}" in name for name in found.names)


RULE = PythonRule(id="WK010", name="not-followed", level=1, doc=__doc__, run=run)
