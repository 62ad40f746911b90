"""Move ``from wandb.keras import …`` to where each name lives now.

All names go to ``wandb_keras_compat``, the three newer callbacks too: W&B's own refuse paths, options and offline
runs that programs of ``wandb.keras`` have (WK009 can send them to ``wandb.integration.keras`` where it is the same).
The 2017 spelling ``from wandb.wandb_keras import WandbKerasCallback`` becomes
``from wandb_keras_compat import WandbCallback as WandbKerasCallback``. Names that go to different modules are
split into two statements at the same place; aliases, parentheses, comments, indentation and the block the
statement stands in (``try``, ``if``, a function, a class) stay as they are.

Left with a reason: names of ``wandb.keras`` that have no new home (internals).
Noted: a ``try``/``except ImportError`` whose two arms import the same thing afterwards.
"""

from __future__ import annotations

import libcst as cst

from ..documents.import_statements import move_names
from ..documents.module import dotted_text, module_name
from ..names import MOVED, OLD_MODULE, REMOVED_MODULES, Target
from .context import PythonContext
from .rule import PythonRule


def run(context: PythonContext) -> None:
    view = context.view
    changed: dict[int, str] = {}
    for node in view.nodes(cst.ImportFrom):
        table = MOVED.get(module_name(node))
        if table is None or isinstance(node.names, cst.ImportStar) or node.module is None:
            continue
        names = [dotted_text(alias.name) for alias in node.names]
        targets = [table.get(name) for name in names]
        if module_name(node) in REMOVED_MODULES or any(targets):
            if context.skipped(node):
                continue
            after = _move(context, node, names, targets)
            if after:
                changed[id(node)] = after
    _note_equal_arms(context, changed)


def _move(context: PythonContext, node: cst.ImportFrom, names: list[str], targets: list[Target | None]) -> str:
    view = context.view
    module = module_name(node)
    assert node.module is not None
    assert not isinstance(node.names, cst.ImportStar)
    for alias, name, target in zip(node.names, names, targets, strict=True):
        if target is None and module in REMOVED_MODULES:
            context.record(alias, "left", f"{module}.{name} has no known new home")
    if not any(targets):
        return ""
    new_texts = {
        index: f"{target[1]} as {name}"
        for index, (name, target) in enumerate(zip(names, targets, strict=True))
        if target is not None and target[1] != name and node.names[index].asname is None
    }
    new_texts |= {
        index: target[1] + view.text[view.span(node.names[index].name)[1] : view.span(asname)[1]]
        for index, target in enumerate(targets)
        if target is not None and target[1] != names[index] and (asname := node.names[index].asname) is not None
    }
    homes = [target[0] if target is not None else module for target in targets]
    edits, after = move_names(view, node, homes, new_texts)
    context.edits += edits
    old = " (removed in wandb 0.17.0)" if module == OLD_MODULE else ""
    context.record(node, "changed", f"names of {module}{old} moved", after)
    return after


def _note_equal_arms(context: PythonContext, changed: dict[int, str]) -> None:
    """Note the ``try`` statements whose arms import the same thing after the rewrite."""
    view = context.view
    statements: list[cst.Try | cst.TryStar] = [*view.nodes(cst.Try), *view.nodes(cst.TryStar)]
    for statement in statements:
        if not statement.handlers:
            continue
        arms = [_only_import(body) for body in (statement.body, *(handler.body for handler in statement.handlers))]
        texts = {changed.get(id(arm)) or (view.code(arm) if arm is not None else None) for arm in arms}
        if any(id(arm) in changed for arm in arms) and len(texts) == 1:
            arm = arms[0]
            assert arm is not None
            context.record(arm, "note", "the arms of this try/except are now equal; one import is enough")


def _only_import(body: cst.BaseSuite) -> cst.ImportFrom | None:
    if isinstance(body, cst.IndentedBlock) and len(body.body) == 1:
        line = body.body[0]
        if (
            isinstance(line, cst.SimpleStatementLine)
            and len(line.body) == 1
            and isinstance(line.body[0], cst.ImportFrom)
        ):
            return line.body[0]
    return None


RULE = PythonRule(id="WK001", name="from-import", level=1, doc=__doc__, run=run)
