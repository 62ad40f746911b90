"""Runs and their project as GraphQL sees them."""

from __future__ import annotations

import hashlib
import json
import mimetypes
import zlib
from collections.abc import Callable, Sequence
from typing import Any

from ...model.artifacts import ArtifactVersion, RunKey
from ...model.runs import RunState
from . import account
from .arguments import PAGES, number, takes, text, texts
from .connections import connection
from .http_errors import NotDoneError, RefusedError
from .json_types import Arguments, Object
from .limits import clean_path
from .patterns import like
from .run_queries import between, chosen, condition, of_spec, sampled
from .server_state import RunRecord, ServerState, encoded
from .storage_urls import StorageUrls

#: Rows of the end of the history that a resumed run looks at.
_TAIL = 10

#: Of a file's ``url``.
UPLOAD = {"upload": "a file is written to and read from the same address"}

_NEVER_CHANGED = "2020-01-01T00:00:00Z"


class RunResolvers:
    """Runs as GraphQL objects."""

    def __init__(self, state: ServerState, urls: StorageUrls) -> None:
        self._state = state
        self._urls = urls
        self.artifact_of: Callable[[ArtifactVersion], Any] = lambda _: None  # from ArtifactResolvers, which needs runs

    def _artifacts_of(self, versions: Sequence[ArtifactVersion], arguments: Arguments) -> Object:
        by_id = {version.id: version for version in versions if version.state == "COMMITTED"}
        return connection([self.artifact_of(version) for version in by_id.values()], arguments)

    def find(self, key: RunKey) -> Object | None:
        record = self._state.find_run(key)
        return self.run(record) if record else None

    def chosen(self, entity: str, project: str, arguments: Arguments) -> list[RunRecord]:
        """The runs of a project that the ``filters`` leave, in the ``order``."""
        keys = [key for key in self._state.store.runs if (key.entity, key.project) == (entity, project)]
        return chosen([record for key in keys if (record := self._state.find_run(key))], arguments)

    def run(self, record: RunRecord) -> Object:
        state = record.state
        return {
            "__typename": "Run",
            "id": record.server_id,
            "internalId": str(zlib.crc32("/".join(state.key).encode())),
            "name": state.key.id,
            "displayName": state.name or state.key.id,
            "description": record.description,
            "notes": state.notes,
            "tags": list(state.tags),
            "sweepName": state.sweep,
            "group": state.group,
            "jobType": state.job_type,
            "commit": record.commit,
            "host": record.host,
            "program": record.program,
            "state": condition(state),
            "stopped": record.stop_asked,
            "shouldStop": record.stop_asked,
            "failed": condition(state) == "failed",
            "running": state.exit_code is None,
            "exitcode": state.exit_code,
            "readOnly": False,
            "createdAt": record.created,
            "updatedAt": record.changed,
            "heartbeatAt": record.changed,
            "config": json.dumps(record.raw_config),
            "wandbConfig": takes("keys")(lambda arguments: _hidden_config(record, arguments)),
            "summaryMetrics": json.dumps(state.summary),
            "systemMetrics": "{}",
            "historyLineCount": record.history.count,
            "eventsLineCount": record.events.count,
            "logLineCount": record.console.count,
            "historyTail": json.dumps([json.dumps(row) for row in state.history[-_TAIL:]]),
            "eventsTail": "[]",
            "historyKeys": lambda _: _history_keys(state.history),
            "history": takes("samples", "minStep", "maxStep")(
                lambda arguments: [json.dumps(row) for row in between(state.history, arguments)]
            ),
            "events": takes("samples")(
                lambda arguments: [json.dumps(row) for row in sampled(record.event_rows, number(arguments, "samples"))]
            ),
            "sampledHistory": takes("specs")(lambda a: [of_spec(state.history, spec) for spec in _specs(a)]),
            # No row is ever exported to a file of Parquet: all of them are live.
            "parquetHistory": takes("liveKeys")(lambda a: _live_history(state.history, texts(a, "liveKeys"))),
            "user": account.user(),
            "projectId": project_number(state.key.entity, state.key.project),
            "project": project_head(state.key.entity, state.key.project),
            "outputArtifacts": takes(*PAGES)(lambda a: self._artifacts_of(state.logged, a)),
            "inputArtifacts": takes(*PAGES)(lambda a: self._artifacts_of(state.used, a)),
            "fileCount": len(state.files),
            "files": takes("names", "pattern", *PAGES)(lambda arguments: self._files(state, arguments)),
        }

    def _files(self, state: RunState, arguments: Arguments) -> Object:
        """Files by ``names`` (also ones that do not exist yet), by a ``pattern`` as in SQL's LIKE, or all."""
        names, pattern = arguments.get("names"), text(arguments, "pattern")
        if names and not isinstance(names, list):
            raise RefusedError(400, "`names` must be a list of paths")
        paths = [clean_path(name) for name in names] if names else list(state.files)
        if pattern:
            paths = [path for path in paths if like(pattern, path)]
        return connection([self._file(state, path) for path in paths], arguments, uploadHeaders=[])

    def _file(self, state: RunState, path: str) -> Object:
        versions = state.files.get(path)
        content = versions[-1] if versions else b""
        url = self._urls.run_file(state.key, path)
        return {
            "__typename": "File",
            "id": encoded(f"File:{path}"),
            "name": path,
            "displayName": path,
            "url": takes(no_effect=UPLOAD)(lambda _: url),
            "directUrl": url,
            "sizeBytes": len(content),
            "mimetype": mimetypes.guess_type(path)[0],
            "updatedAt": _NEVER_CHANGED,
            "md5": hashlib.md5(content, usedforsecurity=False).hexdigest(),
        }


