"""Replace imports of the module ``wandb.keras`` itself.

``import wandb.keras`` becomes ``import wandb`` (the name it binds is ``wandb``), and WK002 gives the uses their own
import; of two ``import wandb`` that would stand one below the other, one goes. ``import wandb.keras as k`` becomes
``import wandb_keras_compat as k`` if every use is one of the callbacks, ``import wandb.integration.keras as k`` if
the module is used in other ways too. ``from wandb import keras`` and ``from wandb.integration import keras`` move
only if every use is one of the callbacks.

Left with a reason: ``from wandb import keras`` that is used as the real Keras (``keras.models``): an editor's
automatic import put it there and ``import keras`` was meant.
"""

from __future__ import annotations

import re
from itertools import pairwise

import libcst as cst

from ..documents.import_statements import ImportGroup, ImportStatement, is_alone_on_line, split_import
from ..documents.module import bound_name, dotted_text, module_name
from ..documents.notebook import NotebookDocument
from ..names import LEGACY, LEGACY_2017, NEW_HOME, OLD_MODULE, REMOVED_MODULES, SHIM, SHIM_EXPORTS
from .context import PythonContext
from .rule import PythonRule

_WHOLE_MODULES = {*REMOVED_MODULES, NEW_HOME}


def run(context: PythonContext) -> None:
    view = context.view
    for node in view.nodes(cst.Import):
        moves = {
            index: new
            for index, alias in enumerate(node.names)
            if dotted_text(alias.name) in _WHOLE_MODULES and (new := _import_target(context, node, alias)) is not None
        }
        if moves and not context.skipped(node):
            _rewrite_import(context, node, moves)
    _drop_doubles(context)
    for from_node in view.nodes(cst.ImportFrom):
        if isinstance(from_node.names, cst.ImportStar) or module_name(from_node) not in {"wandb", "wandb.integration"}:
            continue
        for index, alias in enumerate(from_node.names):
            if f"{module_name(from_node)}.{dotted_text(alias.name)}" in _WHOLE_MODULES:
                _from_wandb(context, from_node, index, alias)


def _import_target(context: PythonContext, node: cst.Import, alias: cst.ImportAlias) -> str | None:
    """The module to import instead, or None to leave the import."""
    module = dotted_text(alias.name)
    if alias.asname is None:
        return "wandb" if module in REMOVED_MODULES else None
    used, other = callbacks_used(context, node, bound_name(alias))
    if module == NEW_HOME and LEGACY not in used:
        return None
    if LEGACY_2017 in used or other:
        return NEW_HOME if module in REMOVED_MODULES else None  # WK002 moves the callbacks, use by use
    return SHIM


def _rewrite_import(context: PythonContext, node: cst.Import, moves: dict[int, str]) -> None:
    view = context.view
    plain = {bound_name(alias) for index, alias in enumerate(node.names) if index not in moves and alias.asname is None}
    cut: set[int] = set()
    for index, new in moves.items():
        alias = node.names[index]
        if new == "wandb" and "wandb" in plain:
            cut.add(index)
        elif new == "wandb":
            plain.add("wandb")
        else:
            _decide(context, node, bound_name(alias), new)
    if cut:
        kept = tuple(index for index in range(len(node.names)) if index not in cut)
        new_texts = {index: _alias_text(context, node.names[index], new) for index, new in moves.items()}
        edits = split_import(view, node, [ImportGroup("import ", kept, new_texts)])
        context.edits += edits
        after = edits[0].text
    else:
        for index, new in moves.items():
            context.replace(node.names[index].name, new)
        after = ", ".join(sorted(moves.values()))
    context.record(node, "changed", f"the module {OLD_MODULE} is gone (wandb 0.17.0)", after)


def _drop_doubles(context: PythonContext) -> None:
    """Of each two lines that are ``import wandb`` now, one of them by this rule, keep the first."""
    if isinstance(context.document, NotebookDocument):
        return  # its lines may be those of two cells
    view = context.view
    by_rule = {edit.start: edit for edit in context.edits if edit.text == "wandb"}
    statements = [node for node in view.nodes(cst.Import) if is_alone_on_line(view, node) and len(node.names) == 1]
    statements.sort(key=view.start)
    for first, second in pairwise(statements):
        between = view.text[view.span(first)[1] : view.start(second)]
        edits = [by_rule.get(view.start(node.names[0].name)) for node in (first, second)]
        if (
            not any(edits)
            or not all(edit or view.code(node) == "import wandb" for edit, node in zip(edits, (first, second)))
            or view.parent(view.parent(first) or first) is not view.parent(view.parent(second) or second)
            or not re.fullmatch(r"(\r\n|\n|\r)[ \t]*", between)
            or not re.match(r"\r\n|\n|\r|\Z", view.text[view.span(second)[1] :])
        ):
            continue
        if edits[1] is not None:
            context.edits.remove(edits[1])
        context.edit(view.span(first)[1], view.span(second)[1], "")


def _alias_text(context: PythonContext, alias: cst.ImportAlias, new: str) -> str:
    end = context.view.span(alias.name)[1]
    return new + (context.view.text[end : context.view.span(alias.asname)[1]] if alias.asname is not None else "")


def _from_wandb(context: PythonContext, node: cst.ImportFrom, index: int, alias: cst.ImportAlias) -> None:
    assert not isinstance(node.names, cst.ImportStar)
    module = f"{module_name(node)}.{dotted_text(alias.name)}"
    name = bound_name(alias)
    used, other = callbacks_used(context, node, name)
    if module == NEW_HOME and LEGACY not in used:
        return
    if context.skipped(node):
        _decide(context, node, name, "")
        return
    if other or LEGACY_2017 in used or not used:
        meant = "it is never used here" if not used and not other else "it is not used as W&B's callbacks only"
        hint = f"; if Keras itself was meant, say `import keras`: {meant}" if module == OLD_MODULE else f": {meant}"
        context.record(node, "left", f"binds {name!r} to {module}{hint}")
        _decide(context, node, name, "")
        return
    rest = [position for position in range(len(node.names)) if position != index]
    kept = [ImportGroup(f"from {module_name(node)} import ", tuple(rest), {})] if rest else []
    edits = split_import(context.view, node, kept, further=[f"import {SHIM} as {name}"])
    _decide(context, node, name, SHIM)
    context.edits += edits
    context.record(node, "changed", f"{module} as a module", "".join(edit.text for edit in edits))


def callbacks_used(context: PythonContext, node: ImportStatement, name: str) -> tuple[set[str], bool]:
    """The callbacks used through a module bound to ``name`` by this import, and whether it is used otherwise."""
    view = context.view
    used: set[str] = set()
    other = False
    for load in view.loads(name):
        scope = view.scope(load)
        if scope is None or not any(getattr(found, "node", None) is node for found in scope[name]):
            continue
        parent = view.parent(load)
        if isinstance(parent, cst.AssignTarget):
            continue  # a stand-in for a failed import; WK002 judges it
        if isinstance(parent, cst.Attribute) and parent.attr.value in SHIM_EXPORTS | {LEGACY_2017}:
            used.add(parent.attr.value)
        else:
            other = True
    return used, other


def _decide(context: PythonContext, node: ImportStatement, name: str, home: str) -> None:
    context.decided_imports[id(node), name] = home


# Before WK002: this rule decides about whole modules, WK002 about the uses that are left.
RULE = PythonRule(id="WK003", name="module-import", level=1, doc=__doc__, order=1.5, run=run)
