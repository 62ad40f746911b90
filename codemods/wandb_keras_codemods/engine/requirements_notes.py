"""Which notes about dependencies are shown: those of projects in which a file has come to import the package."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ..documents.kinds import kind_of
from ..names import SHIM
from ..rules import RULES
from ..rules.rule import DependencyRule
from .migrate_file import Outcome


def without_other_notes(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Outcomes without the notes that concern no changed file.

    A requirements file concerns the files of its folder and below, but for those that have one with a note nearer to
    them; a notebook's cell concerns the notebook.
    """
    rules = {rule.id for rule in RULES if isinstance(rule, DependencyRule)}
    noted = {outcome.file for outcome in outcomes if any(record.rule in rules for record in outcome.records)}
    changed = [outcome.file for outcome in outcomes if SHIM.encode() in (outcome.after or b"")]
    folders = {_folder(file) for file in noted if kind_of(file) == "requirements"}
    reached = {_nearest(_folder(file), folders) for file in changed}
    shown = {
        file for file in noted if file in changed or (kind_of(file) == "requirements" and _folder(file) in reached)
    }
    return [outcome if outcome.file in shown else _without(rules, outcome) for outcome in outcomes]


def _folder(file: str) -> str:
    return os.path.dirname(os.path.abspath(file))


def _nearest(folder: str, among: Iterable[str]) -> str | None:
    """The lowest of some folders that holds a folder or is it."""
    above = [other for other in among if folder == other or folder.startswith(other.rstrip(os.sep) + os.sep)]
    return max(above, key=len, default=None)


def _without(rules: Iterable[str], outcome: Outcome) -> Outcome:
    kept = tuple(record for record in outcome.records if record.rule not in rules)
    return outcome if len(kept) == len(outcome.records) else replace(outcome, records=kept)
