"""The differences of two traces, by path and grouped into topics, such as a history key or a file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..number_texts import plural
from ..trace.differences import ABSENT, Difference
from ..trace.paths import Path
from .describe import both, kind_of

_AN_ARTIFACT = len(("runs", 0, "artifacts", "logged", 0))
_ORDER = ("runs", "run", "history", "summary", "metrics", "config", "files", "artifact")


def texts_of(difference: Difference) -> tuple[str, str]:
    """Both values in words that tell them apart, with the comparison's note where values do not show it."""
    old, new = both(difference.old, difference.new)
    return (old, f"{new}; {difference.note}") if difference.note else (old, new)


@dataclass
class Topic:
    """All findings about one thing: a history key, one file, the telemetry of a run."""

    run: int | None
    section: str
    name: str
    findings: list[Difference] = field(default_factory=list)

    @property
    def title(self) -> str:
        return f"{self.section} {self.name}".strip()

    def gist(self) -> str:
        """The topic in a few words: the largest difference of numbers, or the first of anything else."""
        numbers = [
            (abs(finding.new - finding.old), finding)
            for finding in self.findings
            if kind_of(finding.old) == kind_of(finding.new) == "number"
            and not isinstance(finding.old, dict)
            and not isinstance(finding.new, dict)
        ]
        _, shown = max(numbers, key=lambda pair: pair[0]) if numbers else (0, self.findings[0])
        old, new = texts_of(shown)
        text = f"{old} → {new}"
        rows = len({finding.parts[:4] for finding in self.findings}) if self.section == "history" else 0
        where = [plural(rows, "row")] if rows > 1 else []
        if len(self.findings) > 1:
            where.append("the largest" if numbers else "the first")
        return f"{', '.join(where)} {text}" if where else text


class Findings:
    """All differences, with the queries that the views use."""

    def __init__(self, findings: Iterable[Difference] = ()) -> None:
        self.all = list(findings)
        self._below: dict[Path, list[Difference]] = defaultdict(list)
        self._at: dict[Path, list[Difference]] = defaultdict(list)
        for finding in self.all:
            self._at[finding.parts].append(finding)
            for length in range(len(finding.parts) + 1):
                self._below[finding.parts[:length]].append(finding)

    def __len__(self) -> int:
        return len(self.all)

    def touching(self, *parts: str | int) -> list[Difference]:
        """What differs at *parts*, anywhere below it, or above it so that all of it is concerned."""
        above = [finding for length in range(len(parts)) for finding in self._at.get(parts[:length], ())]
        return above + self._below.get(parts, [])

    def topics(self) -> list[Topic]:
        """Every finding in exactly one topic, in the order of their first findings."""
        found: dict[tuple[int | None, str, str], Topic] = {}
        for finding in self.all:
            key = _topic(finding.parts)
            found.setdefault(key, Topic(*key)).findings.append(finding)
        return list(found.values())


def topics_of(traces: tuple[Mapping[str, Any], Mapping[str, Any]], findings: Findings) -> list[Topic]:
    """The topics as a reader wants them: what was logged first, artifacts by name."""
    topics = findings.topics()
    for topic in topics:
        if topic.section.startswith("artifact"):
            topic.name = _artifact_name(traces, topic) or topic.name
    order = {section: place for place, section in enumerate(_ORDER)}
    return sorted(topics, key=lambda topic: (topic.run or 0, order.get(topic.section.split()[0], len(order))))


def _artifact_name(traces: tuple[Mapping[str, Any], Mapping[str, Any]], topic: Topic) -> str | None:
    """The name of the artifact whose index is the topic's name: one that both have counts in the longer list."""
    first = topic.findings[0]
    alone = first.new if first.old is ABSENT else first.old
    if len(first.parts) == _AN_ARTIFACT and isinstance(alone, Mapping):
        return str(alone["name"])
    _, _, relation = topic.section.partition(" ")
    try:
        lists = [trace["runs"][topic.run]["artifacts"][relation] for trace in traces]
        return str(max(lists, key=len)[int(topic.name)]["name"])
    except (LookupError, TypeError, ValueError):
        return None


def _topic(parts: Path) -> tuple[int | None, str, str]:
    if parts[:1] != ("runs",) or len(parts) < 2 or not isinstance(parts[1], int):
        return None, str(parts[0]) if parts else "trace", ""
    if len(parts) == 2:
        return parts[1], "run", ""
    run, section, *rest = parts[1:]
    if section == "history":
        return int(run), "history", str(rest[1]) if len(rest) > 1 else "rows"
    if section == "artifacts":
        return int(run), " ".join(["artifact", *map(str, rest[:1])]), f"{rest[1]}" if len(rest) > 1 else ""
    if section in {"summary", "config", "files", "metrics"} and rest:
        return int(run), str(section), str(rest[0])
    return int(run), str(section), ""
