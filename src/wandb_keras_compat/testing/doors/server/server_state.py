"""What the server keeps of runs and artifacts beside the store: ids, line counts, raw manifests.

Each record belongs to one object of the store and lasts as long as the store holds that object, so clearing the
store clears this too.
"""

from __future__ import annotations

import base64
import itertools
from dataclasses import dataclass, field
from datetime import datetime, timezone

from ...model.artifacts import ArtifactCollection, ArtifactVersion, RunKey
from ...model.runs import RunState
from ...model.store import RunStore
from ...model.wandb_files import without_time_stamp
from .http_errors import RefusedError
from .json_types import Object
from .limits import clean_name
from .offset_lines import OffsetLines, json_row


def now() -> str:
    """The time as W&B writes it: UTC, ISO 8601, seconds."""
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def encoded(text: str) -> str:
    """A server id. wandb turns ids into hexadecimal and back, so they must be base64 of something."""
    return base64.b64encode(text.encode()).decode()


def decoded(server_id: object) -> str:
    """Raises:
    RefusedError: 400, *server_id* is none of :func:`encoded`.
    """
    try:
        return base64.b64decode(str(server_id), validate=True).decode()
    except ValueError:
        raise RefusedError(400, f"{server_id!r} is no id of this backend") from None


@dataclass
class RunRecord:
    """One run as the server knows it.

    Attributes:
        raw_config: the config as it came, for a resume.
        event_rows: the machine's statistics, which no snapshot has.
        stop_asked: whether somebody asked for the end of the run.
    """

    state: RunState
    raw_config: Object
    created: str = field(default_factory=now)
    changed: str = field(default_factory=now)
    program: str | None = None
    host: str | None = None
    commit: str | None = None
    description: str | None = None
    stop_asked: bool = False

    def __post_init__(self) -> None:
        self.event_rows: list[Object] = []
        self.history = OffsetLines(self.state.history, json_row)
        self.events = OffsetLines(self.event_rows, json_row)
        self.console = OffsetLines(self.state.console, console_line)

    @classmethod
    def blank(cls) -> RunRecord:
        """One of no run, to see whether something can be asked of runs at all."""
        return cls(RunState(RunKey("", "", "")), {})

    @property
    def server_id(self) -> str:
        return encoded("Run:v1:{}:{}:{}".format(*reversed(self.state.key)))


@dataclass
class Multipart:
    """A file that comes in parts.

    Attributes:
        announced: number to MD5, hexadecimal, of each part.
        contents: number to the bytes of those that have come.
    """

    id: str
    announced: dict[int, str]
    contents: dict[int, bytes] = field(default_factory=dict)


@dataclass
class ArtifactRecord:
    """One artifact version as the server knows it.

    Attributes:
        uploads: path in the artifact to the bytes sent for it.
        multiparts: path to what has come of a file that comes in parts.
        manifest: as it was uploaded, with that of its base; its references are in the server's ids.
        base: the artifact that an incremental manifest adds to.
        manifest_digest: the digest that the SDK sent for it.
    """

    version: ArtifactVersion
    uploads: dict[str, bytes] = field(default_factory=dict)
    multiparts: dict[str, Multipart] = field(default_factory=dict)
    manifest: bytes | None = None
    manifest_digest: str | None = None
    base: ArtifactRecord | None = None
    created: str = field(default_factory=now)


