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
knows, values that bind names or wait, calls that would change their order, a comment inside the call, an instance
that is returned, passed on or asked for an attribute; with the new keys also a monitored value that nothing shows
to exist. For all calls of the project: it asks ``isinstance`` of the legacy class; with the new keys also if it reads
old keys or ``best_…`` from a summary, queries the API, defines metrics by old keys, restores ``model-best.h5`` or uses
the artifact ``model-…``, subclasses the legacy class or hands it on, or runs a sweep whose configuration is
elsewhere.
"""

from __future__ import annotations

import libcst as cst

from ..documents.module import Resolution, dotted_text, module_name
from ..names import LEGACY, SHIM
from ..to_callbacks.arguments import Refusal
from ..to_callbacks.placement import NewCall, place_calls
from ..to_callbacks.project import Project
from ..to_callbacks.replacement import replacement_for
from .context import PythonContext
from .rule import PythonRule

_NAME = f"{SHIM}.{LEGACY}"


def run(context: PythonContext) -> None:
    view = context.view
    project = context.project or Project()
    called: set[int] = set()
    calls: list[tuple[cst.Call, Resolution, Refusal | None]] = []
    for call in view.nodes(cst.Call):
        found = view.resolve(call.func)
        if found is None or _NAME not in found.names:
            continue
        called.add(id(call.func))
        if not context.skipped(call):
            calls.append((call, found, _refusal(context, call, found, project)))
    # One that stays goes on from the best value of its run, which those that go have to leave there.
    keeps_best = len(called) > len(calls) or any(refusal is not None for _, _, refusal in calls)
    for call, found, refusal in calls:
        try:
            if refusal is not None:
                raise refusal
            _rewrite(context, call, found, project, keeps_best=keeps_best)
        except Refusal as reason:
            context.record(call, "left", str(reason))
    _other_uses(context, called)
    _unseen_uses(context)


def _refusal(context: PythonContext, call: cst.Call, found: Resolution, project: Project) -> Refusal | None:
    """Why a call cannot be rewritten, as far as that is known before imports are planned."""
    if project.refusal:
        return Refusal(project.refusal)
    if found.names != {_NAME} or not found.certain:
        return Refusal("the name it is called by is bound to something else as well")
    try:
        new = replacement_for(context.view, call, project)
        place_calls(context.view, call, [NewCall("x")] * len(new.callbacks))
    except Refusal as refusal:
        return refusal
    return None


def _rewrite(context: PythonContext, call: cst.Call, found: Resolution, project: Project, *, keeps_best: bool) -> None:
    new = replacement_for(context.view, call, project, keeps_best=keeps_best)
    place_calls(context.view, call, [NewCall("x")] * len(new.callbacks))  # refuse before an import is planned
    names = context.planner.names_for(call.func, found.imports, new.targets)
    if names is None:
        raise Refusal(f"no free name to import one of {', '.join(name for _, name in new.targets)} under")
    placement = place_calls(context.view, call, new.calls(names))
    for edit in placement.edits:
        context.edit(edit.start, edit.end, edit.text)
    context.planner.release(call.func, found.imports)
    context.record(call, "changed", "; ".join(new.notes), placement.text, new.moved)


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
        found = view.resolve(node)
        if found is None or _NAME not in found.names or _asks_whether_it_is_there(parent) or context.skipped(node):
            continue
        subclass = isinstance(parent, cst.Arg) and isinstance(view.parent(parent), cst.ClassDef)
        context.record(
            node,
            "left",
            "a subclass of the legacy callback stays one" if subclass else "the legacy class is used as an object here",
        )


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
        if node.raw_value not in {SHIM, _NAME} or isinstance(view.parent(node), cst.Annotation):
            continue
        if not context.skipped(node):
            context.record(node, "left", "the legacy class is named in a string here; what it makes stays one")
    for statement in view.nodes(cst.ImportFrom):
        if module_name(statement) != SHIM:
            continue
        if isinstance(statement.names, cst.ImportStar):
            if _is_unresolved(context, LEGACY) and not context.skipped(statement):
                context.record(statement, "left", f"{LEGACY} is used, and it may come from here; name it")
            continue
        in_class = isinstance(view.enclosing(statement, (cst.FunctionDef, cst.ClassDef)), cst.ClassDef)
        imported = any(dotted_text(alias.name) == LEGACY for alias in statement.names)
        if imported and in_class and not context.skipped(statement):
            context.record(statement, "left", "it is imported into a class, so its uses cannot be seen")


def _is_unresolved(context: PythonContext, name: str) -> bool:
    view = context.view
    return any((scope := view.scope(node)) is not None and not scope[name] for node in view.loads(name))


RULE = PythonRule(id="WK101", name="callbacks", level=2, doc=__doc__, run=run)
