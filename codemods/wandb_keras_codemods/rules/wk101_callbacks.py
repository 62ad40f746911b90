"""Replace the legacy callback by small ones where that keeps its meaning.

With ``--keys new``, the default, ``WandbCallback(save_model=False)`` becomes W&B's own ``WandbMetricsLogger()``. A
callback that saves becomes ``WandbMetricsLogger(), WandbModelCheckpoint("model-best.keras", monitor=…, mode=…,
save_best_only=True)``: best only, as the legacy one, with ``mode`` written out by the legacy rule ("acc" in the name
or a leading "fmeasure" means max), and with a path that Keras 2 and 3 can write, without placeholders, because an
epoch that does not improve ends the training otherwise. In a project with sweeps the path holds the run's id. If
the fit call shows that there is no validation data, the legacy callback never saved, and no checkpoint is written.
What else a call asks for (weights, gradients, FLOPs, images, evaluation tables, an explicit ``save_graph=True`` or
``log_best_prefix``) becomes the small callback of this package for it, before the logger, which closes the row.

With ``--keys both`` and ``--keys legacy`` a call becomes all that it was, under the old names: the graph, the
metrics (``WandbMetricsLogger(keys=…)``), the best summary, the best model, each by a small callback of this package.
Nothing moves then, so no reader of an old key or file is a reason to refuse, and no fit call has to be seen.

Expressions keep their text. Each is evaluated once and in the order it was: one that two callbacks need is bound to
a name where it first stands, ``(generator := batches())``. Arguments that never had an effect in their combination
are dropped, and said so. Where a callback stands alone, several become a list.

Left with a reason, call by call: unknown arguments, ``*``, ``**``, a switch whose value only the running program
knows, values that bind names or wait, calls that would change their order, a comment inside a value, an instance
that is returned, passed on or asked for an attribute; with the new keys also a monitored value that nothing shows
to exist. For all calls of the files that share keys (by imports, a W&B project, a sweep, or a reader in their folder):
one of them asks ``isinstance`` of the legacy class; with the new keys also if one reads old keys or ``best_…`` from a
summary or a history, or reads these in a way that cannot be followed, defines metrics by old keys, restores
``model-best.h5`` or uses the artifact ``model-…``, subclasses the legacy class or hands it on, or runs a sweep whose
configuration is elsewhere. The reason says what ``--keys both`` would do with the call.
"""

from __future__ import annotations

import re
from ast import literal_eval
from collections.abc import Mapping, Sequence
from dataclasses import replace

import libcst as cst

from ..documents.module import Resolution, dotted_text, first_name, module_name
from ..names import LEGACY, SHIM
from ..to_callbacks.arguments import Refusal
from ..to_callbacks.placement import place_calls
from ..to_callbacks.project import Project
from ..to_callbacks.replacement import Replacement, replacement_for
from .context import PythonContext
from .rule import PythonRule, mentions_callbacks
from .wk104_configured import REASON, names_the_class

_NAME = f"{SHIM}.{LEGACY}"
_UNCERTAIN = "the name it is called by is bound to something else as well"


def may_use_the_class(data: bytes) -> bool:
    """Whether a file could use the legacy class, by W&B's module or by one of the project's own."""
    return mentions_callbacks(data) or LEGACY.encode() in data


def run(context: PythonContext) -> None:
    view = context.view
    project = context.project or Project()
    called: set[int] = set()
    calls: list[tuple[cst.Call, Resolution]] = []
    for call in view.nodes(cst.Call):
        found = view.resolve(call.func)
        if found is None or _NAME not in found.names:
            continue
        called.add(id(call.func))
        if not context.skipped(call):
            calls.append((call, found))
    decided = _decided(context, calls, project)
    # They may share a run. One that stays, or that keeps the best value of its run, goes on from what the others leave.
    if len(called) > 1 and (
        len(called) > len(calls) or any(isinstance(new, Refusal) or new.keeps_best for new in decided)
    ):
        decided = _decided(context, calls, project, keeps_best=True)
    with_both = (
        _decided(context, calls, replace(project, refusal="", keys="both"))
        if project.refusal and project.keys == "new"
        else None
    )
    beside = _numbers(calls, decided)
    for number, ((call, found), new) in enumerate(zip(calls, decided)):
        if isinstance(new, Refusal):
            more = "" if with_both is None else _with_keys_both(project, with_both[number])
            context.record(call, "left", f"{new}{more}")
        else:
            _rewrite(context, call, found, new, beside)
    _other_uses(context, called)
    _unseen_uses(context)


