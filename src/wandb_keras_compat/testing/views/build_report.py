"""Builds the report that the page shows, from one trace or from two and their differences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..trace.align import paired
from ..trace.differences import ABSENT, Absent
from ..trace.sweeps import TracedSweep
from .comparison_items import ItemBuilder
from .findings import Findings, topics_of
from .report_model import Report, Side, SweepReport
from .run_sections import RunBuilder
from .sweep_table import title_of
from .trace_size import holdings


def report_of(name: str, trace: Mapping[str, Any]) -> Report:
    """The report of one trace."""
    runs = [RunBuilder(ItemBuilder(), index, run, ABSENT).report() for index, run in enumerate(trace["runs"])]
    sweeps = [_sweep(ItemBuilder(), at, sweep, ABSENT) for at, sweep in enumerate(trace.get("sweeps", []))]
    return Report([_side("old", name, trace)], Findings(), [], runs, sweeps=sweeps)


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
    sweeps = [_sweep(builder, *both) for both in paired(*(trace.get("sweeps", []) for trace in traces))]
    return Report(sides, findings, topics_of(traces, findings), runs, notes, sweeps)


def _sweep(builder: ItemBuilder, index: str | int, old: TracedSweep | Absent, new: TracedSweep | Absent) -> SweepReport:
    at = ("sweeps", index)
    sides = (old, new)
    titles = dict.fromkeys(title_of(side) for side in sides if not isinstance(side, Absent))
    configs: list[dict[str, object]] = [{} if isinstance(side, Absent) else side["config"] for side in sides]
    keys = dict.fromkeys(key for config in configs for key in sorted(config))
    config = [builder.pair((*at, "config", key), *(each.get(key, ABSENT) for each in configs)) for key in keys]
    given = [
        builder.pair((*at, "given", place), *both, title=f"run {place}")
        for place, *both in paired(*([] if isinstance(side, Absent) else side["given"] for side in sides))
    ]
    return SweepReport(" → ".join(titles), builder.findings.touching(*at), config, given)


def _side(style: str, name: str, trace: Mapping[str, Any]) -> Side:
    return Side(style, name, trace["door"], sorted(trace["made_with"].items()), holdings(trace))
