"""The mutations of an artifact: create it, commit it, use it, change and delete it."""

from __future__ import annotations

from . import account
from .alias_mutations import alias_names, placed, replace_aliases
from .arguments import ANY_MUTATION, takes, text
from .artifact_resolvers import ArtifactResolvers
from .http_errors import NoAnswerError, RefusedError
from .json_types import Arguments, Object
from .limits import clean_name, json_object
from .server_state import RunRecord, ServerState, run_key

_OF_CREATION = ANY_MUTATION | {
    "digestAlgorithm": "every wandb sends the one there is",
    "sequenceClientID": "a collection is found by its name",
    "distributedID": "a manifest of several writers is refused where it is asked for",
    "historyStep": "no step of a run is given back with an artifact",
}


class ArtifactMutations:
    """What the SDK sends of an artifact, in the order of the methods."""

    def __init__(self, state: ServerState, resolvers: ArtifactResolvers) -> None:
        self._state = state
        self._resolvers = resolvers

    @takes(
        *("entityName", "projectName", "artifactTypeName", "artifactCollectionName", "artifactCollectionNames"),
        *("digest", "description", "aliases", "metadata", "runName", "clientID", "enableDigestDeduplication"),
        no_effect=_OF_CREATION,
    )
    def create(self, arguments: Arguments) -> Object:
        """``createArtifact``: a new version that waits for its files, or the committed one of the same digest.

        The same content makes no new version. For a program of wandb 0.13, whose request asks for it, only the newest
        version is compared.

        Raises:
            RefusedError: 400, a name cannot be part of a path, or the metadata is no JSON object.
            NoAnswerError: the collection exists with another type.
        """
        entity = clean_name(arguments.get("entityName") or account.ENTITY, "an entity")
        project = clean_name(arguments.get("projectName"), "a project")
        names = arguments.get("artifactCollectionNames") or [arguments.get("artifactCollectionName")]
        name = clean_name(names[0] if isinstance(names, list) else names, "an artifact's name")
        kind = clean_name(arguments.get("artifactTypeName"), "an artifact's type")
        aliases = alias_names(arguments)
        metadata = json_object(text(arguments, "metadata") or "{}", "the metadata")
        digest = text(arguments, "digest") or ""
        description, run = text(arguments, "description"), self._run(arguments)
        try:
            collection = self._state.store.collection(entity, project, name, kind)
        except ValueError as error:
            raise NoAnswerError(str(error)) from None
        version = collection.with_content(digest, newest_only=not arguments.get("enableDigestDeduplication", True))
        client_id = arguments.get("clientID")
        repeated = self._state.by_client_id(client_id)
        if repeated and repeated.version.collection is not collection:
            repeated = None
        if version is not None:
            collection.release(version, aliases)
            record = self._state.artifact(version.id)
            self._state.name_by_client(client_id, record)
        elif repeated:  # the answer to the first request was lost on its way
            return {"artifact": self._resolvers.artifact(repeated)}
        else:
            record = self._state.make_artifact(collection)
            self._state.name_by_client(client_id, record)
            version = record.version
            version.digest = digest
            version.description = description
            version.metadata = metadata
            version.logged_by = run.state.key if run else None
        version.asked_aliases += [alias for alias in aliases if alias not in version.asked_aliases]
        if run:
            run.state.logged.append(version)
        return {"artifact": self._resolvers.artifact(record)}

    @takes("artifactID", no_effect=ANY_MUTATION)
    def commit(self, arguments: Arguments) -> Object:
        """``commitArtifact``.

        Raises:
            RefusedError: 409, its manifest has not come; 404, there is no such artifact.
        """
        record = self._state.artifact(arguments.get("artifactID"))
        version = record.version
        if record.manifest is None:
            raise RefusedError(409, f"artifact {version.collection.name} has no manifest yet")
        for path, entry in version.entries.items():
            entry.content = record.uploads.get(path, entry.content)
        if version.state != "COMMITTED":
            version.state = "COMMITTED"
            version.collection.release(version, version.asked_aliases)
        return {"artifact": self._resolvers.artifact(record)}

    @takes("artifactID", "entityName", "projectName", "runName", no_effect=ANY_MUTATION)
    def use(self, arguments: Arguments) -> Object:
        """``useArtifact``: a run takes it as input."""
        record = self._state.artifact(arguments.get("artifactID"))
        run = self._run(arguments)
        if run is None:
            raise RefusedError(404, f"there is no run {arguments.get('runName')!r}")
        run.state.use(record.version)
        return {"artifact": self._resolvers.artifact(record)}

    @takes("artifactID", "description", "metadata", "aliases", no_effect=ANY_MUTATION)
    def update(self, arguments: Arguments) -> Object:
        """``updateArtifact``: description, metadata, and the whole list of aliases, where given."""
        record = self._state.artifact(arguments.get("artifactID"))
        metadata = text(arguments, "metadata")
        replaced = json_object(metadata, "the metadata") if metadata is not None else record.version.metadata
        description = text(arguments, "description")
        aliases = placed(record.version, arguments) if arguments.get("aliases") is not None else None
        record.version.metadata = replaced
        record.version.description = record.version.description if description is None else description
        if aliases is not None:
            replace_aliases(record.version, aliases)
        return {"artifact": self._resolvers.artifact(record)}

    @takes("artifactID", "deleteAliases", no_effect=ANY_MUTATION)
    def delete(self, arguments: Arguments) -> Object:
        """``deleteArtifact``.

        Raises:
            NoAnswerError: it still has aliases, and they are not to go with it.
        """
        record = self._state.artifact(arguments.get("artifactID"))
        if record.version.aliases and not arguments.get("deleteAliases"):
            raise NoAnswerError(f"the artifact has aliases ({', '.join(record.version.aliases)}): delete those as well")
        answer = self._resolvers.artifact(record)
        record.version.delete()
        return {"artifact": answer, "clientMutationId": None, "success": True}

    def _run(self, arguments: Arguments) -> RunRecord | None:
        if not arguments.get("runName"):
            return None
        entity = arguments.get("entityName") or account.ENTITY
        return self._state.find_run(run_key(entity, arguments.get("projectName"), arguments["runName"]))
