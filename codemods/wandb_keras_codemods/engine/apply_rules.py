"""One module through the rules: text in, edits and records out."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..documents.magics import parses
from ..documents.module import ModuleView
from ..documents.parsing import parse
from ..documents.python import Unit
from ..to_callbacks.project import Project
from ..rules.context import Rule, RuleContext
from ..documents.edits import Edit, OverlapError, settle, splice
from ..records import Record, SourceError

_HINT = re.compile(
    rb"WandbCallback|WandbKerasCallback|WandbMetricsLogger|WandbModelCheckpoint|WandbEvalCallback"
    rb"|wandb_keras|wandb[\s.\\]+keras|wandb[\w\s.\\]+import[^;]*?\bkeras"
)


def may_hit(data: bytes) -> bool:
    """Whether a file needs to be looked at, from its bytes alone; it may say yes too often, never no wrongly.

    Every form the rules know has ``wandb`` and ``keras`` in it, and one of the names or a module path.
    """
    return b"wandb" in data and b"keras" in data and _HINT.search(data) is not None


def transform(
    file: str, unit: Unit, rules: Iterable[Rule], project: Project | None = None
) -> tuple[list[Edit], list[Record]]:
    """Run rules, in order, on one unit.

    Returns:
        Settled edits on ``unit.text``, and records in the order of the text.

    Raises:
        SourceError: the text cannot be parsed, or the edits would not give a text that parses.
    """
    view = ModuleView(unit.text)
    if view.ignores_file:
        return [], []
    rules = [rule for rule in rules if rule.run is not None]
    context = RuleContext(file, unit, view, frozenset(rule.id for rule in rules), project)
    for rule in rules:
        context.rule = rule.id
        assert rule.run is not None
        rule.run(context)
    try:
        edits = settle([*context.edits, *context.planner.edits()])
    except OverlapError as error:
        raise SourceError(f"two rules meet at {error}; please report this") from None
    if edits:
        check(unit.text, splice(unit.text, edits))
    return edits, context.records


def check(before: str, after: str) -> None:
    """Raise unless the text still parses, with LibCST and, if it did before, with the running Python."""
    try:
        parse(after)
    except SourceError as error:
        raise SourceError(f"the rewritten text {error.message}; please report this", error.line) from None
    if parses(before) and not parses(after):
        raise SourceError("the rewritten text no longer parses; please report this")
