"""Links to artifacts, against a model: a portfolio numbers its members, and an alias names one of them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("graphql", reason="the server needs the `testing` extra")

from wandb_keras_compat.testing.doors.server.http_errors import NoAnswerError, NotDoneError, RefusedError

from .test_arguments import World

NAMES = st.lists(st.sampled_from(["best", "latest", "x"]), unique=True, max_size=2)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("link"), st.integers(0, 2), NAMES),
        st.tuples(st.just("link"), st.integers(0, 1), st.just([])),
        st.tuples(st.sampled_from(["unlink", "unlink", "unlink", "delete"]), st.integers(0, 2), st.just([])),
        st.tuples(st.sampled_from(["add", "remove"]), st.integers(0, 2), NAMES),
    ),
    max_size=14,
)
MEMBERS = (
    'query { project(name: "p") { artifactCollection(name: "chosen") { id name __typename '
    "artifacts { edges { version node { id } } } } } }"
)


def linked(world: World, artifact: str, names: list[str], project: str = "p") -> Any:
    aliases = ", ".join(f'{{artifactCollectionName: "chosen", alias: "{name}"}}' for name in names)
    return world.ask(
        f'mutation {{ linkArtifact(artifactID: "{artifact}", projectName: "{project}", entityName: "local", '
        f'artifactPortfolioName: "chosen", aliases: [{aliases}]) {{ versionIndex }} }}'
    )


def changed(world: World, what: str, artifact: str, names: list[str]) -> None:
    aliases = ", ".join(f'{{artifactCollectionName: "chosen", alias: "{name}"}}' for name in names)
    world.ask(f'mutation {{ {what}(artifactID: "{artifact}", aliases: [{aliases}]) {{ success }} }}')


def member(world: World, alias: str) -> str | None:
    text = f'query {{ project(name: "p") {{ artifact(name: "chosen:{alias}") {{ id }} }} }}'
    found = world.ask(text)["project"]["artifact"]
    return found and found["id"]


@pytest.mark.slow
@settings(max_examples=120, deadline=None)
@given(steps=STEPS)
def test_a_portfolio_is_what_its_model_is(steps):
    world = World()
    portfolio = {"id": None}
    own = {artifact: list(world.state.artifact(artifact).version.aliases) for artifact in world.artifacts}
    numbers: dict[str, int] = {}
    aliases: dict[str, str] = {}
    made, gone = 0, set()
    for what, place, names in steps:
        artifact = world.artifacts[place]
        if artifact in gone:
            continue
        if what == "link":
            answer = linked(world, artifact, names)["linkArtifact"]["versionIndex"]
            if artifact not in numbers:
                numbers[artifact], made = made, made + 1
            assert answer == numbers[artifact]
            aliases |= dict.fromkeys([*names, "latest"], artifact)
            portfolio = world.ask(MEMBERS)["project"]["artifactCollection"]
            assert portfolio["__typename"] == "ArtifactPortfolio"
        elif what == "unlink":
            text = f'mutation {{ unlinkArtifact(artifactID: "{artifact}", artifactPortfolioID: "{portfolio["id"]}") {{ success }} }}'
            if artifact in numbers:
                assert world.ask(text)["unlinkArtifact"]["success"]
            else:
                with pytest.raises(RefusedError):
                    world.ask(text)
        elif what == "delete":
            world.ask(f'mutation {{ deleteArtifact(artifactID: "{artifact}", deleteAliases: true) {{ success }} }}')
            gone.add(artifact)
            left = [link for portfolio in world.store.portfolios.values() for link in portfolio.links]
            assert artifact not in {link.version.id for link in left}
        elif artifact in numbers:
            changed(world, "addAliases" if what == "add" else "deleteAliases", artifact, names)
            if what == "add":
                aliases |= dict.fromkeys(names, artifact)
            else:
                aliases = {name: at for name, at in aliases.items() if not (at == artifact and name in names)}
        elif names:
            with pytest.raises(NoAnswerError, match="no collection"):
                changed(world, "addAliases", artifact, names)
        if what in {"unlink", "delete"}:
            numbers.pop(artifact, None)
            aliases = {name: at for name, at in aliases.items() if at != artifact}
        for name in ("best", "latest", "x"):
            assert member(world, name) == aliases.get(name)
        for number in range(made):
            assert member(world, f"v{number}") == next((a for a, at in numbers.items() if at == number), None)
    if made:
        edges = world.ask(MEMBERS)["project"]["artifactCollection"]["artifacts"]["edges"]
        there = sorted(numbers.items(), key=lambda pair: pair[1], reverse=True)
        assert [(edge["version"], edge["node"]["id"]) for edge in edges] == [(f"v{at}", a) for a, at in there]
    for artifact in own.keys() - gone:
        assert world.state.artifact(artifact).version.aliases == own[artifact], "those of its own collection stay"


def test_what_cannot_be_linked_is_an_error_and_changes_nothing():
    world = World()
    first, _, other = world.artifacts
    linked(world, first, [])
    before = world.everything()
    with pytest.raises(RefusedError, match="no artifact"):
        linked(world, "bm9ib2R5", [])
    with pytest.raises(NotDoneError, match="no registry local/wandb-registry-model"):
        linked(world, other, [], "wandb-registry-model")
    with pytest.raises(NoAnswerError, match="runs log to"):
        world.ask(
            f'mutation {{ linkArtifact(artifactID: "{first}", projectName: "p", artifactPortfolioName: "a") {{ versionIndex }} }}'
        )
    waiting = world.ask('query { clientIDMapping(clientID: "waiting") { serverID } }')["clientIDMapping"]["serverID"]
    with pytest.raises(NoAnswerError, match="type 't'"):
        linked(world, waiting, [])
    with pytest.raises(NoAnswerError, match="collection of links"):
        world.ask(
            'mutation { createArtifact(projectName: "p", artifactTypeName: "t", artifactCollectionName: "chosen", '
            'digest: "n") { artifact { id } } }'
        )
    assert world.everything() == before


def test_one_that_is_not_committed_is_a_member_once_it_is():
    """A run links what it logs without waiting for it; by the id that the program itself gave it."""
    world = World()
    world.ask(
        'mutation { linkArtifact(clientID: "waiting", projectName: "p", artifactPortfolioName: "chosen") { versionIndex } }'
    )
    assert member(world, "latest") is None
    record = world.state.by_client_id("waiting")
    assert record is not None
    world.resolvers.uploads.take_manifest(record, b'{"contents": {}}')
    world.ask(f'mutation {{ commitArtifact(artifactID: "{record.version.id}") {{ artifact {{ id }} }} }}')
    assert member(world, "latest") == record.version.id
