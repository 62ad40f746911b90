"""Runs and their project as GraphQL sees them, and the mutations of a run."""

from __future__ import annotations

import hashlib
import json
import mimetypes
import re
import uuid
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from ...model.artifacts import RunKey
from ...model.runs import RunState
from . import account
from .connections import connection
from .http_errors import RefusedError
from .limits import clean_path, json_object
from .run_config import apply_config
from .server_state import RunRecord, ServerState, encoded, now, run_key
from .storage_urls import StorageUrls

Arguments = Mapping[str, Any]

#: Rows of the end of the history that a resumed run looks at.
_TAIL = 10

#: Attribute to the argument of ``upsertBucket`` that sets it.
_OF_STATE = {"group": "groupName", "job_type": "jobType", "notes": "notes", "sweep": "sweep"}
_OF_RECORD = {"program": "jobProgram", "host": "host", "commit": "commit"}


class RunResolvers:
    """Runs as GraphQL objects, and the mutations of a run."""

    def __init__(self, state: ServerState, urls: StorageUrls) -> None:
        self._state = state
        self._urls = urls

    def find(self, key: RunKey) -> dict[str, Any] | None:
        record = self._state.find_run(key)
        return self.run(record) if record else None

    def all_of(self, entity: str, project: str) -> list[dict[str, Any]]:
        keys = [key for key in self._state.store.runs if (key.entity, key.project) == (entity, project)]
        return [run for key in keys if (run := self.find(key))]

    def run(self, record: RunRecord) -> dict[str, Any]:
        state = record.state
        return {
            "__typename": "Run",
            "id": record.server_id,
            "name": state.key.id,
            "displayName": state.name or state.key.id,
            "description": None,
            "notes": state.notes,
            "tags": list(state.tags),
            "sweepName": state.sweep,
            "group": state.group,
            "jobType": state.job_type,
            "commit": record.commit,
            "host": record.host,
            "program": record.program,
            "state": _condition(state),
            "stopped": False,
            "readOnly": False,
            "createdAt": record.created,
            "updatedAt": now(),
            "heartbeatAt": now(),
            "config": json.dumps(record.raw_config),
            "wandbConfig": lambda arguments: _hidden_config(record, arguments),
            "summaryMetrics": json.dumps(state.summary),
            "systemMetrics": "{}",
            "historyLineCount": record.history.count,
            "eventsLineCount": record.events.count,
            "logLineCount": record.console.count,
            "historyTail": json.dumps([json.dumps(row) for row in state.history[-_TAIL:]]),
            "eventsTail": "[]",
            "historyKeys": lambda _: _history_keys(state.history),
            "history": lambda arguments: [json.dumps(row) for row in _between(state.history, arguments)],
            "sampledHistory": lambda a: [_sampled(state.history, spec) for spec in a.get("specs") or ()],
            "user": account.user(),
            "projectId": project_number(state.key.entity, state.key.project),
            "project": project_head(state.key.entity, state.key.project),
            "fileCount": len(state.files),
            "files": lambda arguments: self._files(state, arguments),
        }

    def _files(self, state: RunState, arguments: Arguments) -> dict[str, Any]:
        """Files by ``names`` (also ones that do not exist yet), by a ``pattern`` as in SQL's LIKE, or all."""
        names = arguments.get("names")
        pattern = arguments.get("pattern")
        paths = [clean_path(name) for name in names] if names else list(state.files)
        if pattern:
            like = re.compile(re.escape(str(pattern)).replace("%", ".*").replace("_", "."), re.DOTALL)
            paths = [path for path in paths if like.fullmatch(path)]
        return connection([self._file(state, path) for path in paths], arguments, uploadHeaders=[])

    def _file(self, state: RunState, path: str) -> dict[str, Any]:
        versions = state.files.get(path)
        content = versions[-1] if versions else b""
        url = self._urls.run_file(state.key, path)
        return {
            "__typename": "File",
            "id": encoded(f"File:{path}"),
            "name": path,
            "displayName": path,
            "url": url,
            "directUrl": url,
            "sizeBytes": len(content),
            "mimetype": mimetypes.guess_type(path)[0],
            "updatedAt": now(),
            "md5": hashlib.md5(content, usedforsecurity=False).hexdigest(),
        }

    def upsert(self, arguments: Arguments) -> dict[str, Any]:
        """``upsertBucket``: makes a run or changes what is given of one.

        Raises:
            RefusedError: 400, a name cannot be part of a path or a config is no JSON object; nothing was changed.
        """
        given = {name: value for name, value in arguments.items() if value is not None}
        config = json_object(str(given["config"]), "the config") if "config" in given else None
        summary = json_object(str(given["summaryMetrics"]), "the summary") if "summaryMetrics" in given else None
        tags = given.get("tags", [])
        if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
            raise RefusedError(400, "the tags of a run must be a list of texts")
        record = self._state.run_by_id(given["id"]) if "id" in given else None
        inserted = False
        if record is None:
            key = run_key(
                given.get("entityName") or account.ENTITY,
                given.get("modelName") or "uncategorized",
                given.get("name") or uuid.uuid4().hex[:8],
            )
            inserted = key not in self._state.store.runs
            record = self._state.make_run(key)
        state = record.state
        if given.get("displayName", state.key.id) != state.key.id:  # a run without a name is called by its id
            state.name = str(given["displayName"])
        if "tags" in given:
            state.tags = list(tags)
        for field, argument in _OF_STATE.items():
            if argument in given:
                setattr(state, field, str(given[argument]) or None)
        for field, argument in _OF_RECORD.items():
            setattr(record, field, given.get(argument, getattr(record, field)))
        if config is not None:
            record.raw_config = config
            apply_config(state, config)
        if summary is not None:
            state.summary = summary
        return {"bucket": self.run(record), "inserted": inserted, "serverSettings": {"serverMessages": []}}

    def create_files(self, arguments: Arguments) -> dict[str, Any]:
        """``createRunFiles``: where to upload files of a run.

        Raises:
            RefusedError: 400, a path climbs out; 404, there is no such run.
        """
        key = run_key(arguments.get("entityName"), arguments.get("projectName"), arguments.get("runName"))
        names = arguments.get("files")
        if not isinstance(names, list):
            raise RefusedError(400, "`files` must be a list of paths")
        paths = [clean_path(name) for name in names]
        record = self._state.find_run(key)
        if record is None:
            raise RefusedError(404, f"there is no run {'/'.join(key)}")
        files = [{"name": path, "uploadUrl": self._urls.run_file(key, path)} for path in paths]
        return {"runID": record.server_id, "uploadHeaders": [], "files": files}


