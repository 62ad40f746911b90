"""A comparison as the views need it: findings by topic, notes on what was not counted, and JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..number_texts import plural
from ..trace.differences import ABSENT, Diff, Difference
from .findings import Findings, Topic, topics_of


class ComparisonView:
    """What a comparison found, and notes on what it did not count."""

    def __init__(self, diff: Diff) -> None:
        self.findings = Findings(diff)
        self._diff = diff

    @property
    def notes(self) -> list[str]:
        """Sentences on known differences, by their ids, and on what one of the two could not see."""
        notes = []
        if known := {entry: len(found) for entry, found in self._diff.known.items()}:
            # A difference can be known by two entries and is one difference still.
            count = len({id(found) for each in self._diff.known.values() for found in each})
            notes.append(f"{plural(count, 'path')} left out as known differences: {_each(known)}.")
        if ignored := self._diff.ignored:
            notes.append(f"{plural(sum(ignored.values()), 'path')} ignored, as you asked: {_each(ignored)}.")
        if left_out := self._diff.left_out:
            count = sum(left_out.values())
            notes.append(f"{plural(count, 'path')} left out as one of the two cannot see them: {_each(left_out)}.")
        return notes

    def topics(self, traces: tuple[Mapping[str, Any], Mapping[str, Any]]) -> list[Topic]:
        return topics_of(traces, self.findings)

    def as_json(self) -> dict[str, Any]:
        """For programs: a side that has nothing at a path lacks the key ``old`` or ``new``."""
        return {
            "equal": not self._diff,
            "differences": [_as_json(found) for found in self._diff],
            "known": {entry: [_as_json(one) for one in found] for entry, found in self._diff.known.items()},
            "left_out": dict(self._diff.left_out),
            "ignored": dict(self._diff.ignored),
        }


def _as_json(found: Difference) -> dict[str, Any]:
    sides = {side: value for side, value in (("old", found.old), ("new", found.new)) if value is not ABSENT}
    return {"path": found.path, "kind": found.kind, **({"note": found.note} if found.note else {}), **sides}


def _each(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} ({count})" for name, count in sorted(counts.items()))
