"""A sweep of a trace: which values each run got, and what came of them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from ..number_texts import plural
from ..trace.canonical import float_of, is_number
from ..trace.sweeps import TracedSweep
from .describe import describe, number

#: The runs of the trace; of each the summary is looked at.
Runs: TypeAlias = "Sequence[Mapping[str, Mapping[str, object]]]"


def title_of(sweep: TracedSweep) -> str:
    """``Sweep 1: tuning (grid; FINISHED; 1 agent; minimize val_loss)``."""
    config = sweep["config"]
    about = [str(config.get("method", "no method")), sweep["state"], plural(sweep["agents"], "agent")]
    metric = _metric(sweep)
    about += [f"{metric.get('goal', 'minimize')} {metric['name']}"] if metric else []
    about += ["early_terminate, which ends nothing here"] if config.get("early_terminate") else []
    named = f"{sweep['name'].capitalize()}: {sweep['title']}" if sweep["title"] else sweep["name"].capitalize()
    return f"{named} ({'; '.join(about)})"


def rows_of(sweep: TracedSweep, runs: Runs) -> Iterator[tuple[str, str, str, str]]:
    """Run, agent, values and the metric of each run that was given out; the best one is marked."""
    metric = _metric(sweep)
    best = best_run(sweep, runs)
    for given in sweep["given"]:
        run = given["run"]
        values = ", ".join(f"{name}={describe(value)}" for name, value in given["values"].items())
        came = ""
        if run is None:
            came = "never began"
        elif metric:
            value = _value(runs[run], metric["name"])
            came = f"{metric['name']} {'missing' if value is None else number(value)}"
        came += ", the best" if run is not None and run == best else ""
        yield "" if run is None else f"run {run}", "" if given["agent"] is None else str(given["agent"]), values, came


def best_run(sweep: TracedSweep, runs: Runs) -> int | None:
    """The index of the run with the best value of the sweep's metric in its summary, as ``best_run()`` has it."""
    metric = _metric(sweep)
    if not metric:
        return None
    known = [given["run"] for given in sweep["given"] if given["run"] is not None]
    valued = [(value, run) for run in known if (value := _value(runs[run], metric["name"])) is not None]
    pick = max if metric.get("goal") == "maximize" else min
    return pick(valued, key=lambda pair: pair[0])[1] if valued else None


def _metric(sweep: TracedSweep) -> Mapping[str, object]:
    metric = sweep["config"].get("metric")
    return metric if isinstance(metric, Mapping) and isinstance(metric.get("name"), str) else {}


def _value(run: Mapping[str, Mapping[str, object]], name: object) -> float | None:
    value = run["summary"].get(str(name))
    found = float_of(value) if is_number(value) else None
    return None if found is None or math.isnan(found) else found
