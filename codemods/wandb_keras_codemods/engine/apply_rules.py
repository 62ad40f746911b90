"""Applies the rules of one pass to one document."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..documents.document import Document
from ..documents.edits import Edit, OverlapError, merged
from ..names import NewerFrom
from ..records import Location, Record, SourceError
from ..rules.context import RuleContext
from ..rules.rule import Rule
from ..to_callbacks.project import Project


def apply_rules(
    file: str,
    document: Document,
    rules: Iterable[Rule],
    project: Project | None = None,
    newer_from: NewerFrom | None = None,
    locate: Callable[[int], Location] | None = None,
) -> tuple[list[Edit], list[Record]]:
    """Run rules, in order, on one document.

    Args:
        locate: maps an offset in ``document.text`` to a place in the user's file, where an earlier pass has changed the
            text.

    Returns:
        Merged edits on ``document.text``, and records in the order they were made.

    Raises:
        SourceError: the document's text cannot be parsed, or two rules edit the same characters.
    """
    if document.ignores_file:
        return [], []
    rules = list(rules)
    enabled = frozenset(rule.id for rule in rules)
    contexts: dict[type[RuleContext], RuleContext] = {}
    for rule in rules:
        if rule.context not in contexts:
            contexts[rule.context] = rule.context(
                file, document, locate or document.locate, enabled, project, newer_from
            )
        context = contexts[rule.context]
        context.rule = rule.id
        rule.apply(context)
    try:
        edits = merged(edit for context in contexts.values() for edit in context.all_edits())
    except OverlapError as error:
        raise SourceError(f"two rules meet at {error}; please report this") from None
    return edits, [record for context in contexts.values() for record in context.records]
