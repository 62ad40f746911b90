"""Which runs, in which order, and which of their rows: the columns of a run, and the history in samples."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from ...model.runs import RunState
from . import account
from .arguments import number, text
from .filters import MISSING, is_date, keys_of, moment, parsed
from .http_errors import NotDoneError, RefusedError
from .json_types import Arguments, Object
from .limits import json_object
from .server_state import RunRecord

Row = Object

#: The rows of a history that is asked for without a number of samples, as many as the public API asks for itself.
SAMPLES = 500


def condition(state: RunState) -> str:
    """The state of a run, as W&B calls it."""
    if state.exit_code is None:
        return "running"
    return "failed" if state.exit_code else "finished"


def column(record: RunRecord, key: str) -> Any:
    """A value of a run that filters and orders can name; MISSING where the run has none.

    ``config.lr`` and ``config.lr.value`` are the same. A key with dots in its own name is found as well.

    Raises:
        NotDoneError: there is no such column here.
    """
    state = record.state
    section, _, rest = key.partition(".")
    if section == "config" and rest:
        found = at(state.config, rest)
        return at(state.config, rest.removesuffix(".value")) if found is MISSING else found
    if section in {"summary_metrics", "summaryMetrics", "summary"} and rest:
        return at(state.summary, rest)
    if is_date(key):
        return moment(record.created) if key.startswith("created") else moment(record.changed)
    columns: Object = {
        "name": state.key.id,
        "display_name": state.name or state.key.id,
        "state": condition(state),
        "tags": state.tags,
        "group": state.group,
        "job_type": state.job_type,
        "notes": state.notes,
        "sweep": state.sweep,
        "host": record.host,
        "program": record.program,
        "username": account.USER,
        "entity": state.key.entity,
        "project": state.key.project,
    }
    columns |= {"displayName": columns["display_name"], "jobType": state.job_type, "user.username": account.USER}
    if key not in columns:
        raise NotDoneError(
            f"this backend cannot look for runs by {key!r:.60}; it can by config.*, summary_metrics.*, "
            f"{', '.join(sorted(columns))} and created_at"
        )
    return MISSING if columns[key] is None else columns[key]


def at(values: Any, path: str) -> Any:
    """What is in nested *values* at a dotted path; MISSING where nothing is."""
    if not isinstance(values, dict):
        return MISSING
    if path in values:
        return values[path]
    for end in (place for place, letter in enumerate(path) if letter == "."):
        if path[:end] in values:
            found = at(values[path[:end]], path[end + 1 :])
            if found is not MISSING:
                return found
    return MISSING


def chosen(records: Sequence[RunRecord], arguments: Arguments) -> list[RunRecord]:
    """The runs that pass the ``filters``, in the ``order``; *records* in the order in which they began.

    Runs without the value come last, whatever the direction, and of equal ones the older first.

    Raises:
        RefusedError: 400, filters or order have not their form, or name what is not known here.
    """
    test = parsed(arguments.get("filters"))
    for key in keys_of(arguments.get("filters")):  # one that nobody knows is refused, also where no run is looked at
        column(RunRecord.blank(), key)
    found = [record for record in records if test(partial(column, record))]
    order = text(arguments, "order")
    return in_order(found, order) if order else found


def in_order(records: Sequence[RunRecord], order: str) -> list[RunRecord]:
    """*records* by one column: ``+`` or nothing before it is ascending, ``-`` descending."""
    down, key = order.startswith("-"), order.lstrip("+-")
    column(RunRecord.blank(), key)
    places = enumerate(records)
    keyed = [(_rank(column(record, key)), place, record) for place, record in places]
    with_value = [entry for entry in keyed if entry[0] is not None]
    without = [entry for entry in keyed if entry[0] is None]
    by_time = is_date(key)
    with_value.sort(key=lambda entry: (entry[0], entry[1] if by_time else 0), reverse=down)
    return [record for _, _, record in (*with_value, *without)]


def _rank(value: Any) -> tuple[int, Any] | None:
    """Something to sort by: numbers, then texts, then times; None for what has no place among them."""
    if isinstance(value, (bool, int, float)):
        return None if isinstance(value, float) and math.isnan(value) else (0, value)
    if isinstance(value, str):
        return (1, value)
    return (2, value.timestamp()) if isinstance(value, datetime) else None


def sampled(rows: Sequence[Row], samples: int | None) -> list[Row]:
    """At most *samples* of *rows*, spread evenly, the first and the last among them."""
    if samples is None or len(rows) <= samples:
        return list(rows)
    if samples <= 1:
        return list(rows[-samples:]) if samples else []
    return [rows[round(place * (len(rows) - 1) / (samples - 1))] for place in range(samples)]


def between(rows: Sequence[Row], arguments: Arguments) -> list[Row]:
    """Rows with ``minStep <= _step < maxStep``, ``samples`` of them."""
    low, high = number(arguments, "minStep") or 0, number(arguments, "maxStep")
    steps = ((step_of(row, place), row) for place, row in enumerate(rows))
    found = [row for step, row in steps if step >= low and (high is None or step < high)]
    return sampled(found, number(arguments, "samples"))


def step_of(row: Row, place: int) -> Any:
    step = row.get("_step", place)
    return step if isinstance(step, (int, float)) else place


def of_spec(rows: Sequence[Row], spec: object) -> list[Row]:
    """Rows that have all ``keys`` of *spec*, a JSON text, with these keys only, ``samples`` of them.

    Other than in ``history`` the ``maxStep`` is among them, as wandb's pull request 12010 found W&B to do: from older
    wandb ``scan_history(keys=...)`` gets some rows of the edges of its pages twice or not at all, there and here.

    Raises:
        RefusedError: 400, *spec* has not the form of one.
        NotDoneError: it has something that is not known here.
    """
    given = json_object(spec, "a history spec") if isinstance(spec, str) else {}
    if not isinstance(spec, str):
        raise RefusedError(400, "a history spec must be a JSON text")
    unknown = given.keys() - {"keys", "samples", "minStep", "maxStep"}
    if unknown:
        raise NotDoneError(f"{min(unknown)!r:.60} in a history spec is not known to this backend")
    keys = given.get("keys") or []
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        raise RefusedError(400, "the keys of a history spec must be a list of texts")
    found = []
    last = number(given, "maxStep")
    for row in between(rows, {"minStep": given.get("minStep"), "maxStep": None if last is None else last + 1}):
        values = {key: at(row, key) for key in keys} if keys else row
        if MISSING not in values.values():
            found.append(values)
    return sampled(found, number(given, "samples"))


def number_or_none(value: Any) -> float | None:
    """*value* where it is a number that can be compared."""
    fits = isinstance(value, (int, float)) and not isinstance(value, bool) and not math.isnan(value)
    return value if fits else None
