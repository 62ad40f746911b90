"""Links to artifacts, one by one: what is linked is shown under the portfolio's number and aliases, and found by them."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("graphql", reason="the server needs the `testing` extra")

from wandb_keras_compat.testing.doors.server.http_errors import NoAnswerError, NotDoneError, RefusedError
from wandb_keras_compat.testing.doors.server.server_state import encoded

from .test_arguments import World


class Links(World):
    """With ``a:v0`` and ``a:v1`` linked as ``links`` by the world, and ``other:v0`` in no portfolio."""

    def __init__(self) -> None:
        super().__init__()
        self.calls = self.resolvers._portfolios
        self.other = self.artifacts[2]

    def link(self, **arguments: Any) -> Any:
        given = {"artifactID": self.other, "projectName": "p", "artifactPortfolioName": "chosen", **arguments}
        return self.calls.link(given)

    def shown(self, asked: str, name: str = "links", project: str = "p") -> Any:
        text = f'{{ project(name: "{project}") {{ artifactCollection(name: "{name}") {{ {asked} }} }} }}'
        return self.ask(text)["project"]["artifactCollection"]


@pytest.fixture
def links() -> Links:
    return Links()


def nodes(connection: Any) -> list[Any]:
    return [edge["node"] for edge in connection["edges"]]


def test_a_portfolio_is_shown_with_its_type_and_place(links: Links) -> None:
    asked = "id __typename name state description createdAt updatedAt type { name project { name } } "
    asked += "defaultArtifactType { name } project { name entityName } tags { edges { cursor } }"
    found = links.shown(asked)
    assert found.pop("createdAt") == found.pop("updatedAt") == "2020-01-01T00:00:00Z"
    assert found == {
        "id": encoded("ArtifactPortfolio:local/p/links"), "__typename": "ArtifactPortfolio", "name": "links",
        "state": "READY", "description": None, "type": {"name": "t", "project": {"name": "p"}},
        "defaultArtifactType": {"name": "t"}, "project": {"name": "p", "entityName": "local"}, "tags": {"edges": []},
    }  # fmt: skip


def test_its_members_are_shown_newest_first_under_their_numbers_here(links: Links) -> None:
    links.link(artifactPortfolioName="links")
    found = links.shown("artifacts { edges { version node { id } } } aliases { edges { node { alias } } }")
    one, two, other = links.artifacts
    assert [(e["version"], e["node"]["id"]) for e in found["artifacts"]["edges"]] == [
        ("v2", other),
        ("v1", two),
        ("v0", one),
    ]
    assert [node["alias"] for node in nodes(found["aliases"])] == ["v0", "v1", "latest", "v2"]
    page = links.shown('artifacts(first: 1, after: "1") { edges { version node { id } } }')["artifacts"]
    assert page["edges"] == [{"version": "v1", "node": {"id": two}}]


@pytest.mark.parametrize(("alias", "place"), [("v0", 0), ("v1", 1), ("latest", 1), ("d0", 0)])
def test_a_member_is_found_by_number_alias_and_digest(links: Links, alias: str, place: int) -> None:
    asked = "id versionIndex createdAt aliases { alias artifactCollectionName artifactCollection { name } } "
    asked += (
        'artifactCollection { __typename name } artifact { id } files(names: ["y.txt"]) { edges { node { name } } }'
    )
    member = links.shown(f'artifactMembership(aliasName: "{alias}") {{ {asked} }}')["artifactMembership"]
    names = [each["alias"] for each in member.pop("aliases") if each["artifactCollection"] == {"name": "links"}]
    assert names == ["v0"] if place == 0 else ["latest", "v1"]
    assert member == {
        "id": encoded(f"ArtifactCollectionMembership:local/p/links:v{place}"), "versionIndex": place,
        "createdAt": links.state.artifact(links.artifacts[place]).created,
        "artifactCollection": {"__typename": "ArtifactPortfolio", "name": "links"},
        "artifact": {"id": links.artifacts[place]}, "files": {"edges": [{"node": {"name": "y.txt"}}]},
    }  # fmt: skip
    for field in ("artifactCollectionMembership", "artifact"):
        text = f'{{ project(name: "p") {{ {field}(name: "links:{alias}") {{ id }} }} }}'
        assert links.ask(text)["project"][field] is not None


def test_what_is_no_member_is_null(links: Links) -> None:
    assert links.shown('artifactMembership(aliasName: "v2") { id }') == {"artifactMembership": None}
    for field in ("artifactCollectionMembership", "artifact"):
        for name in ("links:v2", "none:v0"):
            text = f'{{ project(name: "p") {{ {field}(name: "{name}") {{ id }} }} }}'
            assert links.ask(text)["project"][field] is None
    assert links.shown("id", name="none") is None
    assert links.shown("id", project="q") is None


def test_without_an_alias_the_latest_is_meant(links: Links) -> None:
    found = links.ask('{ project(name: "p") { artifact(name: "links") { id } } }')["project"]["artifact"]
    assert found == {"id": links.artifacts[1]}


def test_a_link_has_the_next_number_and_its_aliases_and_one_that_is_there_keeps_both(links: Links) -> None:
    answer = links.link(artifactPortfolioName="links", aliases=[{"alias": "best"}, "good"])
    assert (answer["versionIndex"], answer["clientMutationId"]) == (2, None)
    assert answer["artifactMembership"]["versionIndex"] == 2
    (link,) = links.state.artifact(links.other).version.links
    assert (link.path, link.aliases) == ("local/p/links:v2", ["best", "good", "latest"])
    assert links.link(artifactPortfolioName="links")["versionIndex"] == 2
    assert links.link()["versionIndex"] == 0, "another portfolio begins anew"
    assert links.link(entityName="e", projectName="q")["versionIndex"] == 0
    assert [*links.store.portfolios] == [("local", "p", "links"), ("local", "p", "chosen"), ("e", "q", "chosen")]


def test_what_a_program_has_just_logged_is_linked_by_its_own_id(links: Links) -> None:
    links.link(artifactID=None, clientID="client-d2")
    links.link(artifactID=links.artifacts[0], clientID="client-d2", artifactPortfolioName="by the id")
    assert [p.links[0].version.id for p in links.store.portfolios.values()][1:] == [links.other, links.artifacts[0]]


REFUSED: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"artifactID": "none"}, RefusedError, "no artifact with the id 'none'"),
    ({"artifactID": None}, RefusedError, "no artifact with the id None"),
    ({"artifactID": None, "clientID": "none"}, RefusedError, "no artifact with the client id 'none'"),
    ({"artifactID": None, "clientID": 1}, RefusedError, "`clientID`"),
    ({"projectName": "a/b"}, RefusedError, "a project"),
    ({"projectName": None}, RefusedError, "a project"),
    ({"entityName": ".."}, RefusedError, "an entity"),
    ({"artifactPortfolioName": ""}, RefusedError, "a portfolio"),
    ({"aliases": [1]}, RefusedError, "an alias"),
    ({"artifactPortfolioName": "a"}, NoAnswerError, "runs log to"),
    ({"projectName": "wandb-registry-model"}, NotDoneError, "no registry local/wandb-registry-model: it has local-org"),
    (
        {"entityName": "local-organization", "projectName": "wandb-registry-x"},
        NotDoneError,
        "/wandb-registry-x: it has",
    ),
]


@pytest.mark.parametrize(("given", "error", "words"), REFUSED)
def test_what_cannot_be_linked_is_said_and_changes_nothing(
    links: Links, given: dict[str, Any], error: type[Exception], words: str
) -> None:
    before = links.everything()
    with pytest.raises(error, match=words) as refused:
        links.link(**given)
    if isinstance(refused.value, RefusedError):
        assert refused.value.status == (404 if "no artifact" in words else 400)
    assert links.everything() == before


@pytest.mark.parametrize("registry", ["wandb-registry-model", "wandb-registry-dataset"])
def test_the_two_registries_of_an_organization_are_there(links: Links, registry: str) -> None:
    assert links.link(entityName="local-organization", projectName=registry)["versionIndex"] == 0


def test_a_link_is_taken_away_and_its_number_not_given_again(links: Links) -> None:
    portfolio, (one, two, other) = encoded("ArtifactPortfolio:local/p/links"), links.artifacts
    answer = links.calls.unlink({"artifactID": two, "artifactPortfolioID": portfolio})
    assert answer == {"artifactID": two, "success": True, "clientMutationId": None}
    assert [link.version.id for link in links.store.portfolios["local", "p", "links"].links] == [one]
    assert links.link(artifactPortfolioName="links")["versionIndex"] == 2
    before = links.everything()
    for artifact, place, status in (
        (two, portfolio, 404),
        (one, encoded("ArtifactPortfolio:local/p/none"), 404),
        (one, encoded("ArtifactSequence:local/p/links"), 404),
        ("none", portfolio, 404),
        (one, "no id", 400),
    ):
        with pytest.raises(RefusedError) as refused:
            links.calls.unlink({"artifactID": artifact, "artifactPortfolioID": place})
        assert refused.value.status == status
    assert links.everything() == before
    assert other in {link.version.id for link in links.store.portfolios["local", "p", "links"].links}


def test_the_portfolios_of_a_type_are_those_of_its_project(links: Links) -> None:
    links.link(projectName="q")
    found = links.resolvers._artifacts.portfolios
    assert [portfolio.name for portfolio in found.of_type("local", "p", "t")] == ["links"]
    assert found.of_type("local", "p", "t2") == found.of_type("e", "p", "t") == []
