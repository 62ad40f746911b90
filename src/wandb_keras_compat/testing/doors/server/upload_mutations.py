"""How the content of an artifact comes: where its files go, whole or in parts, and its manifest."""

from __future__ import annotations

import binascii
import hashlib
import io
import json
from base64 import b64encode
from dataclasses import replace

from ...model.artifacts import Entry
from .arguments import ANY_MUTATION, number, takes, text
from .artifact_resolvers import ArtifactResolvers
from .http_errors import NotDoneError, RefusedError
from .json_types import Arguments, Object
from .limits import clean_path, json_object
from .server_state import ArtifactRecord, Multipart, ServerState, decoded, encoded

_REFERENCE = "wandb-artifact://"

#: S3 has no more of one file, and the SDK makes no more.
_MOST_PARTS = 10_000

_OF_FILES = ANY_MUTATION | {"storageLayout": "every wandb sends the one there is"}
_OF_MANIFEST = {"name": "the type of a manifest says what its name says"}
_OF_RUN = dict.fromkeys(("entityName", "projectName", "runName"), "an artifact is found by its id")


class UploadMutations:
    """What the SDK sends between the creation of an artifact and its commit, in the order of the methods."""

    def __init__(self, state: ServerState, resolvers: ArtifactResolvers) -> None:
        self._state = state
        self._resolvers = resolvers

    @takes("artifactID", "digest", "type", "baseArtifactID", no_effect=ANY_MUTATION | _OF_RUN | _OF_MANIFEST)
    def create_manifest(self, arguments: Arguments) -> Object:
        """``createArtifactManifest``: where to upload the manifest. Sent twice, the second time with its digest.

        One of the type ``INCREMENTAL`` adds to the content of its base, which is the artifact given or else the newest
        committed version of the collection.

        Raises:
            NotDoneError: it is the part of a manifest that one of several writers sends.
            RefusedError: 404, there is no such artifact.
        """
        record = self._state.artifact(arguments.get("artifactID"))
        kind = text(arguments, "type") or "FULL"
        if kind not in {"FULL", "INCREMENTAL"}:
            raise NotDoneError(f"a manifest of the type {kind!r:.60} is not known to this backend")
        base = self._base(record, arguments) if kind == "INCREMENTAL" else None
        record.manifest_digest = text(arguments, "digest")
        record.base = base
        return self._manifest(record)

    @takes("artifactManifestID", "digest", "baseArtifactID", no_effect=ANY_MUTATION)
    def update_manifest(self, arguments: Arguments) -> Object:
        """``updateArtifactManifest``: the digest of an incremental one, once it is known.

        Raises:
            RefusedError: 404, there is no such manifest; 400, its id is none.
        """
        kind, _, artifact_id = decoded(arguments.get("artifactManifestID")).partition(":")
        record = self._state.artifact(artifact_id)
        if kind != "ArtifactManifest":
            raise RefusedError(400, "the id of the manifest is none")
        digest = text(arguments, "digest")
        if arguments.get("baseArtifactID"):
            record.base = self._base(record, arguments)
        record.manifest_digest = record.manifest_digest if digest is None else digest
        return self._manifest(record)

    def _manifest(self, record: ArtifactRecord) -> Object:
        manifest_id = encoded(f"ArtifactManifest:{record.version.id}")
        return {"artifactManifest": {"id": manifest_id, "file": self._resolvers.manifest_file(record)}}

    def _base(self, record: ArtifactRecord, arguments: Arguments) -> ArtifactRecord | None:
        if arguments.get("baseArtifactID"):
            return self._state.artifact(arguments["baseArtifactID"])
        committed = [v for v in record.version.collection.versions if v.state == "COMMITTED"]
        return self._state.artifact(committed[-1].id) if committed else None

    @takes("artifactFiles", no_effect=_OF_FILES)
    def create_files(self, arguments: Arguments) -> Object:
        """``createArtifactFiles``: where to upload each file; a large one, whose parts are announced, part by part.

        Raises:
            RefusedError: 400, a path climbs out, or the parts are no list of numbers and digests; 404, there is no
                such artifact.
        """
        specs = arguments.get("artifactFiles")
        if not isinstance(specs, list) or not all(isinstance(spec, dict) for spec in specs):
            raise RefusedError(400, "`artifactFiles` must be a list of objects")
        wanted = [(self._state.artifact(spec.get("artifactID")), clean_path(spec.get("name"))) for spec in specs]
        announced = [_parts(spec, "uploadPartsInput") for spec in specs]
        edges = []
        for (record, path), parts in zip(wanted, announced):
            if parts:
                record.multiparts[path] = Multipart(self._state.new_upload_id(), parts)
            edges.append({"node": self._resolvers.file(record, path)})
        return {"files": {"edges": edges}}

    def keep(self, record: ArtifactRecord, path: str, content: bytes, part: int | None) -> str:
        """Keeps the bytes of a file, or of one *part* of it; gives back their entity tag.

        Raises:
            RefusedError: 400, nobody announced that part, or its content is another one than was announced.
        """
        digest = hashlib.md5(content, usedforsecurity=False).hexdigest()
        if part is None:
            record.uploads[path] = content
            return digest
        upload = record.multiparts.get(path)
        if upload is None or part not in upload.announced:
            raise RefusedError(400, f"part {part} of {path!r} was not announced")
        if upload.announced[part] != digest:
            raise RefusedError(400, f"part {part} of {path!r} was announced with another MD5 than the one it has")
        upload.contents[part] = content
        return digest

    @takes(
        *("completeMultipartAction", "completedParts", "artifactID", "storagePath", "uploadID"),
        no_effect=ANY_MUTATION,
    )
    def complete(self, arguments: Arguments) -> Object:
        """``completeMultipartUploadArtifact``: the parts become the file.

        Raises:
            RefusedError: 404, there is no such upload; 409, a part has not come; 400, a part is another one.
            NotDoneError: it is to do something else than to be completed.
        """
        action = text(arguments, "completeMultipartAction")
        if action != "Complete":
            raise NotDoneError(f"this backend can complete a multipart upload, and not {action!r:.60} it")
        record = self._state.artifact(arguments.get("artifactID"))
        path = clean_path(arguments.get("storagePath"))
        upload = record.multiparts.get(path)
        if upload is None or upload.id != arguments.get("uploadID"):
            raise RefusedError(404, f"there is no upload {arguments.get('uploadID')!r:.60} of {path!r:.100}")
        completed = _parts(arguments, "completedParts")
        if completed != upload.announced:
            raise RefusedError(400, f"the parts of {path!r} are other ones than were announced")
        missing = sorted(upload.announced.keys() - upload.contents.keys())
        if missing:
            raise RefusedError(409, f"part {missing[0]} of {path!r} has not come")
        joined = io.BytesIO()  # each part is let go as soon as it is in there: a large file is held once
        for part in sorted(upload.contents):
            joined.write(upload.contents.pop(part))
        del record.multiparts[path]
        content = record.uploads[path] = joined.getvalue()
        digest = b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()
        return {"digest": digest, "clientMutationId": None}

    def take_manifest(self, record: ArtifactRecord, content: bytes) -> None:
        """Reads the manifest that was uploaded; the entries of an incremental one are added to those of its base.

        Raises:
            RefusedError: 400, it is no manifest, or an entry's path leaves the folder; the artifact stays without.
        """
        given = json_object(content, "the manifest")
        contents = given.get("contents")
        if not isinstance(contents, dict) or not all(isinstance(entry, dict) for entry in contents.values()):
            raise RefusedError(400, "the manifest has no `contents`")
        entries = {clean_path(path): self._entry(record, path, entry) for path, entry in contents.items()}
        if record.base is not None and record.base.manifest is not None:
            there = json_object(record.base.manifest, "the manifest of the base")["contents"]
            content = json.dumps({**given, "contents": {**there, **contents}}).encode()
            entries = {path: replace(entry) for path, entry in record.base.version.entries.items()} | entries
        record.manifest = content
        record.version.entries = entries

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


def _parts(given: Arguments, name: str) -> dict[int, str]:
    """Number to MD5 (hexadecimal) of each part; empty where none is given.

    Raises:
        RefusedError: 400, they are no list of such, or more than a file can have.
    """
    parts = given.get(name) or []
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts) or len(parts) > _MOST_PARTS:
        raise RefusedError(400, f"`{name}` must be a list of at most {_MOST_PARTS} objects")
    found = {}
    for part in parts:
        place, digest = number(part, "partNumber", least=1), text(part, "hexMD5")
        if place is None or digest is None:
            raise RefusedError(400, f"each of `{name}` needs a `partNumber` and a `hexMD5`")
        found[place] = digest.strip('"')  # a completed part has the entity tag that its upload was answered with
    return found
