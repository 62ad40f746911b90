"""One trace, or two and what differs, made into the report that the page shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from .contents import holdings
from .exhibits import Exhibitor
from .findings import Findings, topics_of
from .report import Report, Side
from .runs import RunBuilder


def report_of(name: str, trace: Mapping[str, Any]) -> Report:
    """The report of one trace."""
    runs = [RunBuilder(Exhibitor(), index, run, None).report() for index, run in enumerate(trace["runs"])]
    return Report([_side("old", name, trace)], Findings(), [], runs)


def report_of_both(
    names: tuple[str, str],
    traces: tuple[Mapping[str, Any], Mapping[str, Any]],
    findings: Findings,
    notes: Sequence[str] = (),
) -> Report:
    """The report of two traces and what a comparison found."""
    exhibitor = Exhibitor(findings, comparing=True)
    pairs = zip_longest(traces[0]["runs"], traces[1]["runs"])
    runs = [RunBuilder(exhibitor, index, *pair).report() for index, pair in enumerate(pairs)]
    sides = [_side(style, name, trace) for style, name, trace in zip(("old", "new"), names, traces)]
    return Report(sides, findings, topics_of(traces, findings), runs, notes)


def _side(style: str, name: str, trace: Mapping[str, Any]) -> Side:
    return Side(style, name, trace["door"], sorted(trace["made_with"].items()), holdings(trace))
