"""Replace the module path in strings that are import paths by where they stand.

``importlib.import_module("wandb.keras")``, ``__import__("wandb.keras")``, the first argument of
``unittest.mock.patch``, ``patch.multiple`` and ``patch.dict`` (also as ``mocker.patch`` and
``monkeypatch.setattr``), and the value of a Hydra ``_target_``, in a dict literal or as a keyword. Only a string
that is such a path as a whole is touched: ``"wandb.keras"`` is also a file name in real code
(``WandbModelCheckpoint(join(folder, "wandb.keras"))``), so it is never rewritten anywhere else.

Left with a reason: a string annotation that names the old class, strings put together from parts.
"""

from __future__ import annotations

import re

import libcst as cst

from ..documents.module import dotted_text
from ..names import MOVED_QUALIFIED, REMOVED_MODULES, SHIM
from .context import PythonContext
from .rule import PythonRule

_IMPORTERS = {"importlib.import_module", "importlib.__import__"}
_PATCHERS = {
    f"{package}.patch{suffix}" for package in ("unittest.mock", "mock") for suffix in ("", ".multiple", ".dict")
}
_FIXTURES = {"mocker.patch", "mocker.patch.multiple", "mocker.patch.dict", "monkeypatch.setattr", "monkeypatch.delattr"}
_LITERAL = re.compile(r"""(?P<prefix>[rRuU]?)(?P<quote>'''|\"""|'|")(?P<body>[\w.]+)(?P=quote)""")


def run(context: PythonContext) -> None:
    for node in context.view.nodes(cst.SimpleString):
        match = _LITERAL.fullmatch(node.value)
        if match is None or not match["body"].startswith("wandb."):
            continue
        new = moved_path(match["body"])
        if new is None:
            continue
        kind = _use_of(context, node)
        if kind is None or context.skipped(node):
            continue
        if kind == "annotation":
            context.record(node, "left", "a string annotation; import the name and write it plainly")
            continue
        text = f"{match['prefix']}{match['quote']}{new}{match['quote']}"
        context.replace(node, text)
        context.record(node, "changed", "an import path in a string", text)


def moved_path(path: str) -> str | None:
    """The new dotted path for one in a string; None if it need not change.

    A whole module goes to the shim, which exports all four names.
    """
    if path in REMOVED_MODULES:
        return SHIM
    target = MOVED_QUALIFIED.get(path)
    if target is not None:
        return ".".join(target)
    module, _, member = path.rpartition(".")
    while module:
        if (target := MOVED_QUALIFIED.get(module)) is not None:
            return ".".join((*target, member))  # a method of a class: patch("wandb.keras.WandbCallback.on_epoch_end")
        module, _, more = module.rpartition(".")
        member = f"{more}.{member}"
    return None


def _use_of(context: PythonContext, node: cst.SimpleString) -> str | None:
    """What the string is used as: ``"path"`` (an import path), ``"annotation"``, or None for anything else."""
    view = context.view
    parent = view.parent(node)
    if isinstance(parent, cst.Annotation):
        return "annotation"
    if isinstance(parent, cst.DictElement):
        key = parent.key
        return (
            "path"
            if parent.value is node and isinstance(key, cst.SimpleString) and key.raw_value == "_target_"
            else None
        )
    if not isinstance(parent, cst.Arg):
        return None
    if parent.keyword is not None and parent.keyword.value == "_target_":
        return "path"
    call = view.parent(parent)
    if not isinstance(call, cst.Call) or parent.star:
        return None
    first = call.args[0] is parent if parent.keyword is None else parent.keyword.value in {"name", "target"}
    return "path" if first and _takes_a_path(context, call.func) else None


def _takes_a_path(context: PythonContext, function: cst.BaseExpression) -> bool:
    text = dotted_text(function)
    if text in _FIXTURES:
        return True
    if text == "__import__":
        return True
    found = context.view.resolve(function)
    return found is not None and found.certain and bool(found.names & (_IMPORTERS | _PATCHERS))


RULE = PythonRule(id="WK005", name="string-path", level=1, doc=__doc__, run=run)
