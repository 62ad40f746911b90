"""What runs have sent: the one state behind the HTTP server, the recorder and the reader of run logs.

Values are held as W&B would hold them, in the JSON forms of the SDK (an image is its ``image-file`` object, the
bytes are a file of the run). Turning them into content is the trace's business. A door writes under
:attr:`RunStore.lock` and nobody else touches the live objects: readers take a :class:`Snapshot`.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .snapshot import ArtifactSnapshot, RunSnapshot, Snapshot

#: A telemetry field that names the version of something, and the distribution it is.
VERSION_FIELDS = {"python_version": "python", "cli_version": "wandb", "huggingface_version": "transformers"}


class RunKey(NamedTuple):
    entity: str
    project: str
    id: str


@dataclass
class Metric:
    """One ``define_metric`` call. *name* is a key, or a glob such as ``epoch/*``.

    Attributes:
        summary: ``min``, ``max``, ``mean``, ``last``, ``best``, ``first``, ``copy`` or ``none``, sorted.
        goal: ``minimize`` or ``maximize``.
    """

    name: str
    step_metric: str | None = None
    summary: tuple[str, ...] = ()
    hidden: bool = False
    step_sync: bool = False
    goal: str | None = None


@dataclass
class Entry:
    """One path in an artifact: *content* is None where the door does not see the bytes, or for a reference."""

    size: int | None = None
    digest: str | None = None
    reference: str | None = None
    content: bytes | None = None


@dataclass
class ArtifactVersion:
    """One version in a collection: *asked_aliases* are those of ``log_artifact``, *aliases* those it has now."""

    collection: ArtifactCollection
    id: str
    index: int
    asked_aliases: list[str] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    metadata: dict[str, Any] = field(default_factory=dict)
    description: str | None = None
    digest: str = ""
    state: str = "PENDING"
    entries: dict[str, Entry] = field(default_factory=dict)
    logged_by: RunKey | None = None
    used_by: list[RunKey] = field(default_factory=list)

    def reference(self, path: str) -> str:
        """What an entry of another artifact holds for *path* in this one, with a name instead of an id."""
        return f"wandb-artifact://{self.collection.name}:v{self.index}/{path}"


@dataclass
class ArtifactCollection:
    """All versions of an artifact name in a project, oldest first."""

    entity: str
    project: str
    name: str
    type: str
    versions: list[ArtifactVersion] = field(default_factory=list)

    def add(self, version_id: str) -> ArtifactVersion:
        version = ArtifactVersion(self, version_id, len(self.versions))
        self.versions.append(version)
        return version

    def point(self, alias: str, version: ArtifactVersion) -> None:
        """Moves *alias* to *version*: an alias names one version of a collection."""
        for other in self.versions:
            if alias in other.aliases:
                other.aliases.remove(alias)
        version.aliases.append(alias)

    def release(self, version: ArtifactVersion, aliases: Iterable[str]) -> None:
        """Gives *version* its aliases; what was logged last is the latest, whatever else it is called."""
        for alias in dict.fromkeys((*aliases, "latest")):
            self.point(alias, version)


@dataclass
class RunState:
    """One run, growing.

    Attributes:
        name: the display name. *id* is in *key*.
        history: one mapping per row, in the order of the run's own line offsets; values are SDK JSON.
        config: plain values, without the ``value`` wrapper and without ``_wandb``.
        metrics: by name or glob.
        files: path in the run's files to every content it was sent, oldest first.
        policies: path to ``now``, ``end`` or ``live``, where the door sees it.
        telemetry: dotted names of the telemetry message, e.g. ``feature.keras``, ``imports_init.tensorflow``.
        versions: distribution name to version, e.g. ``wandb``, and ``python``; as far as the run said.
        logged, used: artifact versions in order; one logged twice is there twice.
        exit_code: None while the run goes on, or when it did not end in an orderly way.
    """

    key: RunKey
    name: str = ""
    group: str | None = None
    job_type: str | None = None
    notes: str | None = None
    tags: list[str] = field(default_factory=list)
    sweep: str | None = None
    config: dict[str, Any] = field(default_factory=dict)
    metrics: dict[str, Metric] = field(default_factory=dict)
    history: list[dict[str, Any]] = field(default_factory=list)
    summary: dict[str, Any] = field(default_factory=dict)
    files: dict[str, list[bytes]] = field(default_factory=dict)
    policies: dict[str, str] = field(default_factory=dict)
    console: list[str] = field(default_factory=list)
    telemetry: set[str] = field(default_factory=set)
    versions: dict[str, str] = field(default_factory=dict)
    logged: list[ArtifactVersion] = field(default_factory=list)
    used: list[ArtifactVersion] = field(default_factory=list)
    exit_code: int | None = None

    def use(self, version: ArtifactVersion) -> None:
        """Notes that the run takes *version* as input."""
        self.used.append(version)
        if self.key not in version.used_by:
            version.used_by.append(self.key)


class RunStore:
    """Every run and artifact, and what a door was asked that it did not know.

    Attributes:
        lock: held by a door for each change; reentrant.
        unknown: one line for each query, field or route without an answer. A test suite asserts that it is empty.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.runs: dict[RunKey, RunState] = {}
        self.collections: dict[tuple[str, str, str], ArtifactCollection] = {}
        self.unknown: list[str] = []

    def run(self, key: RunKey) -> RunState:
        """The run of *key*, made when it is new."""
        with self.lock:
            return self.runs.setdefault(key, RunState(key))

    def collection(self, entity: str, project: str, name: str, artifact_type: str) -> ArtifactCollection:
        """The collection of that name, made when it is new.

        Raises:
            ValueError: it exists with another type; W&B keeps one type per name.
        """
        with self.lock:
            found = self.collections.get((entity, project, name))
            if found is None:
                found = ArtifactCollection(entity, project, name, artifact_type)
                self.collections[entity, project, name] = found
            elif found.type != artifact_type:
                there = f"artifact {entity}/{project}/{name} has type {found.type!r}"
                raise ValueError(f"{there}: it cannot be logged as {artifact_type!r}")
            return found

    def clear(self) -> None:
        """Forgets everything."""
        with self.lock:
            self.runs.clear()
            self.collections.clear()
            self.unknown.clear()

    def snapshot(self) -> Snapshot:
        """What is there now, as a copy that nothing changes any more."""
        with self.lock:
            return Snapshot(tuple(_run(run) for run in self.runs.values()), tuple(self.unknown))


def _run(run: RunState) -> RunSnapshot:
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
        _logged=tuple(map(_artifact, run.logged)),
        _used=tuple(map(_artifact, run.used)),
    )


def _artifact(version: ArtifactVersion) -> ArtifactSnapshot:
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
    )
