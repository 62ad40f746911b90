"""Choose between the package's newer callbacks and W&B's own, use by use.

``WandbMetricsLogger``, ``WandbModelCheckpoint`` and ``WandbEvalCallback`` exist twice: in ``wandb.integration.keras``,
and in ``wandb_keras_compat``, where they also take paths of Keras 2, options, offline runs and more.

With ``--newer-from wandb`` a name that comes from the package is imported from ``wandb.integration.keras`` where every
use in the file means the same there, with wandb 0.18 and later on every supported TensorFlow and Keras. The others
stay, and each use that keeps them is reported with what would differ.

With ``--newer-from package`` a name that comes from ``wandb.integration.keras`` is imported from the package where
a use in the file is one that current versions refuse. Without the option such uses are only reported.

What differs is one table, ``newer_callbacks/differences.py``; what was played with W&B's classes is beside it in
``newer_callbacks/FIXES.md`` of the package.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import libcst as cst

from ..documents.import_statements import move_names
from ..documents.module import bound_name, dotted_text, module_name
from ..names import MODERN, NEW_HOME, SHIM, NewerFrom
from ..newer_callbacks.differences import Difference, differences_of
from ..newer_callbacks.use import read_use
from .context import PythonContext
from .rule import PythonRule

_DEFINED_IN = f"{NEW_HOME}.callbacks"
_HOMES = {SHIM: SHIM, NEW_HOME: NEW_HOME, _DEFINED_IN: NEW_HOME}


@dataclass
class _Uses:
    """The uses of a name that one import binds, with what W&B's own class would do otherwise with each."""

    found: list[tuple[cst.BaseExpression, list[Difference]]] = field(default_factory=list)

    def differing(self) -> Iterable[tuple[cst.BaseExpression, Difference]]:
        return ((node, differences[0]) for node, differences in self.found if differences)

    def refused(self) -> Iterable[tuple[cst.BaseExpression, Difference]]:
        """Those that end the program with W&B's own class."""
        for node, differences in self.found:
            for difference in differences:
                if difference.refuses:
                    yield node, difference
                    break


def run(context: PythonContext) -> None:
    by_name, dotted = _uses(context)
    for node in context.view.nodes(cst.ImportFrom):
        if module_name(node) in _HOMES and not isinstance(node.names, cst.ImportStar):
            _decide(context, node, by_name)
    for home, uses in dotted:
        _report(context, home, uses)


def _uses(context: PythonContext) -> tuple[dict[tuple[int, str], _Uses], list[tuple[str, _Uses]]]:
    """Uses by the import and the name it binds, and those through a module, with the module."""
    view = context.view
    by_name: dict[tuple[int, str], _Uses] = {}
    dotted: list[tuple[str, _Uses]] = []
    nodes: list[cst.Name | cst.Attribute] = [*view.nodes(cst.Name)]
    nodes += [node for node in view.nodes(cst.Attribute) if node.attr.value in MODERN]
    for node in nodes:
        parent = view.parent(node)
        if isinstance(parent, (cst.ImportAlias, cst.AsName, cst.AssignTarget)):
            continue
        if isinstance(node, cst.Name) and isinstance(parent, cst.Attribute) and parent.attr is node:
            continue
        found = view.resolve(node)
        homes = {name.rpartition(".")[::2] for name in found.names} if found is not None else set()
        matching = {(module, name) for module, name in homes if module in _HOMES and name in MODERN}
        if found is None or not matching:
            continue
        module, callback = min(matching)
        differences = list(differences_of(read_use(view, node, callback)))
        if isinstance(node, cst.Attribute):
            dotted.append((_HOMES[module], _Uses([(node, differences)])))
            continue
        for binder in found.imports:
            by_name.setdefault((id(binder.node), node.value), _Uses()).found.append((node, differences))
    return by_name, dotted


def _decide(context: PythonContext, node: cst.ImportFrom, by_name: dict[tuple[int, str], _Uses]) -> None:
    """Move the names of an import, and report the uses that keep one where it is."""
    assert not isinstance(node.names, cst.ImportStar)
    module = module_name(node)
    home = _HOMES[module]
    homes = [module] * len(node.names)
    for index, alias in enumerate(node.names):
        if dotted_text(alias.name) not in MODERN:
            continue
        uses = by_name.get((id(node), bound_name(alias)), _Uses())
        if not uses.found and context.newer_from == "wandb" and home == SHIM:
            context.record(alias, "left", "it is not used here, so how it is used cannot be seen")
        elif context.newer_from == "wandb" and home == SHIM and not any(uses.differing()):
            homes[index] = NEW_HOME
        elif context.newer_from == "package" and home == NEW_HOME and any(uses.refused()):
            homes[index] = SHIM
        else:
            _report(context, home, uses)
    if set(homes) == {module} or context.skipped(node):
        return
    edits, after = move_names(context.view, node, homes, {})
    context.edits += edits
    what = "means the same with W&B's own class" if home == SHIM else "is refused by W&B's own class"
    context.record(node, "changed", f"each use of what moved {what}", after)


def _report(context: PythonContext, home: str, uses: _Uses) -> None:
    """Say of each use why its name stays: what W&B's own class would do otherwise, or does."""
    if home == SHIM and context.newer_from == "wandb":
        for node, difference in uses.differing():
            if not context.view.ignored(node):
                context.record(node, "left", f"stays with the package's class: {difference.sentence}")
    if home == NEW_HOME:
        for node, difference in uses.refused():
            if not context.view.ignored(node):
                context.record(
                    node, "note", f"{difference.sentence}; --newer-from package makes it the package's class"
                )


def worth_a_pass(data: bytes, newer_from: NewerFrom | None) -> bool:
    """Whether a file can name one of the three classes from where this rule has something to say of it."""
    if not any(name.encode() in data for name in MODERN):
        return False
    return newer_from == "wandb" or b"integration" in data


RULE = PythonRule(
    id="WK009", name="newer-home", level=1, order=900, last=True, doc=__doc__, run=run, worth_a_pass=worth_a_pass
)
