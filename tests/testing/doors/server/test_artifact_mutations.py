"""Artifacts over GraphQL: aliases against a model, each names one version; what is logged is there when it is committed."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytest.importorskip("httpx", reason="plain requests are made with httpx")

from wandb_keras_compat.testing.doors.server import Backend

from .http_requests import ARTIFACT, COMMIT, graphql, send, sentence

pytestmark = pytest.mark.usefixtures("client")
UPDATE = """mutation($id: ID!, $aliases: [ArtifactAliasInput!], $metadata: JSONString, $description: String) {
    updateArtifact(input: {artifactID: $id, aliases: $aliases, metadata: $metadata, description: $description}) { artifact { id } } }"""
CHANGES = {
    "add": "mutation($id: ID!, $aliases: [ArtifactCollectionAliasInput!]!) { addAliases(input: {artifactID: $id, aliases: $aliases}) { success } }",
    "delete": "mutation($id: ID!, $aliases: [ArtifactCollectionAliasInput!]!) { deleteAliases(input: {artifactID: $id, aliases: $aliases}) { success } }",
}


def two_versions(server: Backend, client):
    server.store.collections.clear()
    ids = []
    for digest in ("d", "e"):
        answer = graphql(client, ARTIFACT.replace('"d"', f'"{digest}"')).json()
        ids.append(answer["data"]["createArtifact"]["artifact"]["id"])
    (collection,) = server.store.collections.values()
    for version in collection.versions:
        version.aliases.clear()
    return ids, collection


def inputs(names):
    return [{"artifactCollectionName": "a", "alias": name} for name in names]


NAMES = st.lists(st.sampled_from(["best", "latest", "x"]), unique=True, max_size=3)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["update", "add", "delete"]), st.integers(0, 1), NAMES), max_size=4))
def test_an_alias_names_one_version_and_an_update_gives_the_whole_list(server: Backend, client, calls):
    ids, collection = two_versions(server, client)
    expected: list[set[str]] = [set(), set()]
    for what, at, names in calls:
        answer = graphql(
            client, UPDATE if what == "update" else CHANGES[what], id=ids[at], aliases=inputs(names)
        ).json()
        assert "errors" not in answer
        if what == "delete":
            expected[at] -= set(names)
        else:
            expected[1 - at] -= set(names)
            expected[at] = set(names) | (expected[at] if what == "add" else set())
        assert [set(version.aliases) for version in collection.versions] == expected
        assert all(len(set(version.aliases)) == len(version.aliases) for version in collection.versions)


def test_an_update_changes_what_it_names_and_nothing_else(server: Backend, client):
    ids, collection = two_versions(server, client)
    version = collection.versions[0]
    version.aliases, version.metadata, version.description = ["best"], {"a": 1}, "as it was"
    assert "errors" not in graphql(client, UPDATE, id=ids[0]).json()
    assert (version.aliases, version.metadata, version.description) == (["best"], {"a": 1}, "as it was")
    graphql(client, UPDATE, id=ids[0], metadata='{"b": 2}', description="another")
    assert (version.aliases, version.metadata, version.description) == (["best"], {"b": 2}, "another")


def test_bad_metadata_changes_nothing(server: Backend, client):
    ids, collection = two_versions(server, client)
    collection.versions[0].aliases = ["best"]
    before = server.snapshot()
    response = graphql(client, UPDATE, id=ids[0], metadata="[1]", aliases=inputs(["x"]))
    assert (response.status_code, "the metadata" in sentence(response)) == (400, True)
    assert server.snapshot() == before


CREATE = """mutation($name: String!, $digest: String!, $program: ID, $aliases: [ArtifactAliasInput!]) { createArtifact(input: {
    entityName: "e", projectName: "p", runName: "r", artifactTypeName: "t", artifactCollectionName: $name, digest: $digest,
    clientID: $program, aliases: $aliases}) { artifact { id } } }"""


def created(client, name, digest="d", program=None, aliases=()) -> str:
    answer = graphql(client, CREATE, name=name, digest=digest, program=program, aliases=inputs(aliases)).json()
    return answer["data"]["createArtifact"]["artifact"]["id"]


def test_a_program_whose_answer_was_lost_asks_again_for_the_same_artifact(server: Backend, client):
    first = created(client, "a", program="me")
    assert created(client, "a", program="me") == first
    assert created(client, "a", program="another") != first, "that one's files are still to come too"
    created(client, "b", program="me")
    assert [artifact.name for artifact in server.snapshot().run("r").artifacts()] == ["a", "a", "b"]


def test_an_artifact_has_its_files_and_aliases_once_it_is_committed(server: Backend, client):
    artifact_id = created(client, "a", aliases=["best", "x"])
    (before,) = server.snapshot().run("r").artifacts()
    assert (before.state, before.asked_aliases, before.aliases) == ("PENDING", ("best", "x"), ())
    assert graphql(client, COMMIT, id=artifact_id).status_code == 409, "it has no manifest yet"
    send(client, artifact_id, {"f": b"content", "g": b""})
    (after,) = server.snapshot().run("r").artifacts()
    assert (after.state, set(after.aliases)) == ("COMMITTED", {"best", "x", "latest"})
    assert {path: after.content(path) for path in after.paths()} == {"f": b"content", "g": b""}


def test_the_same_content_again_is_the_same_version_with_the_further_aliases(server: Backend, client):
    artifact_id = created(client, "a", aliases=["best"])
    send(client, artifact_id, {"f": b"content"})
    assert created(client, "a", aliases=["best", "further"]) == artifact_id
    seen = server.snapshot().run("r").artifacts()[-1]
    assert seen.asked_aliases == ("best", "further")
    assert set(seen.aliases) == {"best", "further", "latest"}


def test_who_says_again_that_it_is_complete_takes_no_alias_back(server: Backend, client):
    """Its answer may have been lost, and another version been logged meanwhile."""
    ids = [created(client, "a", digest) for digest in ("d", "e")]
    for artifact_id in ids:
        send(client, artifact_id, {"f": b"content"})
    graphql(client, COMMIT, id=ids[0])
    assert [a.aliases for a in server.snapshot().run("r").artifacts()] == [(), ("latest",)]