def _decided(
    context: PythonContext,
    calls: Sequence[tuple[cst.Call, Resolution]],
    project: Project,
    *,
    keeps_best: bool = False,
) -> list[Replacement | Refusal]:
    """What replaces each call, or why nothing can. Those that share a variable are replaced together or not at all."""
    decided = [_replacement(context, call, found, project, keeps_best=keeps_best) for call, found in calls]
    while True:
        beside = _numbers(calls, decided)
        placed = [
            new if isinstance(new, Refusal) else _placed(context, call, found, new, beside)
            for (call, found), new in zip(calls, decided)
        ]
        if placed == decided:
            return decided
        decided = placed


def _numbers(calls: Sequence[tuple[cst.Call, Resolution]], decided: Sequence[Replacement | Refusal]) -> dict[int, int]:
    """How many callbacks each call becomes, by its ``id``; 0 for one that stays."""
    return {id(call): 0 if isinstance(new, Refusal) else len(new.callbacks) for (call, _), new in zip(calls, decided)}


def _replacement(
    context: PythonContext, call: cst.Call, found: Resolution, project: Project, *, keeps_best: bool
) -> Replacement | Refusal:
    """What replaces a call, wherever it stands."""
    if project.refusal:
        return Refusal(project.refusal)
    if found.names != {_NAME} or not found.certain:
        return Refusal(_UNCERTAIN)
    try:
        return replacement_for(context.view, call, project, keeps_best=keeps_best)
    except Refusal as refusal:
        return refusal


def _placed(
    context: PythonContext, call: cst.Call, found: Resolution, new: Replacement, beside: Mapping[int, int]
) -> Replacement | Refusal:
    """The replacement again, if there is room and a name for it."""
    try:
        place_calls(context.view, call, new.calls({name: name for _, name in new.targets}), beside)
    except Refusal as refusal:
        return refusal
    if not context.planner.has_names_for(call.func, found.imports, new.targets):
        return Refusal(f"no free name to import one of {', '.join(name for _, name in new.targets)} under")
    return new


def _rewrite(
    context: PythonContext, call: cst.Call, found: Resolution, new: Replacement, beside: Mapping[int, int]
) -> None:
    names = context.planner.names_for(call.func, found.imports, new.targets)
    assert names is not None
    placement = place_calls(context.view, call, new.calls(names), beside)
    for edit in placement.edits:
        context.edit(edit.start, edit.end, edit.text)
    context.planner.release(call.func, found.imports)
    context.record(call, "changed", "; ".join(new.notes), placement.text, new.moved)


def _with_keys_both(project: Project, new: Replacement | Refusal) -> str:
    """What ``--keys both`` would do with a call that its group holds back, to be added to the reason."""
    why = "for the same reason" if project.refusal_of_both == project.refusal else project.refusal_of_both
    if not why and isinstance(new, Refusal):
        why = str(new)
    return (
        f"; with --keys both this call would be left too: {why}"
        if why
        else "; with --keys both this call would be rewritten"
    )


def _other_uses(context: PythonContext, called: set[int]) -> None:
    """Record the uses of the legacy class that are no calls: they are left."""
    view = context.view
    names: list[cst.Name | cst.Attribute] = [*view.nodes(cst.Name)]
    names += [node for node in view.nodes(cst.Attribute) if node.attr.value == LEGACY]
    for node in names:
        if id(node) in called:
            continue
        parent = view.parent(node)
        if isinstance(parent, (cst.ImportAlias, cst.AsName, cst.Attribute, cst.AssignTarget)):
            continue
        reason = _reason_to_leave(context, node)
        if reason and not context.skipped(node):
            context.record(node, "left", reason)
    for text in view.nodes(cst.SimpleString):
        value = literal_eval(text.value) if LEGACY in text.value else ""
        if isinstance(value, str) and names_the_class(value) and not context.skipped(text):
            context.record(text, "left", REASON)


