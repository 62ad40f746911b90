"""Computes the summary of a run from its rows and ``define_metric`` calls, as wandb's service does.

There are two services, wandb-core and the Python service before it, and their rules differ:

* nested mappings: wandb-core keeps each value in them, also beside earlier ones; the Python service of wandb up to
  0.16 keeps the mapping last logged as a whole, or, once any metric was defined, only the values that a definition
  names;
* a NaN makes every aggregate of wandb-core NaN from then on; the Python service leaves it out;
* a step metric that was not logged yet is 0 to wandb-core, and left out by the Python service;
* ``None`` is no value to wandb-core, and ``best`` no aggregate: such a metric has its last value;
* of several definitions of one metric, all aggregates are kept, beside which ``copy`` says nothing, and wandb-core goes
  by the last one that said so or not as to whether there is a summary at all; to the Python service ``copy`` goes first
  and ``none`` stays.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from numbers import Real
from typing import Any

from .nested_values import KeyPath, Nested, leaves
from .runs import Metric


@dataclass
class _Statistics:
    """The aggregates of the values of one metric so far."""

    first: Any = None
    last: Any = None
    low: float = math.inf
    high: float = -math.inf
    total: float = 0.0
    count: int = 0

    def add(self, value: Any) -> None:
        if self.count == 0:
            self.first = value
        self.last = value
        self.count += 1
        self.total += value
        if math.isnan(value) or math.isnan(self.low):
            self.low = self.high = math.nan
        else:
            self.low = min(self.low, value, key=float)
            self.high = max(self.high, value, key=float)


class MetricSummaries:
    """Keeps *summary* up to date with the rows that are logged.

    Args:
        summary: the run's summary, which the user writes to as well.
        definitions: the metrics defined so far by name or glob; read when a row comes.
        silent: names of those whose last definition of a summary asked for none.
        core: whether the rules are wandb-core's.
    """

    def __init__(self, summary: Nested, definitions: dict[str, Metric], silent: Collection[str], *, core: bool) -> None:
        self._summary = summary
        self._definitions = definitions
        self._silent = silent
        self._core = core
        self._statistics: dict[KeyPath, _Statistics] = {}
        self._steps: dict[str, Any] = {}
        self._met_glob = False

    def step_values(self, row: dict[str, Any]) -> dict[str, Any]:
        """Step metrics that *row* lacks, with their last values; ``step_sync`` adds them to the row."""
        missing: dict[str, Any] = {}
        for path, _ in leaves(row):
            metric = self._definition(path)
            if metric is None or not metric.step_sync or metric.step_metric is None:
                continue
            if metric.step_metric not in row and (self._core or metric.step_metric in self._steps):
                missing[metric.step_metric] = self._steps.get(metric.step_metric, 0)
        return missing

    def add_row(self, row: dict[str, Any]) -> None:
        """Takes one finished row into the summary."""
        self._note_steps(row)
        if self._core:
            for path, value in leaves(row):
                if value is not None:  # it does not take away an earlier value either
                    self._add_value(path, value)
        elif not self._any_defined():
            self._summary.values.update(row)
        else:
            for path, value in _media_or_leaves(row):
                self._add_value(path, value)

    def _note_steps(self, row: dict[str, Any]) -> None:
        """Remembers the latest values of the metrics known to be step metrics by now."""
        if self._core:
            known = {name for metric in self._definitions.values() for name in (metric.name, metric.step_metric)}
            self._steps.update((key, value) for key, value in row.items() if key in known and _is_number(value))
        elif self._any_defined():
            self._steps.update((key, value) for key, value in row.items() if not isinstance(value, dict))

    def _add_value(self, path: KeyPath, value: Any) -> None:
        metric = self._definition(path)
        kinds = set(metric.summary) if metric else set()
        if self._core:
            if metric is not None and metric.name in self._silent:
                return
            kinds -= {"best", "copy", "none"}
        if not kinds or "copy" in kinds:
            if self._core or len(path) == 1 or kinds:
                self._summary.put(path, value)
            return
        if "none" in kinds or not _is_number(value):
            return
        if not self._core and math.isnan(value):
            return
        statistics = self._statistics.setdefault(path, _Statistics())
        statistics.add(value)
        assert metric is not None
        for kind, found in _aggregates(statistics, kinds, metric.goal):
            self._summary.put((*path, kind), found)

    def _definition(self, path: KeyPath) -> Metric | None:
        name = ".".join(key.replace(".", "\\.") for key in path)
        found = self._definitions.get(name)
        if found is not None or name.startswith("_"):
            return found
        globs = (metric for metric in self._definitions.values() if metric.name.endswith("*"))
        met = next((metric for metric in globs if name.startswith(metric.name[:-1])), None)
        self._met_glob |= met is not None
        return met

    def _any_defined(self) -> bool:
        """Whether any metric is defined; a glob counts only once it has matched a key."""
        return self._met_glob or any("*" not in name for name in self._definitions)


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def _aggregates(seen: _Statistics, kinds: set[str], goal: str | None) -> Iterator[tuple[str, Any]]:
    best = seen.high if goal == "maximize" else seen.low
    known = {
        "first": seen.first,
        "last": seen.last,
        "min": seen.low,
        "max": seen.high,
        "best": best,
    }
    for kind, value in {**known, "mean": seen.total / seen.count}.items():
        if kind in kinds:
            yield kind, value


def _media_or_leaves(values: dict[str, Any], above: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Values and their paths; a mapping with a ``_type`` is one value."""
    for key, value in values.items():
        if isinstance(value, dict) and "_type" not in value:
            yield from _media_or_leaves(value, (*above, key))
        else:
            yield (*above, key), value
