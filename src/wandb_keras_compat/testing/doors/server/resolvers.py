"""The root objects of GraphQL, which needs no schema here: all queries and mutations that are answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...model.artifacts import RunKey
from . import account
from .artifact_mutations import ArtifactMutations
from .artifact_resolvers import INTERFACES, ArtifactResolvers
from .connections import connection
from .graphql import Operation, answer
from .limits import clean_name
from .run_resolvers import RunResolvers, project_head
from .server_state import ServerState
from .storage_urls import StorageUrls

Arguments = Mapping[str, Any]
Resolver = Callable[[Arguments], Any]


class Resolvers:
    """Answers operations from a :class:`ServerState`, under the lock of its store."""

    def __init__(self, state: ServerState, urls: StorageUrls) -> None:
        self._state = state
        self._runs = RunResolvers(state, urls)
        self._artifacts = ArtifactResolvers(state, urls, self._runs)
        self.mutations = ArtifactMutations(state, self._artifacts)
        self._roots: dict[str, dict[str, Resolver]] = {"query": self._queries(), "mutation": self._mutations()}

    def of(self, operation: Operation) -> dict[str, Any]:
        """The ``data`` of the answer; unknown fields are added to the store's ``unknown``."""
        store = self._state.store

        def report(path: str) -> None:
            line = f"{operation.kind} {operation.name or '(no name)'}: {path}"
            if line not in store.unknown:
                store.unknown.append(line)

        with store.lock:
            return answer(operation, self._roots, report, INTERFACES)

    def _queries(self) -> dict[str, Resolver]:
        return {
            "__type": account.described_type,
            "viewer": lambda _: account.user(),
            "serverInfo": lambda _: account.server_info(),
            "entity": lambda a: account.entity(str(a.get("name") or account.ENTITY)),
            "model": self._project,
            "project": self._project,
            "artifact": lambda a: self._artifacts.by_id(a.get("id")),
            "clientIDMapping": self._server_id,
        }

    def _mutations(self) -> dict[str, Resolver]:
        return {
            "upsertBucket": self._runs.upsert,
            "upsertModel": lambda a: {"model": self._project(a), "project": self._project(a), "inserted": True},
            "createRunFiles": self._runs.create_files,
            "createArtifact": self.mutations.create,
            "createArtifactManifest": self.mutations.create_manifest,
            "createArtifactFiles": self.mutations.create_files,
            "commitArtifact": self.mutations.commit,
            "useArtifact": self.mutations.use,
            "updateArtifact": self.mutations.update,
            "addAliases": self.mutations.add_aliases,
            "deleteAliases": self.mutations.delete_aliases,
            "markRunFilesUploaded": lambda _: {"success": True},
        }

    def _project(self, arguments: Arguments) -> dict[str, Any]:
        entity = clean_name(arguments.get("entityName") or account.ENTITY, "an entity")
        project = clean_name(arguments.get("name") or "uncategorized", "a project")
        artifacts = self._artifacts

        def membership(a: Arguments) -> Any:
            found = artifacts.named(entity, project, a.get("name"))
            return artifacts.membership(*found) if found else None

        def collection(a: Arguments) -> Any:
            found = artifacts.named(entity, project, a.get("name"))
            return artifacts.collection(found[0]) if found else None

        return {
            **project_head(entity, project),
            "bucket": lambda a: self._runs.find(RunKey(entity, project, str(a.get("name")))),
            "run": lambda a: self._runs.find(RunKey(entity, project, str(a.get("name")))),
            "runs": lambda a: connection(self._runs.all_of(entity, project), a),
            "runCount": lambda _: len(self._runs.all_of(entity, project)),
            "artifact": lambda a: artifacts.by_name(entity, project, a.get("name")),
            "artifactType": lambda a: artifacts.type(entity, project, a.get("name")),
            "artifactCollection": collection,
            "artifactCollectionMembership": membership,
        }

    def _server_id(self, arguments: Arguments) -> dict[str, Any] | None:
        record = self._state.by_client_id(arguments.get("clientID"))
        return {"serverID": record.version.id} if record else None