def _reason_to_leave(context: PythonContext, node: cst.Name | cst.Attribute) -> str:
    """Why a name that is no call of the class by its import stays; empty if it is not the class."""
    parent = context.view.parent(node)
    found = context.view.resolve(node)
    if found is not None and _NAME in found.names:
        if _asks_whether_it_is_there(parent):
            return ""
        subclass = isinstance(parent, cst.Arg) and isinstance(context.view.parent(parent), cst.ClassDef)
        subclassed, used = "a subclass of the legacy callback stays one", "the legacy class is used as an object here"
        return subclassed if subclass else used
    module = _own_module(context, node)
    return (
        f"the legacy class comes by {module} here; only where W&B's own module is imported is it replaced"
        if module
        else ""
    )


def _own_module(context: PythonContext, node: cst.Name | cst.Attribute) -> str:
    """The module of the project that hands the legacy class on under this name, if one does."""
    handed_on = context.project.handed_on if context.project is not None else frozenset()
    found = context.view.resolve(node) if handed_on else None
    if found is not None:
        return next((f"`{name.rpartition('.')[0]}`" for name in sorted(found.names) if name in handed_on), "")
    root = first_name(node)
    scope = context.view.scope(root) if root is not None and handed_on else None
    if scope is None or root is None or scope[root.value]:
        return ""
    rest = context.view.code(node)
    stars = (module_name(item) for item in context.view.nodes(cst.ImportFrom) if isinstance(item.names, cst.ImportStar))
    return next((f"`from {module} import *`" for module in stars if f"{module}.{rest}" in handed_on), "")


def _asks_whether_it_is_there(parent: cst.CSTNode | None) -> bool:
    """Whether a name stands in ``if WandbCallback``, or is compared with None: W&B is optional there."""
    if isinstance(parent, cst.Comparison):
        operands = [parent.left, *(target.comparator for target in parent.comparisons)]
        return any(isinstance(operand, cst.Name) and operand.value == "None" for operand in operands)
    return isinstance(parent, (cst.If, cst.IfExp, cst.BooleanOperation)) or (
        isinstance(parent, cst.UnaryOperation) and isinstance(parent.operator, cst.Not)
    )


def _unseen_uses(context: PythonContext) -> None:
    """Record where the legacy class comes in by a way on which its calls cannot be seen: they are left."""
    view = context.view
    for node in view.nodes(cst.SimpleString):
        if node.raw_value == SHIM and isinstance(view.parent(node), cst.Arg) and not context.skipped(node):
            context.record(node, "left", REASON)
    for statement in view.nodes(cst.ImportFrom):
        if module_name(statement) != SHIM:
            continue
        if LEGACY in _names_in(statement) and re.search(rf"\b{LEGACY}\b", view.hidden):
            context.record(
                statement, "left", f"a line that is not read as Python (a magic, a shell line) names {LEGACY}"
            )
        if isinstance(statement.names, cst.ImportStar):
            if view.is_used_unbound(LEGACY) and not context.skipped(statement):
                context.record(statement, "left", f"{LEGACY} is used, and it may come from here; name it")
            continue
        in_class = isinstance(view.enclosing(statement, (cst.FunctionDef, cst.ClassDef)), cst.ClassDef)
        if LEGACY in _names_in(statement) and in_class and not context.skipped(statement):
            context.record(statement, "left", "it is imported into a class, so its uses cannot be seen")


def _names_in(statement: cst.ImportFrom) -> list[str]:
    return [] if isinstance(statement.names, cst.ImportStar) else [dotted_text(alias.name) for alias in statement.names]


RULE = PythonRule(id="WK101", name="callbacks", level=2, doc=__doc__, hint=may_use_the_class, run=run)
