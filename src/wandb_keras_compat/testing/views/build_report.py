"""Builds the report that the page shows, from one trace or from two and their differences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..trace.align import paired
from ..trace.differences import ABSENT
from .comparison_items import ItemBuilder
from .findings import Findings, topics_of
from .report_model import Report, Side
from .run_sections import RunBuilder
from .trace_size import holdings


def report_of(name: str, trace: Mapping[str, Any]) -> Report:
    """The report of one trace."""
    runs = [RunBuilder(ItemBuilder(), index, run, ABSENT).report() for index, run in enumerate(trace["runs"])]
    return Report([_side("old", name, trace)], Findings(), [], runs)


def report_of_both(
    names: tuple[str, str],
    traces: tuple[Mapping[str, Any], Mapping[str, Any]],
    findings: Findings,
    notes: Sequence[str] = (),
) -> Report:
    """The report of two traces and what a comparison found."""
    builder = ItemBuilder(findings, comparing=True)
    pairs = paired(traces[0]["runs"], traces[1]["runs"])
    runs = [RunBuilder(builder, index, old, new).report() for index, old, new in pairs]
    sides = [_side(style, name, trace) for style, name, trace in zip(("old", "new"), names, traces)]
    return Report(sides, findings, topics_of(traces, findings), runs, notes)


def _side(style: str, name: str, trace: Mapping[str, Any]) -> Side:
    return Side(style, name, trace["door"], sorted(trace["made_with"].items()), holdings(trace))
