"""The content of the page as plain records, made by :mod:`.build_report`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from ..trace.differences import Difference
from .comparison_items import ComparisonItem, Pair
from .findings import Findings, Topic


@dataclass(frozen=True)
class Side:
    """One trace: *style* is ``old`` or ``new``, *name* what the reader calls it (a file name)."""

    style: str
    name: str
    door: str
    versions: Sequence[tuple[str, str]]
    holds: str


@dataclass(frozen=True)
class Figure:
    """A chart, with the values that it draws."""

    title: str
    path: str
    svg: Markup
    findings: Sequence[Difference]
    values: Sequence[Pair] = ()

    @property
    def differs(self) -> bool:
        return bool(self.findings)


@dataclass
class RunReport:
    """One run of either trace, or of both; sections in the order of the page."""

    title: str
    findings: Sequence[Difference]
    curves: list[Figure] = field(default_factory=list)
    ridges: list[Figure] = field(default_factory=list)
    images: list[tuple[str, list[ComparisonItem]]] = field(default_factory=list)
    items: list[ComparisonItem] = field(default_factory=list)
    values: list[Pair] = field(default_factory=list)
    summary: list[Pair] = field(default_factory=list)
    config: list[Pair] = field(default_factory=list)
    metrics: list[Pair] = field(default_factory=list)
    properties: list[Pair] = field(default_factory=list)
    files: list[ComparisonItem] = field(default_factory=list)
    artifacts: list[ArtifactReport] = field(default_factory=list)
    telemetry: list[Pair] = field(default_factory=list)
    console: list[Pair] = field(default_factory=list)


@dataclass(frozen=True)
class ArtifactReport:
    title: str
    path: str
    findings: Sequence[Difference]
    properties: Sequence[Pair]
    entries: Sequence[ComparisonItem]

    @property
    def differs(self) -> bool:
        return bool(self.findings)


@dataclass(frozen=True)
class SweepReport:
    """One sweep of either trace, or of both: what it was, and each run that was given out with its values."""

    title: str
    findings: Sequence[Difference]
    config: Sequence[Pair]
    given: Sequence[Pair]


@dataclass(frozen=True)
class Report:
    """All of the page. *notes* are sentences about what the comparison did not count."""

    sides: Sequence[Side]
    findings: Findings
    topics: Sequence[Topic]
    runs: Sequence[RunReport]
    notes: Sequence[str] = ()
    sweeps: Sequence[SweepReport] = ()

    @property
    def comparing(self) -> bool:
        return len(self.sides) == 2