class ServerState:
    """Records by run key and by artifact id."""

    def __init__(self, store: RunStore) -> None:
        self.store = store
        self._runs: dict[RunKey, RunRecord] = {}
        self._artifacts: dict[str, ArtifactRecord] = {}
        self._by_client_id: dict[str, ArtifactRecord] = {}
        self._numbers = itertools.count(1)

    def forget(self) -> None:
        """Drops what the store no longer holds."""
        with self.store.lock:
            self._runs = {key: r for key, r in self._runs.items() if self.store.runs.get(key) is r.state}
            self._artifacts = {i: r for i, r in self._artifacts.items() if self._held(r.version)}
            self._by_client_id = {i: r for i, r in self._by_client_id.items() if self._held(r.version)}

    def projects(self, entity: str) -> list[str]:
        """The projects of *entity* by name: of runs, of artifacts, and those made empty."""
        keys = [(key.entity, key.project) for key in self.store.runs]
        keys += [(owned.entity, owned.project) for owned in self.store.collections.values()]
        keys += [(owned.entity, owned.project) for owned in self.store.sweeps.values()]
        keys += [(owned.entity, owned.project) for owned in self.store.portfolios.values()]
        return sorted({name for owner, name in (*keys, *self.store.projects) if owner == entity})

    def find_run(self, key: RunKey) -> RunRecord | None:
        """The record of a run in the store, whichever door it came through."""
        state = self.store.runs.get(key)
        if state is None:
            return None
        record = self._runs.get(key)
        if record is None or record.state is not state:
            wrapped = {name: {"value": value} for name, value in state.config.items()}
            wrapped["_wandb"] = {"value": {"t": {}}}  # wandb-core takes a run without it for one that never began
            record = self._runs[key] = RunRecord(state, wrapped)
        return record

    def make_run(self, key: RunKey) -> RunRecord:
        """The record of *key*, the run made when it is new."""
        if len(self._runs) > len(self.store.runs):
            self.forget()
        self.store.run(key)
        record = self.find_run(key)
        assert record is not None
        return record

    def run_by_id(self, server_id: object) -> RunRecord | None:
        """The run of a server id.

        Raises:
            RefusedError: 400, it is no id of a run.
        """
        parts = decoded(server_id).split(":")
        if len(parts) != 5 or parts[0] != "Run":
            raise RefusedError(400, f"{server_id!r} is no id of a run")
        return self.find_run(RunKey(*reversed(parts[2:])))

    def new_upload_id(self) -> str:
        """One for an upload in parts."""
        return f"upload-{next(self._numbers)}"

    def make_artifact(self, collection: ArtifactCollection) -> ArtifactRecord:
        server_id = encoded(f"Artifact:{next(self._numbers):09}")
        record = ArtifactRecord(collection.add(server_id))
        self._artifacts[server_id] = record
        return record

    def find_artifact(self, server_id: object) -> ArtifactRecord | None:
        record = self._artifacts.get(server_id) if isinstance(server_id, str) else None
        return record if record and self._held(record.version) else None

    def artifact(self, server_id: object) -> ArtifactRecord:
        """Raises:
        RefusedError: 404, there is none of that id.
        """
        record = self.find_artifact(server_id)
        if record is None:
            raise RefusedError(404, f"there is no artifact with the id {server_id!r}")
        return record

    def artifacts_of(self, entity: str) -> list[ArtifactRecord]:
        """Those in the projects of *entity*, oldest first."""
        held = [record for record in self._artifacts.values() if self._held(record.version)]
        return [record for record in held if record.version.collection.entity == entity]

    def name_by_client(self, client_id: object, record: ArtifactRecord) -> None:
        """Notes the *client_id* by which a program refers to *record*; each program that logs it has its own."""
        if client_id and isinstance(client_id, str):
            self._by_client_id[client_id] = record

    def by_client_id(self, client_id: object) -> ArtifactRecord | None:
        """The artifact that a program logged with *client_id*, the id it uses until it knows the server's."""
        record = self._by_client_id.get(client_id) if isinstance(client_id, str) else None
        return record if record and self._held(record.version) else None

    def _held(self, version: ArtifactVersion) -> bool:
        c = version.collection
        return self.store.collections.get((c.entity, c.project, c.name)) is c


def run_key(entity: object, project: object, run: object) -> RunKey:
    """Raises:
    RefusedError: 400, one of them cannot be part of a path.
    """
    return RunKey(clean_name(entity, "an entity"), clean_name(project, "a project"), clean_name(run, "a run id"))


def console_line(line: str) -> str:
    """A line of ``output.log`` as the program printed it."""
    return without_time_stamp(line.rstrip("\n"))
