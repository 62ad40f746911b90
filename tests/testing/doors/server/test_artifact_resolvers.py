"""An artifact, its collection, type and files over GraphQL: each is shown as it is, and found by each of its names."""

from __future__ import annotations

import json
from typing import Any

import pytest

pytest.importorskip("graphql", reason="the server needs the `testing` extra")

from wandb_keras_compat.testing.doors.server.http_errors import NotDoneError, RefusedError
from wandb_keras_compat.testing.doors.server.server_state import encoded

from .test_arguments import World


@pytest.fixture
def world() -> World:
    """With the versions ``a:v0``, ``a:v1`` and ``other:v0``, the first two linked as ``links``; ``c`` has none."""
    return World()


def of_project(world: World, asked: str) -> Any:
    return world.ask(f'{{ project(name: "p") {{ {asked} }} }}')["project"]


def nodes(connection: Any) -> list[Any]:
    return [edge["node"] for edge in connection["edges"]]


def test_a_version_is_shown_as_it_is(world: World) -> None:
    record = world.state.artifact(world.artifacts[1])
    record.version.metadata, record.version.description = {"size": 2}, "a model"
    shown = (
        "id digest description metadata state size fileCount versionIndex createdAt updatedAt tags isLink historyStep "
        "ttlIsInherited ttlDurationSeconds artifactSequence { name } artifactType { name project { name entityName } } "
        "createdBy { __typename } aliases { alias artifactCollectionName }"
    )
    (found,) = (of_project(world, f'artifact(name: "a:v1") {{ {shown} }}')["artifact"],)
    assert found.pop("createdBy")["__typename"] == "Run"
    assert json.loads(found.pop("metadata")) == {"size": 2}
    assert [(each["artifactCollectionName"], each["alias"]) for each in found.pop("aliases")] == [
        ("a", "latest"), ("a", "v1"), ("links", "latest"), ("links", "v1"),
    ]  # fmt: skip
    assert found == {
        "id": world.artifacts[1], "digest": "d1", "description": "a model", "state": "COMMITTED", "size": 2,
        "fileCount": 2, "versionIndex": 1, "createdAt": record.created, "updatedAt": record.created, "tags": [],
        "isLink": False, "historyStep": None, "ttlIsInherited": True, "ttlDurationSeconds": -1,
        "artifactSequence": {"name": "a"},
        "artifactType": {"name": "t", "project": {"name": "p", "entityName": "local"}},
    }  # fmt: skip


def test_who_logged_and_who_used_it(world: World) -> None:
    asked = 'artifact(name: "a:v0") { createdBy { name } usedBy { edges { node { name } } } }'
    found = of_project(world, asked)["artifact"]
    assert found["createdBy"] == {"name": "r"}
    assert [node["name"] for node in nodes(found["usedBy"])] == ["r", "s"]
    made = world.ask(
        'mutation { createArtifact(projectName: "p", artifactTypeName: "t", artifactCollectionName: "nobody", digest: "n") '
        "{ artifact { createdBy { name } usedBy { edges { node { name } } } } } }"
    )
    assert made["createArtifact"]["artifact"] == {"createdBy": None, "usedBy": {"edges": []}}
    world.ask(f"mutation {{ deleteRun(id: {world.named('RUN')}) {{ success }} }}")
    assert of_project(world, asked)["artifact"]["createdBy"] is None
    assert [node["name"] for node in nodes(of_project(world, asked)["artifact"]["usedBy"])] == ["s"]


@pytest.mark.parametrize("name", ["a:v0", "a:d0", "a:best", "other", "other:latest", "links:v0"])
def test_a_version_is_found_by_number_digest_alias_and_as_the_latest(world: World, name: str) -> None:
    world.state.artifact(world.artifacts[0]).version.aliases.append("best")
    expected = world.artifacts[2 if name.startswith("other") else 0]
    assert of_project(world, f'artifact(name: "{name}") {{ id }}')["artifact"] == {"id": expected}


@pytest.mark.parametrize("name", ["a:v2", "a:none", "none", "c", "c:v0", "links:v2", "b:v0"])
def test_what_is_not_there_or_not_committed_is_null(world: World, name: str) -> None:
    assert of_project(world, f'artifact(name: "{name}") {{ id }}')["artifact"] is None
    if name.startswith(("a", "c")):
        asked = f'artifactCollectionMembership(name: "{name}") {{ id }}'
        assert of_project(world, asked)["artifactCollectionMembership"] is None


def test_an_artifact_is_found_by_its_id_also_before_it_is_committed(world: World) -> None:
    record = world.state.by_client_id("waiting")
    assert record is not None
    assert world.ask(f'{{ artifact(id: "{record.version.id}") {{ state size }} }}')["artifact"] == {
        "state": "PENDING", "size": 0,
    }  # fmt: skip
    assert world.ask('{ artifact(id: "nobody") { state } }')["artifact"] is None


