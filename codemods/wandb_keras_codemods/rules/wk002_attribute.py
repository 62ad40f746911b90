"""Replace dotted uses such as ``wandb.keras.WandbCallback`` by an imported name.

Half of the code that says ``wandb.keras.WandbCallback`` has no import of ``wandb.keras`` to rewrite, so one is
added right after the import that binds ``wandb``, in its scope, once. If the plain name is taken there
(``WandbCallback = wandb.keras.WandbCallback()``), the module is imported and the dotted name used:
``wandb_keras_compat.WandbCallback``. The rule follows aliases (``import wandb as w``) and covers calls, base
classes, ``isinstance``, annotations and decorators alike.

Left with a reason: assignments to ``wandb.keras`` or its members (home-made shims), ``wandb.keras`` passed about
as an object, names bound to something else as well, an import under ``global``.
"""

from __future__ import annotations

import libcst as cst

from ..documents.module import Resolution, first_name
from ..names import HELPERS, MODERN, MOVED_NAMES, MOVED_QUALIFIED, OLD_MODULE, REMOVED_MODULES, SHIM, SHIM_EXPORTS
from .context import PythonContext
from .rule import PythonRule

_LAST_PARTS = MOVED_NAMES | {module.rpartition(".")[2] for module in REMOVED_MODULES}


def run(context: PythonContext) -> None:
    view = context.view
    for node in view.nodes(cst.Attribute):
        if node.attr.value not in _LAST_PARTS:
            continue
        found = view.resolve(node)
        root = first_name(node)
        if found is None or root is None:
            continue
        homes = {context.decided_imports.get((id(assignment.node), root.value)) for assignment in found.imports} - {
            None
        }
        if homes & {"", SHIM}:
            continue
        targets = {MOVED_QUALIFIED.get(name) for name in found.names}
        if targets != {None}:
            _rewrite(context, node, found)
        elif found.names & REMOVED_MODULES:
            _as_object(context, node)


def _rewrite(context: PythonContext, node: cst.Attribute, found: Resolution) -> None:
    targets = {MOVED_QUALIFIED.get(name) for name in found.names}
    if context.skipped(node):
        return
    target = targets.pop()
    if targets or target is None or not found.certain:
        context.record(node, "left", "the name it begins with is bound to something else as well")
    elif _is_assigned(context, node):
        context.record(node, "left", "it is assigned to, which the moved class would not notice")
    else:
        name = context.planner.name_for(node, found.imports, target)
        if name is None:
            context.record(
                node, "left", f"no free name to import {'.'.join(target)} under, in the scope that imports wandb"
            )
            return
        context.replace(node, name)
        context.record(node, "changed", f"now comes from {target[0]}", name)


def _as_object(context: PythonContext, node: cst.Attribute) -> None:
    """Record a use of the module ``wandb.keras`` itself, or of a name in it that has not moved."""
    parent = context.view.parent(node)
    if isinstance(parent, cst.Attribute):
        if parent.attr.value in MOVED_NAMES:
            return  # seen as a whole
        if context.skipped(parent):
            return
        context.record(parent, "left", f"{OLD_MODULE}.{parent.attr.value} has no known new home")
    elif not isinstance(parent, (cst.ImportAlias, cst.ImportFrom)):
        if context.skipped(node):
            return
        what = "is assigned to: a home-made stand-in" if _is_assigned(context, node) else "is used as an object"
        names = ", ".join(sorted(SHIM_EXPORTS - MODERN - HELPERS))
        context.record(node, "left", f"the module {what}; import {names} from wandb_keras_compat instead")


def _is_assigned(context: PythonContext, node: cst.Attribute) -> bool:
    parent = context.view.parent(node)
    if isinstance(parent, (cst.AssignTarget, cst.Del, cst.AugAssign)):
        return True
    return isinstance(parent, cst.AnnAssign) and parent.target is node


RULE = PythonRule(id="WK002", name="attribute", level=1, doc=__doc__, run=run)
