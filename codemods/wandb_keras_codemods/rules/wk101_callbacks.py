"""Replace the legacy callback by the newer ones where that keeps its meaning.

``WandbCallback(save_model=False)`` becomes ``WandbMetricsLogger()``. A callback that saves becomes
``WandbMetricsLogger(), WandbModelCheckpoint("model-best.keras", monitor=…, mode=…, save_best_only=True)``: best
only, as the legacy one, with ``mode`` written out by the legacy rule ("acc" in the name or a leading "fmeasure"
means max), and with a path that Keras 2 and 3 can write, without placeholders, because an epoch that does not
improve ends the training otherwise. In a project with sweeps the path holds the run's id. If the fit call shows
that there is no validation data, the legacy callback never saved, and no checkpoint is written.
Arguments that never had an effect in their combination are dropped, and said so.

Left with a reason, call by call: a capability the newer callbacks lack (weights, gradients, images, evaluation
tables, FLOPs, an explicit ``save_graph=True``, ``log_best_prefix``), unknown arguments, ``**kwargs``, values only
known when the program runs, an instance that is returned, passed on or asked for an attribute, two callbacks
where there is room for one, a monitored value that nothing shows to exist. And, for all calls of the project: it
reads old keys or ``best_…`` from a summary, queries the API, defines metrics by old keys, restores
``model-best.h5`` or uses the artifact ``model-…``, subclasses or ``isinstance``-checks the legacy class, or runs
a sweep whose configuration is elsewhere.
"""

from __future__ import annotations

import libcst as cst

from ..context import Rule, RuleContext
from ..level2.arguments import Refusal
from ..level2.composing import compose, place
from ..level2.project import Project
from ..names import LEGACY, NEW_HOME, SHIM
from ..view import Resolution

ID = "WK101"
_NAME = f"{SHIM}.{LEGACY}"


def run(context: RuleContext) -> None:
    view = context.view
    project = context.project or Project()
    called: set[int] = set()
    for call in view.nodes(cst.Call):
        found = view.resolve(call.func)
        if found is None or _NAME not in found.names:
            continue
        called.add(id(call.func))
        if context.skipped(call):
            continue
        try:
            _rewrite(context, call, found, project)
        except Refusal as refusal:
            context.tell(call, "left", str(refusal))
    _other_uses(context, called)


def _rewrite(context: RuleContext, call: cst.Call, found: Resolution, project: Project) -> None:
    if project.refusal:
        raise Refusal(project.refusal)
    if found.names != {_NAME} or not found.certain:
        raise Refusal("the name it is called by is bound to something else as well")
    new = compose(context.view, call, in_sweep=project.sweeping)
    place(context.view, call, ["x"] * len(new.names))  # refuse before an import is planned
    names: dict[str, str] = {}
    for name in new.names:
        local = context.planner.name_for(call.func, found.imports, (NEW_HOME, name), everywhere=True)
        if local is None:
            raise Refusal(f"no free name to import {name} under")
        names[name] = local
    placement = place(context.view, call, new.calls(names.__getitem__))
    context.edit(placement.start, placement.end, placement.text)
    context.planner.released(call.func, found.imports)
    context.tell(call, "changed", "; ".join(new.notes), placement.text, new.moved)


def _other_uses(context: RuleContext, called: set[int]) -> None:
    """The class used as an object: nothing to rewrite, but to be said."""
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
        if found is None or _NAME not in found.names or context.skipped(node):
            continue
        subclass = isinstance(parent, cst.Arg) and isinstance(view.parent(parent), cst.ClassDef)
        context.tell(
            node,
            "left",
            "a subclass of the legacy callback stays one" if subclass else "the legacy class is used as an object here",
        )


RULE = Rule(ID, "callbacks", 2, run, __doc__)
