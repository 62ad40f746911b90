"""Frozen copies of a :class:`~.store.RunStore`, with the queries that tests use."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from .artifacts import ArtifactVersion, Entry
from .runs import Alert, Metric, RunState
from .sweeps import Sweep


@dataclass(frozen=True)
class ArtifactSnapshot:
    """One artifact version; *entries* are pairs of a path in it and its :class:`~.artifacts.Entry`.

    Attributes:
        links: where it is linked to, as ``entity/project/portfolio:v0``; a server sees it, the other doors do not.
    """

    name: str
    type: str
    index: int
    asked_aliases: tuple[str, ...]
    aliases: tuple[str, ...]
    metadata: dict[str, Any]
    description: str | None
    state: str
    entries: tuple[tuple[str, Entry], ...]
    links: tuple[str, ...] = ()

    def paths(self) -> list[str]:
        """The paths in the artifact, sorted."""
        return sorted(path for path, _ in self.entries)

    def content(self, path: str) -> bytes | None:
        """The bytes of *path*; None where this door does not see them.

        Raises:
            KeyError: the artifact has no such path.
        """
        return dict(self.entries)[path].content


@dataclass(frozen=True)
class RunSnapshot:
    """One run. Answers are copies: changing them changes nothing here.

    Attributes:
        name: the display name.
        sweep: the id of the sweep that it is of, if any.
        exit_code: None while it has not ended.
    """

    entity: str
    project: str
    id: str
    name: str
    group: str | None
    job_type: str | None
    notes: str | None
    tags: tuple[str, ...]
    sweep: str | None
    exit_code: int | None
    _config: dict[str, Any]
    _metrics: list[Metric]
    _history: list[dict[str, Any]]
    _summary: dict[str, Any]
    _files: dict[str, tuple[bytes, ...]]
    _policies: dict[str, str]
    _console: tuple[str, ...]
    _telemetry: frozenset[str]
    _versions: dict[str, str]
    _logged: tuple[ArtifactSnapshot, ...]
    _used: tuple[ArtifactSnapshot, ...]
    _alerts: tuple[Alert, ...] = ()

    def history(self, *, internal: bool = False) -> list[dict[str, Any]]:
        """The rows, in order; without wandb's ``_step``, ``_timestamp`` and the like unless *internal*."""
        rows = copy.deepcopy(self._history)
        return rows if internal else [_users(row) for row in rows]

    def history_keys(self) -> list[str]:
        """The history keys the user's program logged, in order of first appearance."""
        return list(dict.fromkeys(key for row in self._history for key in _users(row)))

    def column(self, key: str) -> list[Any]:
        """The values of one history key, one for each row that has it."""
        return [copy.deepcopy(row[key]) for row in self._history if key in row]

    def summary(self, *, internal: bool = False) -> dict[str, Any]:
        """The summary; without wandb's own keys unless *internal*."""
        summary = copy.deepcopy(self._summary)
        return summary if internal else _users(summary)

    def config(self) -> dict[str, Any]:
        """Plain values, without wandb's own ``_wandb``."""
        return copy.deepcopy(self._config)

    def metrics(self) -> dict[str, Metric]:
        """The ``define_metric`` calls, by name or glob."""
        return {metric.name: copy.copy(metric) for metric in self._metrics}

    def files(self) -> dict[str, bytes]:
        """Path to the last content each file was sent with."""
        return {path: versions[-1] for path, versions in self._files.items() if versions}

    def file_versions(self, path: str) -> tuple[bytes, ...]:
        """Every content a file was sent with, oldest first."""
        return self._files.get(path, ())

    def policies(self) -> dict[str, str]:
        """Path to ``now``, ``end`` or ``live``; the recorder and the run log see it, a server does not."""
        return dict(self._policies)

    def artifacts(self, artifact_type: str | None = None) -> list[ArtifactSnapshot]:
        """The versions the run logged, in order."""
        return [a for a in self._logged if artifact_type in {None, a.type}]

    def used_artifacts(self) -> list[ArtifactSnapshot]:
        """The versions the run used, in order; the log of an offline run does not have them."""
        return list(self._used)

    def alerts(self) -> list[Alert]:
        """The calls of ``run.alert``; a server sees them, the recorder and the run log do not."""
        return list(self._alerts)

    def console(self) -> list[str]:
        """The lines the program printed, as far as they were sent."""
        return list(self._console)

    def telemetry(self) -> frozenset[str]:
        """Dotted names, e.g. ``feature.keras``."""
        return self._telemetry

    def versions(self) -> dict[str, str]:
        """Distribution to version, and ``python``, as far as the run sent them."""
        return dict(self._versions)


@dataclass(frozen=True)
class AgentSnapshot:
    """One agent of a sweep; *runs* are the ids of those it was given, in order."""

    host: str
    runs: tuple[str, ...]


