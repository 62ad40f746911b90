"""Artifacts as GraphQL sees them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from typing import Any

from ...model.artifacts import ArtifactCollection, ArtifactVersion
from .arguments import PAGES, takes, texts
from .connections import connection
from .filters import MISSING, keys_of, parsed
from .http_errors import NotDoneError, RefusedError
from .json_types import Arguments, Object
from .portfolio_resolvers import PortfolioResolvers
from .run_resolvers import UPLOAD, RunResolvers, project_head
from .server_state import ArtifactRecord, ServerState, encoded
from .storage_urls import StorageUrls

#: Type to what else it may be asked as.
INTERFACES = {name: frozenset({"ArtifactCollection"}) for name in ("ArtifactSequence", "ArtifactPortfolio")}

_NEVER_CHANGED = "2020-01-01T00:00:00Z"

_MANIFEST = {"manifestID": "an artifact has one manifest"}


class ArtifactResolvers:
    """Objects of artifact versions, of collections and of their types."""

    def __init__(self, state: ServerState, urls: StorageUrls, runs: RunResolvers) -> None:
        self._state = state
        self._urls = urls
        self._runs = runs
        self.portfolios = PortfolioResolvers(state, self.artifact, self.files)
        runs.artifact_of = self.of

    def by_id(self, server_id: object) -> Object | None:
        record = self._state.find_artifact(server_id)
        return self.artifact(record) if record else None

    def of(self, version: ArtifactVersion | None) -> Object | None:
        return self.by_id(version.id) if version else None

    def artifact(self, record: ArtifactRecord) -> Object:
        version = record.version
        entries = version.entries
        return {
            "__typename": "Artifact",
            "id": version.id,
            "digest": version.digest,
            "digestAlgorithm": "MANIFEST_MD5",
            "description": version.description,
            "metadata": json.dumps(version.metadata),
            "labels": "{}",
            "state": version.state,
            "size": sum(entry.size or 0 for entry in entries.values()),
            "fileCount": len(entries),
            "versionIndex": version.index,
            "commitHash": encoded(version.id)[:20],
            "createdAt": record.created,
            "updatedAt": record.created,
            "ttlDurationSeconds": -1,
            "ttlIsInherited": True,
            "tags": [],
            "historyStep": None,
            "isLink": False,
            "aliases": lambda _: [
                *self._aliases(version),
                *(alias for link in version.links for alias in self.portfolios.aliases(link)),
            ],
            "artifactSequence": lambda _: self.collection(version.collection),
            "artifactType": _type_of(version.collection),
            "currentManifest": lambda _: self._manifest(record),
            "createdBy": lambda _: self._runs.find(version.logged_by) if version.logged_by else None,
            "artifactMemberships": takes(*PAGES)(lambda a: connection(self._memberships(version), a)),
            "usedBy": takes(*PAGES)(
                lambda a: connection([run for key in version.used_by if (run := self._runs.find(key))], a)
            ),
            "files": takes("names", *PAGES)(lambda a: self.files(record, a)),
            "filesByManifestEntries": takes("entries", *PAGES, no_effect=_MANIFEST)(lambda a: self.files(record, a)),
        }

    def _memberships(self, version: ArtifactVersion) -> list[Object | None]:
        """The artifact in its own collection, and in those it is linked to."""
        own = self.membership(version.collection, f"v{version.index}")
        return [own, *(self.portfolios.membership(link) for link in version.links)]

    def collection(self, collection: ArtifactCollection) -> Object:
        committed = [version for version in collection.versions if version.state == "COMMITTED"]
        type_name = _type_of(collection)
        return {
            "__typename": "ArtifactSequence",
            "id": encoded(f"ArtifactSequence:{collection.entity}/{collection.project}/{collection.name}"),
            "name": collection.name,
            "description": None,
            "state": "READY",
            "createdAt": _NEVER_CHANGED,
            "updatedAt": _NEVER_CHANGED,
            "project": project_head(collection.entity, collection.project),
            "type": type_name,
            "defaultArtifactType": type_name,
            "tags": connection([], {}),
            "latestArtifact": lambda _: self.of(committed[-1] if committed else None),
            "artifactMembership": takes("aliasName")(lambda a: self.membership(collection, a.get("aliasName"))),
            "artifacts": takes("filters", *PAGES)(lambda a: self._versions(collection.versions, a)),
            "aliases": takes(*PAGES)(lambda a: connection([o for v in committed for o in self._aliases(v)], a)),
        }

    def membership(self, collection: ArtifactCollection, alias: object) -> Object | None:
        """A version as a member of *collection*, found by an alias, ``vN`` or digest."""
        version = found_version(collection, alias)
        if version is None:
            return None
        return {
            "__typename": "ArtifactCollectionMembership",
            "id": encoded(f"ArtifactCollectionMembership:{version.id}"),
            "versionIndex": version.index,
            "createdAt": self._state.artifact(version.id).created,
            "aliases": self._aliases(version),
            "artifactCollection": self.collection(collection),
            "artifact": self.of(version),
            "files": takes("names", *PAGES)(lambda a: self.files(self._state.artifact(version.id), a)),
        }

    def named(self, entity: str, project: str, name: object) -> tuple[ArtifactCollection, str] | None:
        """The collection and the alias of ``collection:alias``; ``latest`` where no alias is given."""
        collection, _, alias = str(name).partition(":")
        found = self._state.store.collections.get((entity, project, collection))
        return (found, alias or "latest") if found else None

    def by_name(self, entity: str, project: str, name: object) -> Object | None:
        found = self.named(entity, project, name)
        return self.of(found_version(*found)) if found else self.portfolios.artifact(entity, project, name)

    def type(self, entity: str, project: str, name: object) -> Object | None:
        """An artifact type of a project, or None when it has no artifact of that type."""
        there = [
            collection
            for collection in self._state.store.collections.values()
            if (collection.entity, collection.project, collection.type) == (entity, project, name)
        ]
        linked = self.portfolios.of_type(entity, project, name)
        if not there and not linked:
            return None
        sequences = {collection.name: self.collection(collection) for collection in there}
        collections = sequences | {portfolio.name: self.portfolios.portfolio(portfolio) for portfolio in linked}

        def version(arguments: Arguments) -> Object | None:
            collection = str(arguments.get("name")).partition(":")[0]
            return self.by_name(entity, project, arguments.get("name")) if collection in collections else None

        return {
            "__typename": "ArtifactType",
            "id": encoded(str(name)),
            "name": name,
            "description": None,
            "createdAt": _NEVER_CHANGED,
            "artifactCollections": takes(*PAGES)(lambda a: connection(list(collections.values()), a)),
            "artifactSequences": takes(*PAGES)(lambda a: connection(list(sequences.values()), a)),
            "artifactCollection": takes("name")(lambda a: collections.get(str(a.get("name")))),
            "artifactSequence": takes("name")(lambda a: sequences.get(str(a.get("name")))),
            "artifact": takes("name")(version),
        }

    def types(self, entity: str, project: str, arguments: Arguments) -> Object:
        """All types of artifacts that a project has."""
        there = [c for c in self._state.store.collections.values() if (c.entity, c.project) == (entity, project)]
        linked = [p for p in self._state.store.portfolios.values() if (p.entity, p.project) == (entity, project)]
        names = sorted({collection.type for collection in there} | {portfolio.type for portfolio in linked})
        return connection([self.type(entity, project, name) for name in names], arguments)

    def _aliases(self, version: ArtifactVersion) -> list[Object]:
        """Its aliases, with ``vN`` among them: older wandb reads its version there, and fails without."""
        collection = version.collection
        return [
            {
                "__typename": "ArtifactAlias",
                "id": encoded(f"ArtifactAlias:{collection.name}:{alias}"),
                "alias": alias,
                "artifactCollectionName": collection.name,
                "artifactCollection": lambda _: self.collection(collection),
            }
            for alias in (*version.aliases, f"v{version.index}")
        ]

    def _versions(self, versions: list[ArtifactVersion], arguments: Arguments) -> Object:
        found = connection([self.of(version) for version in chosen_versions(versions, arguments)], arguments)
        for edge in found["edges"]:
            edge["version"] = f"v{edge['node']['versionIndex']}"
        return found

    def _manifest(self, record: ArtifactRecord) -> Object | None:
        if record.manifest is None:
            return None
        return {"id": encoded(f"ArtifactManifest:{record.version.id}"), "file": self.manifest_file(record)}

    def manifest_file(self, record: ArtifactRecord) -> Object:
        url = self._urls.manifest(record.version.id)
        name = "wandb_manifest.json"
        file = {"__typename": "File", "id": encoded(f"{record.version.id}/{name}"), "name": name, "displayName": name}
        return {**file, "directUrl": url, "uploadUrl": url, "uploadHeaders": []}

    def file(self, record: ArtifactRecord, path: str) -> Object:
        """A file to upload or to download."""
        url = self._urls.artifact_file(record.version.id, path)
        entry = record.version.entries.get(path)
        return {
            "__typename": "File",
            "id": encoded(f"{record.version.id}/{path}"),
            "name": path,
            "displayName": path,
            "storagePath": path,
            "url": takes(no_effect=UPLOAD)(lambda _: url),
            "directUrl": url,
            "uploadUrl": url,
            "uploadHeaders": [],
            "uploadMultipartUrls": self._parts(record, path),
            "sizeBytes": entry.size if entry else None,
            "digest": entry.digest if entry else None,
            "md5": entry.digest if entry else None,
            "mimetype": None,
            "updatedAt": record.created,
            "artifact": {"id": record.version.id},
        }

    def _parts(self, record: ArtifactRecord, path: str) -> Object | None:
        """Where the parts of a large file go; None where it comes whole."""
        upload = record.multiparts.get(path)
        if upload is None:
            return None
        urls = {part: self._urls.artifact_part(record.version.id, part, path) for part in upload.announced}
        parts = [{"partNumber": part, "uploadUrl": url} for part, url in urls.items()]
        return {"uploadID": upload.id, "uploadUrlParts": parts}

    def files(self, record: ArtifactRecord, arguments: Arguments) -> Object:
        entries = arguments.get("entries") or []
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            raise RefusedError(400, "`entries` must be a list of objects")
        names = texts(arguments, "names") or [entry.get("name") for entry in entries]
        stored = [path for path, entry in record.version.entries.items() if entry.reference is None]
        paths = [path for path in stored if not names or path in names]
        return connection([self.file(record, path) for path in paths], arguments)


def _type_of(collection: ArtifactCollection) -> Object:
    """The artifact type, with its project: wandb 0.13 reads the artifact's project from there."""
    project = project_head(collection.entity, collection.project)
    return {"id": encoded(collection.type), "name": collection.type, "project": project}


