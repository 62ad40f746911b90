"""The mutations of an artifact: create it, ask where its files go, upload its manifest, commit it, use it."""

from __future__ import annotations

import binascii
from base64 import b64encode

from ...model.artifacts import Entry
from . import account
from .arguments import ANY_MUTATION, number, takes, text
from .artifact_resolvers import ArtifactResolvers
from .http_errors import NoAnswerError, NotDoneError, RefusedError
from .json_types import Arguments, Object
from .limits import clean_name, clean_path, json_object
from .server_state import ArtifactRecord, RunRecord, ServerState, encoded, run_key

_REFERENCE = "wandb-artifact://"


_OF_CREATION = ANY_MUTATION | {
    "digestAlgorithm": "every wandb sends the one there is",
    "sequenceClientID": "a collection is found by its name",
    "distributedID": "a manifest of several writers is refused where it is asked for",
    "historyStep": "no step of a run is given back with an artifact",
}
_OF_FILES = ANY_MUTATION | {"storageLayout": "every wandb sends the one there is"}
_OF_MANIFEST = {"name": "an artifact has one manifest", "baseArtifactID": "a manifest that is whole has no base"}
_OF_RUN = dict.fromkeys(("entityName", "projectName", "runName"), "an artifact is found by its id")


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
        aliases = _aliases(arguments)
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

    @takes("artifactID", "digest", "type", no_effect=ANY_MUTATION | _OF_RUN | _OF_MANIFEST)
    def create_manifest(self, arguments: Arguments) -> Object:
        """``createArtifactManifest``: where to upload the manifest. Sent twice, the second time with its digest."""
        record = self._state.artifact(arguments.get("artifactID"))
        kind = text(arguments, "type") or "FULL"
        if kind != "FULL":
            raise NotDoneError(f"a manifest of the type {kind!r:.60} is not known to this backend")
        record.manifest_digest = text(arguments, "digest")
        manifest_id = encoded(f"ArtifactManifest:{record.version.id}")
        return {"artifactManifest": {"id": manifest_id, "file": self._resolvers.manifest_file(record)}}

    @takes("artifactFiles", no_effect=_OF_FILES)
    def create_files(self, arguments: Arguments) -> Object:
        """``createArtifactFiles``: where to upload each file.

        Raises:
            RefusedError: 400, a path climbs out; 404, there is no such artifact.
        """
        specs = arguments.get("artifactFiles")
        if not isinstance(specs, list) or not all(isinstance(spec, dict) for spec in specs):
            raise RefusedError(400, "`artifactFiles` must be a list of objects")
        wanted = [(self._state.artifact(spec.get("artifactID")), clean_path(spec.get("name"))) for spec in specs]
        edges = [{"node": self._resolvers.file(record, path)} for record, path in wanted]
        return {"files": {"edges": edges}}

    def take_manifest(self, record: ArtifactRecord, content: bytes) -> None:
        """Reads the manifest that was uploaded.

        Raises:
            RefusedError: 400, it is no manifest, or an entry's path leaves the folder; the artifact stays without.
        """
        contents = json_object(content, "the manifest").get("contents")
        if not isinstance(contents, dict) or not all(isinstance(entry, dict) for entry in contents.values()):
            raise RefusedError(400, "the manifest has no `contents`")
        entries = {clean_path(path): self._entry(record, path, entry) for path, entry in contents.items()}
        record.manifest = content
        record.version.entries = entries

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
        aliases = _aliases(arguments) if arguments.get("aliases") is not None else None
        record.version.metadata = replaced
        record.version.description = record.version.description if description is None else description
        if aliases is not None:
            record.version.aliases = []
            for alias in aliases:
                record.version.collection.point(alias, record.version)
        return {"artifact": self._resolvers.artifact(record)}

    @takes("artifactID", "aliases", no_effect=ANY_MUTATION)
    def add_aliases(self, arguments: Arguments) -> Object:
        record = self._state.artifact(arguments.get("artifactID"))
        for alias in _aliases(arguments):
            record.version.collection.point(alias, record.version)
        return {"success": True}

    @takes("artifactID", "aliases", no_effect=ANY_MUTATION)
    def delete_aliases(self, arguments: Arguments) -> Object:
        record = self._state.artifact(arguments.get("artifactID"))
        gone = _aliases(arguments)
        record.version.aliases = [alias for alias in record.version.aliases if alias not in gone]
        return {"success": True}

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

    def _entry(self, record: ArtifactRecord, path: str, given: Arguments) -> Entry:
        digest, reference = text(given, "digest"), text(given, "ref")
        size = number(given, "size")
        if reference is not None:
            return Entry(size, digest, self._named_reference(reference))
        born = self._state.find_artifact(given.get("birthArtifactID"))
        held = born.version.entries.values() if born else ()
        content = record.uploads.get(path) or next((e.content for e in held if e.digest == digest), None)
        return Entry(size, digest, content=content)

    def _named_reference(self, reference: str) -> str:
        """A reference to a file of another artifact by its name and version; the SDK has it by the server's id."""
        if not reference.startswith(_REFERENCE):
            return reference
        server_id, _, path = reference.removeprefix(_REFERENCE).partition("/")
        try:
            found = self._state.find_artifact(b64encode(bytes.fromhex(server_id)).decode())
        except (ValueError, binascii.Error):
            found = None
        if found is None:
            return reference
        return found.version.reference(path)


def _aliases(arguments: Arguments) -> list[str]:
    given = arguments.get("aliases") or []
    if not isinstance(given, list):
        raise RefusedError(400, "the aliases must be a list")
    aliases = [alias.get("alias") if isinstance(alias, dict) else alias for alias in given]
    return [clean_name(alias, "an alias") for alias in aliases]