FOUND = {
    "": ["v1", "v0"],
    r"{\"versionIndex\": 0}": ["v0"],
    r"{\"version_index\": {\"$gte\": 0}}": ["v1", "v0"],
    r"{\"digest\": \"d1\"}": ["v1"],
    r"{\"aliases\": \"latest\"}": ["v1"],
    r"{\"state\": \"PENDING\"}": ["v2"],
    r"{\"state\": {\"$in\": [\"PENDING\", \"COMMITTED\"]}}": ["v2", "v1", "v0"],
    r"{\"state\": \"DELETED\"}": [],
}


@pytest.mark.parametrize("filters", FOUND)
def test_the_versions_of_a_collection_are_the_committed_ones_newest_first_or_what_is_asked_for(
    world: World, filters: str
) -> None:
    world.ask(
        'mutation { createArtifact(projectName: "p", artifactTypeName: "t", artifactCollectionName: "a", digest: "n") '
        "{ artifact { id } } }"
    )
    asked = f'artifacts(filters: "{filters}") {{ edges {{ version node {{ versionIndex }} }} }} latestArtifact {{ id }}'
    found = of_project(world, f'artifactCollection(name: "a") {{ {asked} }}')["artifactCollection"]
    assert [edge["version"] for edge in found["artifacts"]["edges"]] == FOUND[filters]
    assert [f"v{node['versionIndex']}" for node in nodes(found["artifacts"])] == FOUND[filters]
    assert found["latestArtifact"] == {"id": world.artifacts[1]}


@pytest.mark.parametrize("collection", ["a", "c"])
def test_a_filter_that_nobody_knows_is_refused_whether_there_are_versions_or_not(world: World, collection: str) -> None:
    asked = rf'artifactCollection(name: "{collection}") {{ artifacts(filters: "{{\"size\": 1}}") {{ edges {{ version }} }} }}'
    with pytest.raises(NotDoneError, match="'size'"):
        of_project(world, asked)


def test_a_collection_is_shown_with_its_type_and_members(world: World) -> None:
    asked = (
        "__typename name state description type { name } defaultArtifactType { name } project { name } "
        "aliases { edges { node { alias artifactCollection { name } } } } "
        'artifactMembership(aliasName: "latest") { versionIndex aliases { alias } artifact { id } createdAt '
        'artifactCollection { name } files(names: ["y.txt"]) { edges { node { name } } } }'
    )
    found = of_project(world, f'artifactCollection(name: "a") {{ {asked} }}')["artifactCollection"]
    aliases = nodes(found.pop("aliases"))
    assert [(each["alias"], each["artifactCollection"]["name"]) for each in aliases] == [
        ("v0", "a"), ("latest", "a"), ("v1", "a"),
    ]  # fmt: skip
    member = found.pop("artifactMembership")
    assert member.pop("createdAt") == world.state.artifact(world.artifacts[1]).created
    assert member == {
        "versionIndex": 1, "aliases": [{"alias": "latest"}, {"alias": "v1"}], "artifact": {"id": world.artifacts[1]},
        "artifactCollection": {"name": "a"}, "files": {"edges": [{"node": {"name": "y.txt"}}]},
    }  # fmt: skip
    assert found == {
        "__typename": "ArtifactSequence", "name": "a", "state": "READY", "description": None, "type": {"name": "t"},
        "defaultArtifactType": {"name": "t"}, "project": {"name": "p"},
    }  # fmt: skip
    assert of_project(
        world, 'artifactCollection(name: "c") { latestArtifact { id } aliases { edges { cursor } } }'
    ) == {"artifactCollection": {"latestArtifact": None, "aliases": {"edges": []}}}


def test_a_version_is_a_member_of_its_collection_and_of_each_that_it_is_linked_to(world: World) -> None:
    asked = "artifactMemberships { edges { node { versionIndex artifactCollection { name __typename } } } }"
    found = nodes(of_project(world, f'artifact(name: "a:v1") {{ {asked} }}')["artifact"]["artifactMemberships"])
    assert [(m["versionIndex"], *m["artifactCollection"].values()) for m in found] == [
        (1, "a", "ArtifactSequence"), (1, "links", "ArtifactPortfolio"),
    ]  # fmt: skip


