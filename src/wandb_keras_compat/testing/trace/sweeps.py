"""Sweeps in a trace: what was asked for, by how many agents it was worked on, and which run got which values.

Ids and hosts are the server's and the machine's: a sweep is named by its place, an agent is a number, and a run is its
index in the trace's ``runs``, or null where it never began.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypedDict

from ..model.snapshot import Snapshot, SweepSnapshot
from .intermediate import Context, Folder
from .rules import RULES


class Given(TypedDict):
    """What one run was given; *run* and *agent* are places in the trace, or null."""

    run: int | None
    agent: int | None
    values: dict[str, object]


class TracedSweep(TypedDict):
    """One sweep, as the schema has it."""

    name: str
    title: str | None
    state: str
    config: dict[str, object]
    agents: int
    given: list[Given]


def sweep_names(snapshot: Snapshot) -> dict[str, str]:
    """Sweep ids to names, by the order in which their first runs began; sweeps without a run come last."""
    ids: Iterable[str | None] = (*(run.sweep for run in snapshot.runs), *(sweep.id for sweep in snapshot.sweeps))
    return {sweep: f"sweep {number}" for number, sweep in enumerate(dict.fromkeys(filter(None, ids)), 1)}


def traced_sweeps(snapshot: Snapshot, names: Mapping[str, str]) -> list[TracedSweep]:
    """The sweeps of *snapshot* in the order of their *names*."""
    runs = {(run.entity, run.project, run.id): index for index, run in enumerate(snapshot.runs)}
    found = [_sweep(sweep, names[sweep.id], runs) for sweep in snapshot.sweeps]
    order = list(names.values())
    return sorted(found, key=lambda sweep: order.index(sweep["name"]))


def _sweep(sweep: SweepSnapshot, name: str, runs: Mapping[tuple[str, str, str], int]) -> TracedSweep:
    convert = Context(Folder({}), {}, tuple(rule.apply for rule in RULES if rule.on == "value")).convert
    by_run = {run: number for number, agent in enumerate(sweep.agents) for run in agent.runs}
    return {
        "name": name,
        "title": sweep.name or None,
        "state": sweep.state,
        "config": convert(sweep.config),
        "agents": len(sweep.agents),
        "given": [
            {
                "run": runs.get((sweep.entity, sweep.project, run_id)),
                "agent": by_run.get(run_id),
                "values": convert(values),
            }
            for run_id, values in sweep.given
        ],
    }