def project_number(entity: str, project: str) -> str:
    """The id of a project where the SDK wants a whole number."""
    return str(zlib.crc32(f"{entity}/{project}".encode()))


def project_head(entity: str, project: str) -> Object:
    """The fields of a project that need no query of their own."""
    return {
        "__typename": "Project",
        "id": encoded(f"Project:v1:{project}:{entity}"),
        "internalId": project_number(entity, project),
        "name": project,
        "entityName": entity,
        "entity": account.entity(entity),
        "description": None,
        "createdAt": _NEVER_CHANGED,
        "isBenchmark": False,
        "readOnly": False,
        "user": account.user(),
        "access": "ENTITY_READ",
        "views": "{}",
    }


def _hidden_config(record: RunRecord, arguments: Arguments) -> str:
    hidden = record.raw_config.get("_wandb")
    values = hidden.get("value") if isinstance(hidden, dict) else None
    values = values if isinstance(values, dict) else {}
    keys = texts(arguments, "keys")
    return json.dumps({key: value for key, value in values.items() if not keys or key in keys})


def _history_keys(rows: Sequence[Object]) -> Object:
    counts: dict[str, int] = {}
    for row in rows:
        for key in row:
            counts[key] = counts.get(key, 0) + 1
    keys = {key: {"typeCounts": [{"type": "number", "count": count}]} for key, count in counts.items()}
    return {"sets": [], "keys": keys, "lastStep": rows[-1].get("_step", len(rows) - 1) if rows else -1}


def _specs(arguments: Arguments) -> list[Any]:
    specs = arguments.get("specs") or []
    if not isinstance(specs, list):
        raise RefusedError(400, "`specs` must be a list of JSON texts")
    return specs


def _live_history(rows: Sequence[Object], keys: list[str]) -> Object:
    """What is asked of it is only ``_step``, to see whether any row is live."""
    if keys != ["_step"]:
        raise NotDoneError(f"the live rows of {keys!r:.60} are not known to this backend, those of ['_step'] are")
    steps = [{"_step": row["_step"]} for row in rows if "_step" in row]
    return {"parquetUrls": [], "liveData": steps}
