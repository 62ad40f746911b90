"""The addresses of stored bytes: each is of one place, which is read back, and leads to no other."""

from __future__ import annotations

import base64
import hashlib
import json
from urllib.parse import unquote

import pytest

pytest.importorskip("graphql", reason="the server needs the `testing` extra")

from wandb_keras_compat.testing.doors.server.auth import Signer
from wandb_keras_compat.testing.doors.server.http_errors import RefusedError
from wandb_keras_compat.testing.doors.server.storage_urls import StorageUrls, split_place, stored, stored_by_digest
from wandb_keras_compat.testing.model.artifacts import Entry, RunKey

from .test_arguments import World

SIGNER = Signer("key")
URLS = StorageUrls(lambda: "http://127.0.0.1:8", SIGNER)

PLACES = {
    URLS.run_file(RunKey("e", "p", "r"), "media/é #1?.png"): ("run", ("e", "p", "r"), "media/é #1?.png"),
    URLS.artifact_file("QQ==", "a/b.bin"): ("artifact", ("QQ==",), "a/b.bin"),
    URLS.artifact_part("QQ==", 12, "a/b.bin"): ("part", ("QQ==", "12"), "a/b.bin"),
    URLS.manifest("QQ=="): ("manifest", ("QQ==",), "wandb_manifest.json"),
}


@pytest.mark.parametrize("url", PLACES)
def test_an_address_is_signed_for_its_place_and_read_back(url: str) -> None:
    base, _, rest = url.partition("/storage/")
    signature, _, quoted = rest.partition("/")
    assert base == "http://127.0.0.1:8" and quoted.isascii() and "?" not in quoted and "#" not in quoted
    SIGNER.check(unquote(quoted), signature)
    assert split_place(unquote(quoted)) == PLACES[url]


NOWHERE = ["", "run", "run/e/p/r", "other/e/x", "artifact/QQ==", "part/QQ==/1", "manifest", "manifest/QQ=="]
NOWHERE += [f"part/QQ==/{part}/x" for part in ("x", "-1", "²", "123456", "", "1.0")]


@pytest.mark.parametrize("place", NOWHERE)
def test_a_place_of_no_such_kind_or_without_a_part_is_not_found(place: str) -> None:
    with pytest.raises(RefusedError, match="nothing is stored") as refused:
        split_place(place)
    assert (refused.value.status, repr(place) in refused.value.sentence) == (404, True)


def test_the_number_of_a_part_that_is_none_is_said() -> None:
    with pytest.raises(RefusedError, match="'²' is no number of a part"):
        split_place("part/QQ==/²/x")
    assert split_place("part/QQ==/99999/x")[1] == ("QQ==", "99999")


@pytest.mark.parametrize("place", ["run/e/p/r/../x", "artifact/QQ==//x", "manifest/QQ==/", "part/QQ==/1/a/../x"])
def test_a_path_that_leaves_its_place_is_refused(place: str) -> None:
    with pytest.raises(RefusedError) as refused:
        split_place(place)
    assert refused.value.status == 400


@pytest.fixture
def world() -> World:
    found = World()
    found.store.runs["local", "p", "r"].files["x.bin"] = [b"first", b"last"]
    return found


def test_what_is_stored_is_the_last_that_came(world: World) -> None:
    record = world.state.artifact(world.artifacts[0])
    record.version.entries["x.bin"] = Entry(content=b"of the version")
    record.manifest = b"{}"
    own = world.artifacts[0]
    assert stored(world.state, "run/local/p/r/x.bin") == b"last"
    assert stored(world.state, f"artifact/{own}/x.bin") == b"of the version"
    assert stored(world.state, f"manifest/{own}/wandb_manifest.json") == b"{}"


MISSING = [
    "run/local/p/r/y", "run/local/p/none/x.bin", "artifact/{}/none", "artifact/none/x.bin", "manifest/{waiting}/m",
    "part/{}/1/x.txt", "artifact/{}/x.txt",
]  # fmt: skip


@pytest.mark.parametrize("place", MISSING)
def test_what_is_not_stored_is_not_found(world: World, place: str) -> None:
    """A file whose bytes have not come, or a part before the file is whole, is none yet."""
    waiting = world.state.by_client_id("waiting")
    assert waiting is not None
    with pytest.raises(RefusedError) as refused:
        stored(world.state, place.format(world.artifacts[0], waiting=waiting.version.id))
    assert refused.value.status == 404


@pytest.mark.parametrize("place", ["run/../p/r/x", "run/local/p//x"])
def test_a_name_of_a_run_that_is_none_is_refused(world: World, place: str) -> None:
    with pytest.raises(RefusedError) as refused:
        stored(world.state, place)
    assert refused.value.status == 400


def test_bytes_are_found_by_their_digest_in_those_artifacts_that_are_meant(world: World) -> None:
    one, two = (world.state.artifact(artifact) for artifact in world.artifacts[:2])
    for record, content in ((one, b"one"), (two, b"two")):
        digest = base64.b64encode(hashlib.md5(content).digest()).decode()
        lost = {"digest": digest, "size": 3}
        contents = {"lost": lost, "x": lost}
        record.uploads["x"] = content
        world.resolvers.uploads.take_manifest(record, json.dumps({"contents": contents}).encode())
    wanted = hashlib.md5(b"two").hexdigest()
    assert stored_by_digest([one, two], wanted) == b"two"
    for artifacts, digest, words in (
        ([one], wanted, wanted),
        ([], wanted, "no such artifact"),
        ([one, two], "0" * 32, "no such artifact"),
        ([one, two], "no digest", "'no digest' is no digest"),
        ([one, two], "", "no such artifact"),
    ):
        with pytest.raises(RefusedError, match=words) as refused:
            stored_by_digest(artifacts, digest)
        assert refused.value.status == 404
