"""The root objects of GraphQL, which needs no schema here: all queries and mutations that are answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...model.artifacts import RunKey
from . import account
from .alias_mutations import AliasMutations
from .arguments import PAGES, takes, text
from .artifact_mutations import ArtifactMutations
from .artifact_resolvers import INTERFACES, ArtifactResolvers
from .connections import connection
from .graphql import Operation, answer
from .json_types import Arguments, Object
from .limits import clean_name
from .portfolio_mutations import PortfolioMutations
from .run_mutations import RunMutations
from .run_resolvers import RunResolvers, project_head
from .server_state import ServerState
from .storage_urls import StorageUrls
from .sweep_resolvers import SweepResolvers
from .upload_mutations import UploadMutations

Resolver = Callable[[Arguments], Any]


_STORED = dict.fromkeys(
    ("entityName", "projectName", "runName", "files"), "a file is kept as soon as its bytes have come"
)
_ONE_RUN = {
    "desc": "it orders the rows of one run, which are not asked for with it",
    "missingOk": "a run that is not there is null, with it and without",
}
_USE = {"enableTracking": "W&B notes with it that somebody looked"}


class Resolvers:
    """Answers operations from a :class:`ServerState`, under the lock of its store."""

    def __init__(self, state: ServerState, urls: StorageUrls) -> None:
        self._state = state
        self._runs = RunResolvers(state, urls)
        self._artifacts = ArtifactResolvers(state, urls, self._runs)
        self._run_mutations = RunMutations(state, urls, self._runs)
        self._sweeps = SweepResolvers(state, self._runs)
        self.mutations = ArtifactMutations(state, self._artifacts)
        self.uploads = UploadMutations(state, self._artifacts)
        self._aliases = AliasMutations(state)
        self._portfolios = PortfolioMutations(state, self._artifacts)
        self.roots: dict[str, dict[str, Resolver]] = {"query": self._queries(), "mutation": self._mutations()}

    def of(self, operation: Operation) -> Object:
        """The ``data`` of the answer; unknown fields are added to the store's ``unknown``."""
        store = self._state.store

        def report(path: str) -> None:
            store.note_unknown(f"{operation.kind} {operation.name or '(no name)'}: {path}")

        with store.lock:
            return answer(operation, self.roots, report, INTERFACES)

    def _queries(self) -> dict[str, Resolver]:
        return {
            "__type": account.described_type,
            "viewer": lambda _: account.user(),
            "serverInfo": lambda _: account.server_info(),
            "entity": takes("name")(lambda a: account.entity(text(a, "name") or account.ENTITY)),
            "model": self._found_project,
            "project": self._found_project,
            "models": self._projects,
            "artifact": takes("id")(lambda a: self._artifacts.by_id(a.get("id"))),
            "clientIDMapping": self._server_id,
        }

    def _mutations(self) -> dict[str, Resolver]:
        return {
            "upsertBucket": self._run_mutations.upsert,
            "upsertModel": self._make_project,
            "createRunFiles": self._run_mutations.create_files,
            "deleteRun": self._run_mutations.delete,
            "stopRun": self._run_mutations.stop,
            "notifyScriptableRunAlert": self._run_mutations.alert,
            "upsertSweep": self._sweeps.upsert,
            "createAgent": self._sweeps.create_agent,
            "agentHeartbeat": self._sweeps.heartbeat,
            "createArtifact": self.mutations.create,
            "createArtifactManifest": self.uploads.create_manifest,
            "updateArtifactManifest": self.uploads.update_manifest,
            "createArtifactFiles": self.uploads.create_files,
            "completeMultipartUploadArtifact": self.uploads.complete,
            "commitArtifact": self.mutations.commit,
            "useArtifact": self.mutations.use,
            "updateArtifact": self.mutations.update,
            "deleteArtifact": self.mutations.delete,
            "addAliases": self._aliases.add,
            "deleteAliases": self._aliases.delete,
            "linkArtifact": self._portfolios.link,
            "unlinkArtifact": self._portfolios.unlink,
            "markRunFilesUploaded": takes(no_effect=_STORED)(lambda _: {"success": True}),
        }

    def _names(self, arguments: Arguments) -> tuple[str, str]:
        entity = clean_name(arguments.get("entityName") or account.ENTITY, "an entity")
        return entity, clean_name(arguments.get("name") or "uncategorized", "a project")

    @takes("entityName", "name")
    def _make_project(self, arguments: Arguments) -> Object:
        entity, name = self._names(arguments)
        inserted = name not in self._state.projects(entity)
        self._state.store.projects.add((entity, name))
        project = self._project(arguments)
        return {"model": self._project, "project": project, "inserted": inserted}

    @takes("entityName", *PAGES)
    def _projects(self, arguments: Arguments) -> Object:
        entity = clean_name(arguments.get("entityName") or account.ENTITY, "an entity")
        return connection([project_head(entity, name) for name in self._state.projects(entity)], arguments)

    @takes("entityName", "name")
    def _found_project(self, arguments: Arguments) -> Object | None:
        entity, name = self._names(arguments)
        return self._project(arguments) if name in self._state.projects(entity) else None

    def _project(self, arguments: Arguments) -> Object:
        entity, project = self._names(arguments)
        artifacts, runs = self._artifacts, self._runs

        def membership(a: Arguments) -> Object | None:
            found = artifacts.named(entity, project, a.get("name"))
            linked = artifacts.portfolios.named(entity, project, a.get("name"))
            if found:
                return artifacts.membership(*found)
            return artifacts.portfolios.member(*linked) if linked else None

        def collection(a: Arguments) -> Object | None:
            found = artifacts.named(entity, project, a.get("name"))
            linked = artifacts.portfolios.named(entity, project, a.get("name"))
            if found:
                return artifacts.collection(found[0])
            return artifacts.portfolios.portfolio(linked[0]) if linked else None

        run = takes("name", no_effect=_ONE_RUN)(lambda a: runs.find(RunKey(entity, project, str(a.get("name")))))
        return {
            **project_head(entity, project),
            "bucket": run,
            "run": run,
            "runs": takes("filters", "order", *PAGES)(
                lambda a: connection([runs.run(record) for record in runs.chosen(entity, project, a)], a)
            ),
            "runCount": takes("filters")(lambda a: len(runs.chosen(entity, project, a))),
            "sweep": takes("sweepName")(lambda a: self._sweeps.find(entity, project, a.get("sweepName"))),
            "sweeps": takes(*PAGES)(lambda a: connection(self._sweeps.all_of(entity, project), a)),
            "totalSweeps": lambda _: len(self._sweeps.all_of(entity, project)),
            "artifact": takes("name", no_effect=_USE)(lambda a: artifacts.by_name(entity, project, a.get("name"))),
            "artifactType": takes("name")(lambda a: artifacts.type(entity, project, a.get("name"))),
            "artifactTypes": takes(*PAGES)(lambda a: artifacts.types(entity, project, a)),
            "artifactCollection": takes("name")(collection),
            "artifactCollectionMembership": takes("name")(membership),
        }

    @takes("clientID")
    def _server_id(self, arguments: Arguments) -> Object | None:
        record = self._state.by_client_id(arguments.get("clientID"))
        return {"serverID": record.version.id} if record else None
