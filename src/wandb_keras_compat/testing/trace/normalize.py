"""A trace of a snapshot: the rules of :mod:`.rules`, applied in their order, and the result laid out by the schema."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping
from typing import Any, Literal, TypeAlias

from ..model.snapshot import Snapshot
from .intermediate import Context, IntermediateArtifact, IntermediateRun, intermediate_runs
from .paths import literal
from .rules import RULES
from .sweeps import sweep_names, traced_sweeps

Door: TypeAlias = Literal["http", "log", "recorder"]

SCHEMA = "wandb-keras-compat/trace/1"

BLIND: dict[str, tuple[str, ...]] = {
    # A server sees uploads, not when the SDK was asked to make them.
    "http": ("runs[*].files[*].policy",),
    # ``use_artifact`` is refused offline. The log has raw writes; which lines they made, a terminal knows.
    "log": ("runs[*].artifacts.used", "runs[*].console"),
    # No terminal is captured in there.
    "recorder": ("runs[*].console",),
}
"""What a door never sees, as path patterns."""


def trace_of(snapshot: Snapshot, door: Door, *, blind: Iterable[str] = ()) -> dict[str, Any]:
    """What *snapshot* holds, in canonical form. The result is plain JSON and satisfies the schema.

    Args:
        door: which door filled the store; it decides what the trace is blind to.
        blind: patterns of what else was not seen, e.g. ``runs[*].artifacts.**`` for the log of an online run.
    """
    made = intermediate_runs(snapshot)
    for run in made:
        _apply(run)
    unseen = _unseen(made) if door == "log" else []
    sweeps = sweep_names(snapshot)
    if door != "http" and sweeps:  # a run says which sweep it is of; what the sweep is, a server alone knows
        unseen.append("sweeps.**")
    found = traced_sweeps(snapshot, sweeps)
    return {
        "schema": SCHEMA,
        "door": door,
        "blind": list(dict.fromkeys([*BLIND[door], *blind, *unseen])),
        "made_with": {name: version for run in snapshot.runs for name, version in sorted(run.versions().items())},
        "runs": [_run(run, sweeps) for run in made],
        **({"sweeps": found} if found else {}),
    }


def dumps(trace: Any) -> str:
    """*trace* as a file has it: keys sorted, one space of indentation, a newline at the end.

    Raises:
        ValueError: it holds a bare NaN or infinity, so it is no trace.
    """
    return json.dumps(trace, sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _apply(run: IntermediateRun) -> None:
    by_kind = {kind: [rule.apply for rule in RULES if rule.on == kind] for kind in {rule.on for rule in RULES}}
    for rule in by_kind["run before"]:
        rule(run)
    context = Context(run.folder, run.tables, tuple(by_kind["value"]))
    for name in ("config", "history", "summary"):
        setattr(run, name, context.convert(getattr(run, name)))
    for artifact in run.artifacts():
        artifact.metadata = context.inside(artifact.folder).convert(artifact.metadata or {})
    for folder in run.folders():
        for rule in by_kind["folder"]:
            rule(folder, context, run)
    for rule in by_kind["run after"]:
        rule(run)


def _run(run: IntermediateRun, sweeps: Mapping[str, str]) -> dict[str, Any]:
    sent = run.origin
    return {
        "name": run.name,
        "group": sent.group or None,
        "job_type": sent.job_type or None,
        "notes": sent.notes or None,
        "tags": sorted(set(sent.tags)),
        "sweep": sweeps[sent.sweep] if sent.sweep else None,
        "config": run.config,
        "metrics": {name: _metric(metric) for name, metric in run.metrics.items()},
        "history": run.history,
        "summary": run.summary,
        "files": {
            path: {"policy": run.folder.policies.get(path), "content": content}
            for path, content in run.folder.contents.items()
        },
        "artifacts": {"logged": [*map(_artifact, run.logged)], "used": [*map(_artifact, run.used)]},
        "telemetry": sorted(run.telemetry),
        "console": run.console,
        "exit_code": sent.exit_code,
    }


def _metric(metric: Any) -> dict[str, Any]:
    fields = dataclasses.asdict(metric)
    del fields["name"]
    return {**fields, "summary": sorted(set(fields["summary"]))}


def _artifact(artifact: IntermediateArtifact) -> dict[str, Any]:
    return {
        "name": artifact.name,
        "type": artifact.origin.type,
        "aliases": artifact.aliases,
        "metadata": artifact.metadata,
        "description": artifact.description,
        "entries": artifact.folder.contents,
    }


def _unseen(made: Iterable[IntermediateRun]) -> list[str]:
    """The contents whose bytes are gone by the time a log is read: the staging folder does not last."""
    return [
        literal(("runs", at, "artifacts", "logged", index, "entries", path))
        for at, run in enumerate(made)
        for index, artifact in enumerate(run.logged)
        for path, content in artifact.folder.contents.items()
        if content is None
    ]