@dataclass(frozen=True)
class SweepSnapshot:
    """One sweep; *given* are pairs of a run id and the values of its parameters, in the order of the runs."""

    entity: str
    project: str
    id: str
    name: str | None
    state: str
    config: dict[str, Any]
    agents: tuple[AgentSnapshot, ...]
    given: tuple[tuple[str, dict[str, Any]], ...]


class OnlyRun:
    """Questions about the only run there is; with several, ask one of them: ``.run("my-id").history()``."""

    def run(self, run_id: str | None = None) -> RunSnapshot:
        """The run of that id, or the only one there is.

        Raises:
            LookupError: there is no such run, or no id was given and there is not exactly one run.
        """
        raise NotImplementedError

    def history(self, *, internal: bool = False) -> list[dict[str, Any]]:
        """The rows, without wandb's own ``_step``, ``_timestamp`` and the like unless *internal*."""
        return self.run().history(internal=internal)

    def summary(self, *, internal: bool = False) -> dict[str, Any]:
        """The summary; without wandb's own keys unless *internal*."""
        return self.run().summary(internal=internal)

    def config(self) -> dict[str, Any]:
        """Plain values, without wandb's own ``_wandb``."""
        return self.run().config()

    def files(self) -> dict[str, bytes]:
        """Path to the last content of each file."""
        return self.run().files()

    def artifacts(self, artifact_type: str | None = None) -> list[ArtifactSnapshot]:
        """The versions that the run logged, in order."""
        return self.run().artifacts(artifact_type)

    def used_artifacts(self) -> list[ArtifactSnapshot]:
        """The versions that the run used, in order."""
        return self.run().used_artifacts()

    def telemetry(self) -> frozenset[str]:
        """Dotted names, e.g. ``feature.keras``."""
        return self.run().telemetry()


@dataclass(frozen=True)
class Snapshot(OnlyRun):
    """All runs and sweeps, in the order in which they began, and the requests that the door could not answer."""

    runs: tuple[RunSnapshot, ...]
    unknown: tuple[str, ...] = ()
    sweeps: tuple[SweepSnapshot, ...] = ()

    def run(self, run_id: str | None = None) -> RunSnapshot:
        found = [run for run in self.runs if run_id in {None, run.id}]
        if len(found) != 1:
            there = ", ".join(run.id for run in self.runs) or "no run"
            wanted = "exactly one run" if run_id is None else f"a run {run_id!r}"
            raise LookupError(f"expected {wanted}, found {there}")
        return found[0]


def snapshot_of_run(run: RunState) -> RunSnapshot:
    """A copy of *run* as it is now; the caller holds the lock of its store."""
    return RunSnapshot(
        entity=run.key.entity,
        project=run.key.project,
        id=run.key.id,
        name=run.name,
        group=run.group,
        job_type=run.job_type,
        notes=run.notes,
        tags=tuple(run.tags),
        sweep=run.sweep,
        exit_code=run.exit_code,
        _config=copy.deepcopy(run.config),
        _metrics=copy.deepcopy(list(run.metrics.values())),
        _history=copy.deepcopy(run.history),
        _summary=copy.deepcopy(run.summary),
        _files={path: tuple(versions) for path, versions in run.files.items()},
        _policies=dict(run.policies),
        _console=tuple(run.console),
        _telemetry=frozenset(run.telemetry),
        _versions=dict(run.versions),
        _logged=tuple(map(_snapshot_of_version, run.logged)),
        _used=tuple(map(_snapshot_of_version, run.used)),
        _alerts=tuple(run.alerts),
    )


def snapshot_of_sweep(sweep: Sweep) -> SweepSnapshot:
    """A copy of *sweep* as it is now; the caller holds the lock of its store."""
    given = tuple((run_id, copy.deepcopy(values)) for run_id, values in sweep.given.items())
    return SweepSnapshot(
        sweep.entity,
        sweep.project,
        sweep.id,
        sweep.name,
        sweep.state,
        copy.deepcopy(sweep.config),
        tuple(AgentSnapshot(agent.host, tuple(agent.runs)) for agent in sweep.agents.values()),
        given,
    )


def _snapshot_of_version(version: ArtifactVersion) -> ArtifactSnapshot:
    return ArtifactSnapshot(
        name=version.collection.name,
        type=version.collection.type,
        index=version.index,
        asked_aliases=tuple(version.asked_aliases),
        aliases=tuple(version.aliases),
        metadata=copy.deepcopy(version.metadata),
        description=version.description,
        state=version.state,
        entries=tuple((path, copy.copy(entry)) for path, entry in version.entries.items()),
        links=tuple(link.path for link in version.links),
    )


def _users(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if not key.startswith("_")}
