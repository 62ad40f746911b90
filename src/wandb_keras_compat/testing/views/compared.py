"""The outcome of a comparison in the terms of the views."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .findings import Finding, Findings, Topic, topics_of
from .words import ABSENT, plural


class Compared:
    """What :func:`..trace.compare.diff` returned: findings, and notes on what it did not count."""

    def __init__(self, diff: Any) -> None:
        self.findings = Findings(Finding(found.path, found.old, found.new, found.kind) for found in diff)
        self._known: Mapping[str, int] = dict(diff.known)
        self._left_out: Mapping[str, int] = dict(diff.left_out)

    @property
    def notes(self) -> list[str]:
        """Sentences on known differences, by their ids, and on what one of the two could not see."""
        said = []
        if self._known:
            each = ", ".join(f"{entry} ({count})" for entry, count in sorted(self._known.items()))
            said.append(f"{plural(sum(self._known.values()), 'path')} left out as known differences: {each}.")
        if self._left_out:
            each = ", ".join(f"{pattern} ({count})" for pattern, count in sorted(self._left_out.items()))
            said.append(f"{plural(sum(self._left_out.values()), 'path')} left out as one side cannot see them: {each}.")
        return said

    def topics(self, traces: tuple[Mapping[str, Any], Mapping[str, Any]]) -> list[Topic]:
        return topics_of(traces, self.findings)

    def as_json(self) -> dict[str, Any]:
        """For programs: a side that has nothing at a path lacks the key ``old`` or ``new``."""
        found = [
            {"path": one.path, "kind": one.kind}
            | {side: value for side, value in (("old", one.old), ("new", one.new)) if value is not ABSENT}
            for one in self.findings.all
        ]
        return {
            "equal": not found,
            "differences": found,
            "known": dict(self._known),
            "left_out": dict(self._left_out),
        }