def test_types_are_those_of_the_project_with_their_collections(world: World) -> None:
    asked = "name artifactCollections { edges { node { name } } } artifactSequences { edges { node { name } } }"
    found = nodes(of_project(world, f"artifactTypes {{ edges {{ node {{ {asked} }} }} }}")["artifactTypes"])
    names = [(kind["name"], *([n["name"] for n in nodes(kind[field])] for field in list(kind)[1:])) for kind in found]
    assert names == [("t", ["a", "other", "links"], ["a", "other"]), ("t2", ["c"], ["c"])]
    assert world.ask(
        '{ project(name: "q") { artifactTypes { edges { cursor } } artifactType(name: "t") { name } } }'
    ) == {"project": {"artifactTypes": {"edges": []}, "artifactType": None}}


def test_of_a_type_only_what_is_of_it_is_found(world: World) -> None:
    asked = (
        'a: artifactCollection(name: "a") { name } l: artifactCollection(name: "links") { name } '
        's: artifactSequence(name: "a") { name } n: artifactSequence(name: "links") { name } '
        'v: artifact(name: "a:v0") { id } m: artifact(name: "links:v1") { id }'
    )
    one, two, _ = world.artifacts
    assert of_project(world, f'artifactType(name: "t") {{ {asked} }}')["artifactType"] == {
        "a": {"name": "a"}, "l": {"name": "links"}, "s": {"name": "a"}, "n": None, "v": {"id": one}, "m": {"id": two},
    }  # fmt: skip
    assert of_project(world, f'artifactType(name: "t2") {{ {asked} }}')["artifactType"] == dict.fromkeys("alsnvm")
    assert of_project(world, 'artifactType(name: "none") { name }')["artifactType"] is None


def test_files_are_those_with_content_of_the_version_itself_by_their_names(world: World) -> None:
    record = world.state.artifact(world.artifacts[0])
    contents = {"a/x.bin": {"digest": "dx", "size": 3}, "far": {"ref": "s3://x"}, "b": {"digest": "db", "size": 1}}
    world.resolvers.uploads.take_manifest(record, json.dumps({"contents": contents}).encode())
    asked = "{ edges { node { name displayName storagePath digest md5 sizeBytes url directUrl uploadUrl } } }"
    for field, names in (
        ("files", ["a/x.bin", "b"]),
        ('files(names: ["b", "far", "none"])', ["b"]),
        ('filesByManifestEntries(entries: [{name: "a/x.bin"}])', ["a/x.bin"]),
        ("filesByManifestEntries(entries: [])", ["a/x.bin", "b"]),
    ):
        found = nodes(of_project(world, f'artifact(name: "a:v0") {{ found: {field} {asked} }}')["artifact"]["found"])
        assert [file["name"] for file in found] == names
        for file in found:
            entry = contents[file["name"]]
            assert (file["digest"], file["md5"], file["sizeBytes"]) == (entry["digest"], entry["digest"], entry["size"])
            assert file["displayName"] == file["storagePath"] == file["name"]
            assert file["url"] == file["directUrl"] == file["uploadUrl"]
            assert file["url"].endswith(f"/artifact/{record.version.id}/{file['name']}".replace("=", "%3D"))


@pytest.mark.parametrize("entries", ['"b"', "[1]", '{name: "b"}'])
def test_entries_that_are_no_list_of_objects_are_refused(world: World, entries: str) -> None:
    asked = f'artifact(name: "a:v0") {{ filesByManifestEntries(entries: {entries}) {{ edges {{ cursor }} }} }}'
    with pytest.raises(RefusedError, match="list of objects") as refused:
        of_project(world, asked)
    assert refused.value.status == 400


def test_the_parts_of_a_large_file_have_an_address_each(world: World) -> None:
    record = world.state.artifact(world.artifacts[0])
    upload = world.resolvers._artifacts.file(record, "big")["uploadMultipartUrls"]
    assert upload["uploadID"] == record.multiparts["big"].id
    assert [part["partNumber"] for part in upload["uploadUrlParts"]] == [1, 2]
    assert ["/1/big" in part["uploadUrl"] for part in upload["uploadUrlParts"]] == [True, False]
    assert world.resolvers._artifacts.file(record, "small")["uploadMultipartUrls"] is None


def test_a_manifest_is_shown_once_it_has_come(world: World) -> None:
    asked = "{ currentManifest { id file { name directUrl uploadUrl } } }"
    found = of_project(world, f'artifact(name: "a:v0") {asked}')["artifact"]["currentManifest"]
    assert found["id"] == encoded(f"ArtifactManifest:{world.artifacts[0]}")
    file = found["file"]
    assert file["name"] == "wandb_manifest.json" and file["directUrl"] == file["uploadUrl"]
    assert "/manifest/" in file["directUrl"]
    waiting = world.state.by_client_id("waiting")
    assert waiting is not None
    assert world.ask(f'{{ artifact(id: "{waiting.version.id}") {asked} }}')["artifact"] == {"currentManifest": None}
