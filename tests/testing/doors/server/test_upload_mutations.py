"""What comes of an artifact between its creation and its commit: parts become files, and manifests their entries."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("graphql", reason="the server needs the `testing` extra")

from wandb_keras_compat.testing.doors.server.http_errors import NotDoneError, RefusedError
from wandb_keras_compat.testing.doors.server.server_state import ArtifactRecord, encoded

from .test_arguments import World


def md5(content: bytes) -> str:
    return hashlib.md5(content).hexdigest()


def b64(content: bytes) -> str:
    return base64.b64encode(hashlib.md5(content).digest()).decode()


@pytest.fixture
def world() -> World:
    return World()


def made(world: World, name: str = "a", digest: str = "new") -> ArtifactRecord:
    """One that is not committed."""
    given_names = f'projectName: "p", artifactTypeName: "t", artifactCollectionName: "{name}", digest: "{digest}"'
    answer = world.ask(f"mutation {{ createArtifact({given_names}) {{ artifact {{ id }} }} }}")
    return world.state.artifact(answer["createArtifact"]["artifact"]["id"])


def announced(*parts: bytes, first: int = 1) -> list[dict[str, Any]]:
    return [{"partNumber": number, "hexMD5": md5(part)} for number, part in enumerate(parts, first)]


def announce(world: World, record: ArtifactRecord, path: str, parts: object) -> Any:
    """The upload that is announced for *path*, as the answer has it; None where the file comes whole."""
    spec = {"artifactID": record.version.id, "name": path, "uploadPartsInput": parts}
    (edge,) = world.resolvers.uploads.create_files({"artifactFiles": [spec]})["files"]["edges"]
    return edge["node"]["uploadMultipartUrls"]


def complete(world: World, record: ArtifactRecord, path: str, upload: str, parts: object, **more: Any) -> Any:
    given_of = {"artifactID": record.version.id, "storagePath": path, "uploadID": upload, "completedParts": parts}
    return world.resolvers.uploads.complete({"completeMultipartAction": "Complete", **given_of, **more})


def refused(call: Any) -> tuple[int, str]:
    with pytest.raises(RefusedError) as error:
        call()
    return error.value.status, error.value.sentence


@settings(max_examples=10, deadline=None)
@given(parts=st.lists(st.binary(max_size=3), min_size=1, max_size=11), data=st.data())
def test_the_parts_in_the_order_of_their_numbers_are_the_file(parts: list[bytes], data: Any) -> None:
    world = World()
    record, uploads = made(world), world.resolvers.uploads
    upload = announce(world, record, "large.bin", announced(*parts))
    assert [part["partNumber"] for part in upload["uploadUrlParts"]] == [*range(1, len(parts) + 1)]
    for number in data.draw(st.permutations(range(1, len(parts) + 1))):
        assert uploads.keep(record, "large.bin", parts[number - 1], number) == md5(parts[number - 1])
    tags = [{**part, "hexMD5": f'"{part["hexMD5"]}"'} for part in announced(*parts)]  # what each was answered with
    whole = b"".join(parts)
    answer = complete(world, record, "large.bin", upload["uploadID"], tags)
    assert answer == {"digest": b64(whole), "clientMutationId": None}
    assert record.uploads == {"large.bin": whole}
    assert refused(lambda: complete(world, record, "large.bin", upload["uploadID"], tags))[0] == 404, "it is over"


def test_a_file_without_parts_comes_whole(world: World) -> None:
    record = made(world)
    for none in (None, []):
        assert announce(world, record, "small.bin", none) is None
    assert world.resolvers.uploads.keep(record, "small.bin", b"content", None) == md5(b"content")
    assert record.uploads == {"small.bin": b"content"}


def test_two_uploads_have_two_ids(world: World) -> None:
    record = made(world)
    ids = {announce(world, record, path, announced(b"x"))["uploadID"] for path in ("one", "two", "one")}
    assert len(ids) == 3


def test_of_what_is_refused_nothing_is_kept(world: World) -> None:
    record, uploads = made(world), world.resolvers.uploads
    upload = announce(world, record, "x", announced(b"one", b"two"))["uploadID"]
    uploads.keep(record, "x", b"one", 1)
    before = world.everything()
    digests = announced(b"one", b"two")
    cases = [
        (lambda: uploads.keep(record, "x", b"other", 2), 400, "part 2 of 'x' was announced with another MD5"),
        (lambda: uploads.keep(record, "x", b"three", 3), 400, "part 3 of 'x' was not announced"),
        (lambda: uploads.keep(record, "y", b"one", 1), 400, "part 1 of 'y' was not announced"),
        (lambda: complete(world, record, "x", upload, digests), 409, "part 2 of 'x' has not come"),
        (lambda: complete(world, record, "x", upload, digests[:1]), 400, "other ones than were announced"),
        (lambda: complete(world, record, "x", "nobody's", digests), 404, "no upload \"nobody's\" of 'x'"),
        (lambda: complete(world, record, "y", upload, digests), 404, "of 'y'"),
        (lambda: complete(world, record, "../x", upload, digests), 400, "climbs out"),
        (lambda: complete(world, record, "x", upload, digests, artifactID="nobody"), 404, "'nobody'"),
    ]
    for call, status, words in cases:
        found, said = refused(call)
        assert (found, words in said) == (status, True), said
    with pytest.raises(NotDoneError, match="'Abort'"):
        complete(world, record, "x", upload, digests, completeMultipartAction="Abort")
    assert world.everything() == before
    uploads.keep(record, "x", b"two", 2)
    assert complete(world, record, "x", upload, digests)["digest"] == b64(b"onetwo"), "the upload itself goes on"


BAD_PARTS = ["x", [1], {"partNumber": 1}, announced(b"") * 10_001, announced(b"", first=0), [{"partNumber": 1}]]
BAD_PARTS += [[{"hexMD5": "x"}], [{"partNumber": "1", "hexMD5": "x"}], [{"partNumber": 1, "hexMD5": 1}]]


@pytest.mark.parametrize("parts", BAD_PARTS, ids=range(len(BAD_PARTS)))
def test_parts_that_are_no_numbers_with_digests_are_refused(world: World, parts: object) -> None:
    status, said = refused(lambda: announce(world, made(world), "x", parts))
    assert status == 400
    assert any(name in said for name in ("uploadPartsInput", "partNumber", "hexMD5"))


def test_a_file_may_have_ten_thousand_parts(world: World) -> None:
    upload = announce(world, made(world), "x", announced(*[b""] * 10_000))
    assert len(upload["uploadUrlParts"]) == 10_000


@pytest.mark.parametrize("specs", [None, {}, [1], [{"artifactID": "nobody", "name": "x"}]])
def test_files_that_are_no_list_of_objects_or_of_no_artifact_are_refused(world: World, specs: object) -> None:
    status, said = refused(lambda: world.resolvers.uploads.create_files({"artifactFiles": specs}))
    of_nobody = isinstance(specs, list) and isinstance(specs[0], dict)
    assert (status, ("nobody" if of_nobody else "list of objects") in said) == (404 if of_nobody else 400, True)


def manifest(**contents: object) -> bytes:
    return json.dumps({"version": 1, "contents": contents}).encode()


def test_an_entry_is_what_the_manifest_says_with_the_bytes_that_came(world: World) -> None:
    record, uploads = made(world), world.resolvers.uploads
    uploads.keep(record, "a", b"one", None)
    given_manifest = manifest(
        a={"digest": b64(b"one"), "size": 3}, lost={"digest": "x", "size": 7}, link={"ref": "s3://x", "digest": "e"}
    )
    uploads.take_manifest(record, given_manifest)
    entries = record.version.entries
    assert list(entries) == ["a", "lost", "link"]
    assert [(e.size, e.digest, e.reference, e.content) for e in entries.values()] == [
        (3, b64(b"one"), None, b"one"), (7, "x", None, None), (None, "e", "s3://x", None),
    ]  # fmt: skip
    assert record.manifest == given_manifest


def test_bytes_that_an_earlier_version_brought_are_found_by_their_digest(world: World) -> None:
    """A file that has not changed is not sent again: the manifest says with which version it came."""
    born, record, uploads = made(world), made(world, digest="newer"), world.resolvers.uploads
    for path, content in (("first", b"1"), ("second", b"2")):
        uploads.keep(born, path, content, None)
    uploads.take_manifest(born, manifest(first={"digest": b64(b"1")}, second={"digest": b64(b"2")}))
    uploads.keep(record, "sent", b"sent again", None)
    of_born = {"birthArtifactID": born.version.id}
    uploads.take_manifest(
        record,
        manifest(
            moved={"digest": b64(b"2"), **of_born},
            other={"digest": b64(b"3"), **of_born},
            sent={"digest": b64(b"1"), **of_born},
            nobody={"digest": b64(b"1"), "birthArtifactID": "nobody"},
        ),
    )
    contents = {path: entry.content for path, entry in record.version.entries.items()}
    assert contents == {"moved": b"2", "other": None, "sent": b"sent again", "nobody": None}


@pytest.mark.parametrize("reference", ["wandb-artifact://{}/a/b.txt", "wandb-artifact://{}/"])
def test_a_reference_to_another_artifact_is_kept_by_its_name(world: World, reference: str) -> None:
    """And not by an id, which is another one in each run of a program."""
    record = made(world)
    server_id = base64.b64decode(world.artifacts[1]).hex()
    kept = reference.format(server_id)
    world.resolvers.uploads.take_manifest(record, manifest(x={"ref": kept}))
    assert record.version.entries["x"].reference == reference.format("a:v1")


@pytest.mark.parametrize(
    "reference", ["https://x/y", "wandb-artifact://zz/x", "wandb-artifact://00ff/x", "wandb-artifact://616263/x"]
)
def test_any_other_reference_is_kept_as_it_is(world: World, reference: str) -> None:
    record = made(world)
    world.resolvers.uploads.take_manifest(record, manifest(x={"ref": reference}))
    assert record.version.entries["x"].reference == reference


BAD_MANIFESTS = [b"{}", b"{", manifest(a=1), b'{"contents": [1]}', manifest(**{"../a": {}}), manifest(a={"size": "1"})]
BAD_MANIFESTS += [manifest(a={"digest": 1}), manifest(a={"ref": {}})]


@pytest.mark.parametrize("content", BAD_MANIFESTS)
def test_a_manifest_that_is_none_leaves_the_artifact_without(world: World, content: bytes) -> None:
    record = made(world)
    before = world.everything()
    assert refused(lambda: world.resolvers.uploads.take_manifest(record, content))[0] == 400
    assert world.everything() == before and record.manifest is None


def begin(world: World, record: ArtifactRecord, **more: Any) -> Any:
    answer = world.resolvers.uploads.create_manifest({"artifactID": record.version.id, **more})
    return answer["artifactManifest"]


def test_an_incremental_manifest_adds_to_the_base_it_names_or_to_the_newest_that_is_committed(world: World) -> None:
    one, two, _ = world.artifacts
    uploads = world.resolvers.uploads
    uploads.take_manifest(world.state.artifact(one), manifest(old={"digest": "1"}, both={"digest": "1"}))
    uploads.take_manifest(world.state.artifact(two), manifest(newer={"digest": "2"}))
    for base, there in ((one, ["old", "both"]), (None, ["newer"])):
        record = made(world, digest=f"on {base}")
        begin(world, record, type="INCREMENTAL", baseArtifactID=base)
        uploads.take_manifest(record, manifest(both={"digest": "3"}))
        entries = record.version.entries
        assert sorted(entries) == sorted({*there, "both"})
        assert entries["both"].digest == "3"
        assert json.loads(record.manifest or b"")["version"] == 1
        assert json.loads(record.manifest or b"")["contents"].keys() == entries.keys()
        assert all(
            entries[path] is not found for path, found in world.state.artifact(base or two).version.entries.items()
        )


def test_a_full_manifest_adds_to_nothing(world: World) -> None:
    for kind in (None, "FULL"):
        record = made(world, digest=f"new {kind}")
        begin(world, record, type=kind, baseArtifactID=world.artifacts[0])
        assert record.base is None


def test_the_first_version_of_a_collection_adds_to_nothing(world: World) -> None:
    record = made(world, name="fresh")
    begin(world, record, type="INCREMENTAL")
    world.resolvers.uploads.take_manifest(record, manifest(a={"digest": "1"}))
    assert list(record.version.entries) == ["a"]


def test_the_kinds_of_manifest_that_one_of_several_writers_sends_are_not_known(world: World) -> None:
    with pytest.raises(NotDoneError, match="'PATCH'"):
        begin(world, made(world), type="PATCH")


def test_a_manifest_is_updated_by_its_id(world: World) -> None:
    record = made(world)
    manifest_id = begin(world, record, digest="first")["id"]
    update = world.resolvers.uploads.update_manifest
    assert update({"artifactManifestID": manifest_id})["artifactManifest"]["id"] == manifest_id
    assert record.manifest_digest == "first", "nothing was said of it"
    update({"artifactManifestID": manifest_id, "digest": "second", "baseArtifactID": world.artifacts[0]})
    assert (record.manifest_digest, record.base) == ("second", world.state.artifact(world.artifacts[0]))
    update({"artifactManifestID": manifest_id, "digest": ""})
    assert (record.manifest_digest, record.base) == ("", world.state.artifact(world.artifacts[0]))


@pytest.mark.parametrize(
    ("manifest_id", "status"),
    [(encoded("ArtifactManifest:nobody"), 404), (None, 400), ("no base64", 400), ("other kind", 400)],
)
def test_an_id_that_is_no_manifests_is_refused(world: World, manifest_id: str | None, status: int) -> None:
    if manifest_id == "other kind":
        manifest_id = encoded(f"Artifact:{world.artifacts[0]}")
    before = world.everything()
    assert refused(lambda: world.resolvers.uploads.update_manifest({"artifactManifestID": manifest_id}))[0] == status
    assert world.everything() == before
