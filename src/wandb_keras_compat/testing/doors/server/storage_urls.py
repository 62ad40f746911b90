"""Makes and parses the addresses of stored bytes that the SDK uploads to and downloads from."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable
from urllib.parse import quote

from ...model.artifacts import RunKey
from .auth import Signer
from .http_errors import RefusedError
from .limits import clean_path
from .server_state import ArtifactRecord, ServerState, run_key


class StorageUrls:
    """Makes signed addresses below ``/storage/``; *base* gives the server's own address."""

    def __init__(self, base: Callable[[], str], signer: Signer) -> None:
        self._base = base
        self._signer = signer

    def run_file(self, key: RunKey, path: str) -> str:
        return self._signed("/".join(("run", *key, path)))

    def artifact_file(self, artifact_id: str, path: str) -> str:
        return self._signed(f"artifact/{artifact_id}/{path}")

    def artifact_part(self, artifact_id: str, part: int, path: str) -> str:
        return self._signed(f"part/{artifact_id}/{part}/{path}")

    def manifest(self, artifact_id: str) -> str:
        return self._signed(f"manifest/{artifact_id}/wandb_manifest.json")

    def _signed(self, place: str) -> str:
        return f"{self._base()}/storage/{self._signer.sign(place)}/{quote(place)}"


def split_place(place: str) -> tuple[str, tuple[str, ...], str]:
    """The parts of *place*: kind, owner and path.

    Raises:
        RefusedError: 404, there is no such kind of place; 400, the path climbs out.
    """
    kind, _, rest = place.partition("/")
    owners = {"run": 3, "artifact": 1, "part": 2, "manifest": 1}.get(kind, 0)
    parts = rest.split("/", owners)
    if not owners or len(parts) <= owners:
        raise RefusedError(404, f"nothing is stored at {place!r}")
    if kind == "part" and not (parts[1].isascii() and parts[1].isdecimal() and len(parts[1]) < 6):
        raise RefusedError(404, f"nothing is stored at {place!r}: {parts[1]!r:.60} is no number of a part")
    return kind, tuple(parts[:-1]), clean_path(parts[-1])


def stored(state: ServerState, place: str) -> bytes:
    """Raises:
    RefusedError: 404, nothing is stored there.
    """
    kind, owner, path = split_place(place)
    content = None
    if kind == "run":
        run = state.find_run(run_key(*owner))
        content = run.state.files.get(path, [None])[-1] if run else None
    else:
        record = state.artifact(owner[0])
        if kind == "manifest":
            content = record.manifest
        elif kind == "artifact" and path in record.version.entries:
            content = record.version.entries[path].content
    if content is None:
        raise RefusedError(404, f"nothing is stored at {place!r}")
    return content


def stored_by_digest(artifacts: Iterable[ArtifactRecord], digest: str) -> bytes:
    """The file of one of *artifacts* whose MD5, hexadecimal, is *digest*.

    Raises:
        RefusedError: 404, none has it.
    """
    try:
        wanted = base64.b64encode(bytes.fromhex(digest)).decode()
    except ValueError:
        raise RefusedError(404, f"{digest!r:.60} is no digest") from None
    for record in artifacts:
        for entry in record.version.entries.values():
            if entry.digest == wanted and entry.content is not None:
                return entry.content
    raise RefusedError(404, f"no such artifact has a file with the digest {digest}")
