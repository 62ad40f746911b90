"""Artifacts logged to a recorder: they take from the store what wandb's own classes would ask a server for.

An artifact that is logged stays the object it was, of a class that adds :class:`LoggedArtifact` to its own, so that
``artifact.wait()``, ``.get(name)``, ``.download()`` and references to its entries work as they do online.
"""

from __future__ import annotations

import base64
import copy
import json
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ...model.artifacts import ArtifactVersion

_SCHEME = "wandb-artifact"


class ArtifactRegistry:
    """The logged artifacts of a recorder, by the ids their entries are referred to with.

    Args:
        folder: where downloads go that are given no folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._artifacts: dict[str, Any] = {}

    def put(self, artifact: Any, version: ArtifactVersion) -> None:
        """Makes *artifact* the logged *version*, under the server's id and the client's."""
        artifact.__dict__.pop("_logged_artifact", None)  # where wandb 0.13 expects the answer of a server
        artifact.__dict__["_artifact_registry"] = self
        artifact.__dict__["_stored_version"] = version
        artifact.__dict__["_current_aliases"] = list(version.aliases)
        artifact.__class__ = _with_base(LoggedArtifact, _original(type(artifact)))
        self._artifacts[version.id] = self._artifacts[artifact._client_id] = artifact

    def of(self, version: ArtifactVersion) -> Any:
        """The artifact object that was logged as *version*.

        Raises:
            LookupError: it was not logged here.
        """
        try:
            return self._artifacts[version.id]
        except KeyError:
            raise LookupError(f"artifact {name_of(version)} was not logged to this recorder") from None

    def resolve(self, reference: str) -> tuple[Any, str]:
        """The artifact a reference is to, and the path in it.

        Raises:
            LookupError: there is no such artifact here.
        """
        url = urlsplit(reference)
        server_id = base64.b64encode(bytes.fromhex(url.netloc)).decode() if url.scheme == _SCHEME else url.netloc
        try:
            return self._artifacts[server_id], url.path.removeprefix("/")
        except KeyError:
            raise LookupError(f"{reference} refers to an artifact that was not logged to this recorder") from None

    def referring_entries(self, entry_class: Any, reference: str, name: str | None) -> list[Any]:
        """The manifest entry for a reference to an entry of a logged artifact, as wandb's handler would make it."""
        artifact, path = self.resolve(reference)
        entry = artifact.manifest.entries[path]
        if entry.ref is not None and urlsplit(entry.ref).scheme == _SCHEME:
            return self.referring_entries(entry_class, entry.ref, name)
        made = entry_class(path=name or Path(path).name, ref=reference, size=0, digest=entry.digest)
        return [made]


