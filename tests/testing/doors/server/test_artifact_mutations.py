"""Aliases of artifacts over GraphQL, against a model: an alias names one version of a collection."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytest.importorskip("httpx", reason="plain requests are made with httpx")

from wandb_keras_compat.testing.doors.server import Backend

from .http_requests import ARTIFACT, graphql, sentence

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