def project_number(entity: str, project: str) -> str:
    """The id of a project where the SDK wants a whole number."""
    return str(zlib.crc32(f"{entity}/{project}".encode()))


def project_head(entity: str, project: str) -> dict[str, Any]:
    """The fields of a project that need no query of their own."""
    return {
        "__typename": "Project",
        "id": encoded(f"Project:v1:{project}:{entity}"),
        "internalId": project_number(entity, project),
        "name": project,
        "entityName": entity,
        "entity": account.entity(entity),
        "description": None,
        "createdAt": "2020-01-01T00:00:00Z",
        "isBenchmark": False,
        "readOnly": False,
    }


def _condition(state: RunState) -> str:
    if state.exit_code is None:
        return "running"
    return "failed" if state.exit_code else "finished"


def _hidden_config(record: RunRecord, arguments: Arguments) -> str:
    hidden = record.raw_config.get("_wandb")
    values = hidden.get("value") if isinstance(hidden, dict) else None
    values = values if isinstance(values, dict) else {}
    keys = arguments.get("keys")
    return json.dumps({key: value for key, value in values.items() if keys is None or key in keys})


def _between(rows: Sequence[dict[str, Any]], arguments: Arguments) -> list[dict[str, Any]]:
    """Rows with ``minStep <= _step < maxStep``."""
    low, high = arguments.get("minStep") or 0, arguments.get("maxStep")
    steps = ((row.get("_step", place), row) for place, row in enumerate(rows))
    return [row for step, row in steps if step >= low and (high is None or step < high)]


def _sampled(rows: Sequence[dict[str, Any]], spec: Any) -> list[dict[str, Any]]:
    """Rows that have all keys of *spec*, a JSON text; all of them, without sampling."""
    wanted = json_object(str(spec), "a history spec").get("keys") or []
    return [{key: row[key] for key in wanted or row} for row in rows if all(key in row for key in wanted)]


def _history_keys(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    counts: dict[str, int] = {}
    for row in rows:
        for key in row:
            counts[key] = counts.get(key, 0) + 1
    keys = {key: {"typeCounts": [{"type": "number", "count": count}]} for key, count in counts.items()}
    return {"sets": [], "keys": keys, "lastStep": rows[-1].get("_step", len(rows) - 1) if rows else -1}