class LoggedArtifact:
    """The methods that an artifact has only once it is logged."""

    _artifact_registry: ArtifactRegistry
    _stored_version: ArtifactVersion
    _current_aliases: list[str]
    _logged_artifact: Any = None
    manifest: Any

    @property
    def id(self) -> str:
        return self._stored_version.id

    @property
    def entity(self) -> str:
        return self._stored_version.collection.entity

    @property
    def project(self) -> str:
        return self._stored_version.collection.project

    @property
    def version(self) -> str:
        return f"v{self._stored_version.index}"

    @property
    def name(self) -> str:
        return name_of(self._stored_version)

    @property
    def state(self) -> str:
        return self._stored_version.state

    @property
    def aliases(self) -> list[str]:
        """The aliases, which may be changed; a change takes effect with :meth:`save`."""
        return self._current_aliases

    @aliases.setter
    def aliases(self, aliases: list[str]) -> None:
        self._current_aliases[:] = aliases

    def save(self, *_: Any, **__: Any) -> None:
        """Gives the stored version the present aliases."""
        version = self._stored_version
        version.aliases[:] = [alias for alias in version.aliases if alias in self._current_aliases]
        for alias in self._current_aliases:
            version.collection.point(alias, version)

    def is_draft(self) -> bool:
        return False

    def wait(self, timeout: float | None = None) -> LoggedArtifact:
        return self

    def get_entry(self, name: str) -> Any:
        """The entry at the path *name*, or of the object added as *name*.

        Raises:
            KeyError: there is neither.
        """
        entry = self.manifest.entries.get(str(name)) or self._object(str(name))[0]
        if entry is None:
            raise KeyError(f"Path not contained in artifact: {name}")
        return _downloadable_entry(self, entry)

    get_path = get_entry

    def get(self, name: str) -> Any:
        """The object that was added as *name*, or None."""
        entry, kind = self._object(name)
        if entry is None:
            return None
        if _refers_to_artifact(entry):
            other, path = self._artifact_registry.resolve(entry.ref)
            return other.get(path)
        values = json.loads(Path(self.get_entry(entry.path).download()).read_text(encoding="utf-8"))
        found = kind.from_json(values, self)
        found._set_artifact_source(self, name)
        return found

    def _object(self, name: str) -> tuple[Any, Any]:
        from wandb.sdk.data_types.base_types.wb_value import WBValue

        for kind in WBValue.type_mapping().values():
            entry = self.manifest.entries.get(kind.with_suffix(name))
            if entry is not None:
                return entry, kind
        return None, None

    def download(self, root: str | None = None, *_: Any, **__: Any) -> str:
        """Writes every entry below *root* and returns it."""
        folder = root or self._default_root()
        for path in self.manifest.entries:
            self.get_entry(path).download(folder)
        return folder

    checkout = download

    def _default_root(self, *_: Any, **__: Any) -> str:
        """The folder of downloads; wandb finds the entry of a downloaded file by it."""
        return str(self._artifact_registry.folder / self.name.replace(":", "-"))

    def _load_manifest(self, *_: Any) -> Any:
        return self.manifest


class DownloadableEntry:
    """An entry of a logged artifact: it is downloaded from the store."""

    path: Any
    ref: Any
    _parent_artifact: Any

    def parent_artifact(self) -> Any:
        return self._parent_artifact

    def ref_url(self) -> str:
        server_id = base64.b64decode(self._parent_artifact.id).hex()
        return f"{_SCHEME}://{server_id}/{self.path}"

    def ref_target(self) -> str:
        return str(self.ref)

    def download(self, root: str | None = None, *_: Any, **__: Any) -> str:
        """Writes the entry below *root* and returns where it is.

        Raises:
            FileNotFoundError: it is a reference to something outside W&B, or its file was gone when it was logged.
        """
        artifact = self._parent_artifact
        if _refers_to_artifact(self):
            other, path = artifact._artifact_registry.resolve(self.ref)
            content = other._stored_version.entries[path].content
        else:
            content = artifact._stored_version.entries[str(self.path)].content
        if content is None:
            raise FileNotFoundError(f"the recorder has no content of {self.path} in {artifact.name}")
        target = Path(root or artifact._default_root(), str(self.path))
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        return str(target)


def name_of(version: ArtifactVersion) -> str:
    """The name of a version as W&B writes it: ``name:v0``."""
    return f"{version.collection.name}:v{version.index}"


def _refers_to_artifact(entry: Any) -> bool:
    return entry.ref is not None and urlsplit(entry.ref).scheme in {_SCHEME, "wandb-client-artifact"}


def _downloadable_entry(artifact: LoggedArtifact, entry: Any) -> Any:
    found = copy.copy(entry)
    kind: Any = type(entry)
    found.__class__ = _with_base(DownloadableEntry, kind)
    found._parent_artifact = artifact
    return found


def _original(kind: Any) -> Any:
    return kind.__mro__[2] if issubclass(kind, LoggedArtifact) else kind


@cache
def _with_base(addition: Any, original: Any) -> Any:
    return type(original)(original.__name__, (addition, original), {})
