"""The mutations of a run: make and change it, ask where its files go, end it, delete it."""

from __future__ import annotations

import uuid

from ...model.runs import Alert
from . import account
from .arguments import ANY_MUTATION, number, takes, text, texts
from .http_errors import NotDoneError, RefusedError
from .json_types import Arguments, Object
from .limits import clean_path, json_object
from .run_config import apply_config
from .run_resolvers import RunResolvers
from .server_state import RunRecord, ServerState, now, run_key
from .storage_urls import StorageUrls

#: Attribute to the argument of ``upsertBucket`` that sets it.
_OF_STATE = {"group": "groupName", "job_type": "jobType", "notes": "notes", "sweep": "sweep"}
_OF_RECORD = {"program": "jobProgram", "host": "host", "commit": "commit", "description": "description"}

_OF_A_RUN = ANY_MUTATION | {
    "debug": "W&B marks runs of its own tests with it",
    "jobRepo": "no query gives it back",
}


class RunMutations:
    """What changes runs."""

    def __init__(self, state: ServerState, urls: StorageUrls, runs: RunResolvers) -> None:
        self._state = state
        self._urls = urls
        self._runs = runs

    @takes(
        *("id", "entityName", "modelName", "name", "displayName", "config", "summaryMetrics", "tags", "state"),
        *_OF_STATE.values(),
        *_OF_RECORD.values(),
        no_effect=_OF_A_RUN,
    )
    def upsert(self, arguments: Arguments) -> Object:
        """``upsertBucket``: makes a run or changes what is given of one.

        Raises:
            RefusedError: 400, a name cannot be part of a path or a value is of another type; 404, there is no run of
                that id; nothing was changed.
            NotDoneError: a state other than ``running`` is to be set.
        """
        given = {name: value for name, value in arguments.items() if value is not None}
        config = json_object(str(given["config"]), "the config") if "config" in given else None
        summary = json_object(str(given["summaryMetrics"]), "the summary") if "summaryMetrics" in given else None
        tags = texts(given, "tags")
        named = {name: text(given, name) for name in ("displayName", *_OF_STATE.values(), *_OF_RECORD.values())}
        if given.get("state", "running") != "running":
            raise NotDoneError(f"this backend cannot set the state of a run to {given['state']!r:.60}")
        record, inserted = self._record(given)
        state = record.state
        if named["displayName"] not in {None, state.key.id}:  # a run without a name is called by its id
            state.name = named["displayName"] or ""
        if "tags" in given:
            state.tags = tags
        for holder, fields in ((state, _OF_STATE), (record, _OF_RECORD)):
            for field, argument in fields.items():
                if argument in given:
                    setattr(holder, field, named[argument] or None)
        if config is not None:
            record.raw_config = config
            apply_config(state, config)
        if summary is not None:
            state.summary = summary
        record.changed = now()
        return {"bucket": self._runs.run(record), "inserted": inserted, "serverSettings": {"serverMessages": []}}

    def _record(self, given: Arguments) -> tuple[RunRecord, bool]:
        """The run that *given* names, and whether it is new."""
        if "id" in given:
            return self._by_id(given), False
        key = run_key(
            given.get("entityName") or account.ENTITY,
            given.get("modelName") or "uncategorized",
            given.get("name") or uuid.uuid4().hex[:8],
        )
        inserted = key not in self._state.store.runs
        record = self._state.make_run(key)
        if inserted:  # an agent's run belongs to its sweep, whether it says so (wandb 0.13 does not) or not
            here = (s for s in self._state.store.sweeps.values() if (s.entity, s.project) == key[:2])
            record.state.sweep = next((sweep.id for sweep in here if key.id in sweep.given), None)
        return record, inserted

    def _by_id(self, arguments: Arguments) -> RunRecord:
        record = self._state.run_by_id(arguments.get("id"))
        if record is None:
            raise RefusedError(404, f"there is no run with the id {arguments.get('id')!r:.100}")
        return record

    def _by_name(self, arguments: Arguments) -> RunRecord:
        key = run_key(arguments.get("entityName"), arguments.get("projectName"), arguments.get("runName"))
        record = self._state.find_run(key)
        if record is None:
            raise RefusedError(404, f"there is no run {'/'.join(key)}")
        return record

    @takes("entityName", "projectName", "runName", "files")
    def create_files(self, arguments: Arguments) -> Object:
        """``createRunFiles``: where to upload files of a run.

        Raises:
            RefusedError: 400, a path climbs out; 404, there is no such run.
        """
        names = arguments.get("files")
        if not isinstance(names, list):
            raise RefusedError(400, "`files` must be a list of paths")
        paths = [clean_path(name) for name in names]
        record = self._by_name(arguments)
        files = [{"name": path, "uploadUrl": self._urls.run_file(record.state.key, path)} for path in paths]
        return {"runID": record.server_id, "uploadHeaders": [], "files": files}

    @takes("id", "deleteArtifacts", no_effect=ANY_MUTATION)
    def delete(self, arguments: Arguments) -> Object:
        """``deleteRun``: forgets a run; with ``deleteArtifacts`` the versions that it logged are gone as well."""
        record = self._by_id(arguments)
        if arguments.get("deleteArtifacts"):
            for version in record.state.logged:
                version.delete()
        del self._state.store.runs[record.state.key]
        self._state.forget()
        return {"clientMutationId": None, "success": True}

    @takes("id", no_effect=ANY_MUTATION)
    def stop(self, arguments: Arguments) -> Object:
        """``stopRun``: the program is told at its next question whether it should stop."""
        self._by_id(arguments).stop_asked = True
        return {"clientMutationId": None, "success": True}

    @takes("entityName", "projectName", "runName", "title", "text", "severity", "waitDuration", no_effect=ANY_MUTATION)
    def alert(self, arguments: Arguments) -> Object:
        """``notifyScriptableRunAlert``: kept with the run; nobody is written to.

        Raises:
            RefusedError: 404, there is no such run; 400, the severity is none.
        """
        record = self._by_name(arguments)
        severity = text(arguments, "severity") or "INFO"
        if severity not in {"INFO", "WARN", "ERROR"}:
            raise RefusedError(400, f"the severity of an alert is INFO, WARN or ERROR, not {severity!r:.60}")
        wait = number(arguments, "waitDuration")
        record.state.alerts.append(Alert(text(arguments, "title") or "", text(arguments, "text") or "", severity, wait))
        return {"clientMutationId": None, "success": True}