def found_version(collection: ArtifactCollection, alias: object) -> ArtifactVersion | None:
    """The committed version with that alias, ``vN`` or digest."""
    for version in collection.versions:
        names = (*version.aliases, f"v{version.index}", version.digest)
        if version.state == "COMMITTED" and alias in names:
            return version
    return None


def chosen_versions(versions: Sequence[ArtifactVersion], arguments: Arguments) -> list[ArtifactVersion]:
    """The versions that the ``filters`` leave, newest first; without a word about their state the committed ones.

    Raises:
        RefusedError: 400, the filters have not the form of one.
        NotDoneError: they name what is not known here.
    """

    def column(version: ArtifactVersion | None, key: str) -> Any:
        if key not in {"state", "versionIndex", "version_index", "digest", "aliases"}:
            raise NotDoneError(f"this backend cannot look for artifacts by {key!r:.60}")
        values = {"state": version.state, "digest": version.digest, "aliases": version.aliases} if version else {}
        return values.get(key, version.index if version and key not in values else MISSING)

    test = parsed(arguments.get("filters"))
    for key in keys_of(arguments.get("filters")):
        column(None, key)
    found = [version for version in versions if test(partial(column, version))]
    committed = found if "state" in str(arguments.get("filters")) else [v for v in found if v.state == "COMMITTED"]
    return committed[::-1]
