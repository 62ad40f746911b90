"""Decodes the config as the SDK sends it, with the telemetry and metric definitions in its key ``_wandb``.

Every value is wrapped as ``{"value": ...}``. ``_wandb`` holds the telemetry (``t``) and the metric definitions (``m``)
as protobuf messages written with field numbers for names: a message of flags is the list of the numbers that are
set, any other a mapping of numbers. The names come from the descriptors of the installed wandb; the numbers are the
same in every version.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from ...model.runs import VERSION_FIELDS, Metric, RunState
from .json_types import Object
from .retired_names import RETIRED


def apply_config(state: RunState, wrapped: Object) -> None:
    """Replaces the config of *state* with *wrapped*, adds what is in its ``_wandb`` to metrics, telemetry, versions.

    These only grow: a resumed run sends only its own, and earlier definitions still hold.
    """
    state.config = {key: _unwrapped(value) for key, value in wrapped.items() if key != "_wandb"}
    hidden = _unwrapped(wrapped.get("_wandb"))
    if not isinstance(hidden, dict):
        return
    if isinstance(hidden.get("m"), list):
        state.metrics.update({metric.name: metric for metric in metrics_of(hidden["m"])})
    if isinstance(hidden.get("t"), dict):
        flags, versions = telemetry_of(hidden["t"])
        state.telemetry |= flags
        state.versions.update(versions)


def _unwrapped(value: Any) -> Any:
    return value["value"] if isinstance(value, dict) and "value" in value else value


def telemetry_of(coded: Object) -> tuple[set[str], dict[str, str]]:
    """The flags that are set, as dotted names, and distribution to version.

    A number that no wandb known here has a name for is kept as ``#number``.
    """
    names = _descriptor("wandb_telemetry_pb2", "TelemetryRecord")
    flags: set[str] = set()
    versions: dict[str, str] = {}
    for number, value in coded.items():
        known = names.fields_by_number.get(int(number)) if number.isdigit() else None
        name = known.name if known else f"#{number}"
        if isinstance(value, list):
            inner = known.message_type.fields_by_number if known and known.message_type else {}
            gone = RETIRED.get(name, {})
            flags.update(f"{name}.{inner[n].name if n in inner else gone.get(n, f'#{n}')}" for n in value)
        elif name in VERSION_FIELDS and isinstance(value, str):
            versions[VERSION_FIELDS[name]] = value
    return flags, versions


def metrics_of(coded: list[Any]) -> list[Metric]:
    """The metrics of ``m``; a step metric may be written as its place in the list, counted from 1.

    Entries the SDK added itself for a key that a glob matched are left out, as far as it marks them.
    """
    record = _descriptor("wandb_internal_pb2", "MetricRecord")
    decoded = [_decoded(entry, record) for entry in coded if isinstance(entry, dict)]
    found = []
    for entry in decoded:
        step = entry.get("step_metric")
        place = entry.get("step_metric_index")
        if step is None and isinstance(place, int) and 1 <= place <= len(decoded):
            step = decoded[place - 1].get("name")
        name = entry.get("glob_name") or entry.get("name")
        if not isinstance(name, str) or entry.get("expanded_from_glob"):
            continue
        options, goals = entry.get("options", ()), record.fields_by_name["goal"].enum_type.values_by_number
        goal = goals[entry["goal"]].name.removeprefix("GOAL_").lower() if entry.get("goal") in goals else None
        found.append(
            Metric(
                name=name,
                step_metric=step,
                summary=tuple(sorted(entry.get("summary", ()))),
                hidden="hidden" in options,
                step_sync="step_sync" in options,
                goal=goal if goal in {"minimize", "maximize"} else None,
            )
        )
    return found


def _decoded(entry: Object, record: Any) -> Object:
    """Numbers to names, one level deep: flags become the tuple of their names."""
    found: Object = {}
    for number, value in entry.items():
        known = record.fields_by_number.get(int(number)) if number.isdigit() else None
        if known is None:
            continue
        flags = isinstance(value, list) and known.message_type
        names = known.message_type.fields_by_number if flags else {}
        found[known.name] = tuple(names[n].name for n in value if n in names) if flags else value
    return found


def _descriptor(module: str, message: str) -> Any:
    return getattr(import_module(f"wandb.proto.{module}"), message).DESCRIPTOR
