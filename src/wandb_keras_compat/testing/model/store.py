"""Keeps what runs have sent: the state shared by the HTTP server, the recorder and the reader of run logs.

Values are held as W&B would hold them, in the JSON forms of the SDK (an image is its ``image-file`` object, the
bytes are a file of the run). Turning them into content is the work of the trace. A door writes under
:attr:`RunStore.lock` and nobody else touches the live objects: readers take a :class:`~.snapshot.Snapshot`.
"""

from __future__ import annotations

import threading

from .artifacts import ArtifactCollection, Portfolio, RunKey
from .runs import RunState
from .snapshot import Snapshot, snapshot_of_run, snapshot_of_sweep
from .sweeps import Sweep

#: Lines of ``unknown`` and their length. The last line says that there were more.
MAX_UNKNOWN, MAX_LINE = 500, 2000


class RunStore:
    """All runs and artifacts, and the requests that a door could not answer.

    Attributes:
        lock: held by a door for each change; reentrant.
        projects: entity and name of those that were made empty.
        unknown: one line for each query, field or route without an answer. A test suite asserts that it is empty.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.runs: dict[RunKey, RunState] = {}
        self.collections: dict[tuple[str, str, str], ArtifactCollection] = {}
        self.portfolios: dict[tuple[str, str, str], Portfolio] = {}
        self.projects: set[tuple[str, str]] = set()
        self.sweeps: dict[tuple[str, str, str], Sweep] = {}
        self.unknown: list[str] = []

    def run(self, key: RunKey) -> RunState:
        """The run of *key*, made when it is new."""
        with self.lock:
            return self.runs.setdefault(key, RunState(key))

    def collection(self, entity: str, project: str, name: str, artifact_type: str) -> ArtifactCollection:
        """The collection of that name, made when it is new.

        Raises:
            ValueError: it exists with another type, or as a portfolio; W&B keeps one type per name.
        """
        with self.lock:
            found = self.collections.get((entity, project, name))
            if found is None and (entity, project, name) in self.portfolios:
                raise ValueError(f"{entity}/{project}/{name} is a collection of links: nothing can be logged to it")
            if found is None:
                found = ArtifactCollection(entity, project, name, artifact_type)
                self.collections[entity, project, name] = found
            elif found.type != artifact_type:
                there = f"artifact {entity}/{project}/{name} has type {found.type!r}"
                raise ValueError(f"{there}: it cannot be logged as {artifact_type!r}")
            return found

    def portfolio(self, entity: str, project: str, name: str, artifact_type: str) -> Portfolio:
        """The portfolio of that name, made when it is new.

        Raises:
            ValueError: it exists with another type, or as a collection that runs log to.
        """
        with self.lock:
            key = (entity, project, name)
            if key in self.collections:
                raise ValueError(f"{'/'.join(key)} is a collection that runs log to: nothing can be linked to it")
            found = self.portfolios.setdefault(key, Portfolio(*key, artifact_type))
            if found.type != artifact_type:
                there = f"{'/'.join(key)} links artifacts of the type {found.type!r}"
                raise ValueError(f"{there}: one of {artifact_type!r} cannot be linked to it")
            return found

    def note_unknown(self, line: str) -> None:
        """Adds a line to ``unknown`` that is not there yet, as long as there is room."""
        line = line[:MAX_LINE]
        with self.lock:
            if line in self.unknown or len(self.unknown) > MAX_UNKNOWN:
                return
            full = len(self.unknown) == MAX_UNKNOWN
            self.unknown.append("further ones are not kept" if full else line)

    def clear(self) -> None:
        """Forgets everything."""
        with self.lock:
            self.runs.clear()
            self.collections.clear()
            self.portfolios.clear()
            self.sweeps.clear()
            self.projects.clear()
            self.unknown.clear()

    def snapshot(self) -> Snapshot:
        """What is there now, as a copy that nothing changes any more."""
        with self.lock:
            sweeps = tuple(map(snapshot_of_sweep, self.sweeps.values()))
            return Snapshot(tuple(map(snapshot_of_run, self.runs.values())), tuple(self.unknown), sweeps)
