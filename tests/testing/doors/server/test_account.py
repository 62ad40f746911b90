"""What the SDK asks first: whose key it is, and what this server can."""

from __future__ import annotations

import pytest

pytest.importorskip("graphql", reason="the server needs the `testing` extra")

from packaging.version import Version

from .test_arguments import World


@pytest.fixture(scope="module")
def world() -> World:
    return World()


def test_the_key_is_that_of_a_user_with_one_entity_of_an_organization(world: World) -> None:
    place = "{ name isTeam organization { name orgEntity { name } } user { name } }"
    asked = "id entity username name email admin flags deletedAt"
    viewer = world.ask(
        f"{{ viewer {{ {asked} defaultEntity {place} teams {{ edges {{ node {place} }} }} apiKeys {{ edges {{ cursor }} }} }} }}"
    )["viewer"]
    entity = viewer.pop("defaultEntity")
    assert viewer.pop("teams") == {"edges": [{"node": entity}]}
    assert entity.pop("organization") == {"name": "local-organization", "orgEntity": {"name": "local-organization"}}
    assert entity == {"name": "local", "isTeam": False, "user": None}
    assert viewer.pop("id") and viewer.pop("apiKeys") == {"edges": []}
    assert viewer == {
        "entity": "local", "username": "tester", "name": "tester", "email": "tester@localhost", "admin": False,
        "flags": "{}", "deletedAt": None,
    }  # fmt: skip


def test_an_entity_is_the_one_that_is_named_or_ones_own(world: World) -> None:
    assert world.ask('{ entity(name: "else") { name } }') == {"entity": {"name": "else"}}
    assert world.ask("{ entity { name } }") == {"entity": {"name": "local"}}


def test_every_wandb_is_new_enough_and_none_is_told_to_upgrade(world: World) -> None:
    found = world.ask("{ serverInfo { cliVersionInfo latestLocalVersionInfo { x } features { name } } }")["serverInfo"]
    versions = found["cliVersionInfo"]
    assert Version(versions["min_cli_version"]) <= Version("0.13.4") < Version(versions["max_cli_version"])
    assert Version(versions["max_cli_version"]) > Version("100") and versions["packages"] == {}
    assert (found["latestLocalVersionInfo"], found["features"]) == (None, [])


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("Query", {"viewer", "serverInfo", "project", "model", "artifact", "clientIDMapping"}),
        ("Mutation", {"createRunFiles"}),
        ("ServerInfo", {"cliVersionInfo", "latestLocalVersionInfo"}),
        ("ServerSettings", {"serverMessages"}),
        ("Project", {"internalId"}),
        ("Organization", {"orgEntity"}),
        ("Artifact", {"aliases"}),
        ("CreateArtifactInput", {"clientID", "sequenceClientID", "enableDigestDeduplication"}),
        (
            "CreateArtifactFileSpecInput",
            {"artifactID", "artifactManifestID", "name", "md5", "mimetype", "uploadPartsInput"},
        ),
        ("NobodyKnows", set()),
    ],
)
def test_a_type_is_described_by_the_fields_that_older_wandb_asks_for(world: World, name: str, fields: set[str]) -> None:
    asked = "{ name fields { name args { name } } inputFields { name } }"
    found = world.ask(f'{{ __type(name: "{name}") {asked} }}')["__type"]
    assert found["name"] == name
    assert {field["name"] for field in found["fields"]} == fields
    assert all(field["args"] == [] for field in found["fields"])
    assert [field["name"] for field in found["inputFields"]] == [field["name"] for field in found["fields"]]
