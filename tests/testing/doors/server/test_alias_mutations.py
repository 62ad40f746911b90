"""Aliases of an artifact, in its own collection and in the portfolios that it is linked to: each is in the one it names."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("graphql", reason="the server needs the `testing` extra")

from wandb_keras_compat.testing.doors.server.alias_mutations import AliasMutations, placed, replace_aliases
from wandb_keras_compat.testing.doors.server.http_errors import NoAnswerError, RefusedError
from wandb_keras_compat.testing.model.artifacts import ArtifactVersion

from .test_arguments import World


@pytest.fixture
def world() -> World:
    """Whose artifacts 0 and 1 are of the collection ``a`` and linked as ``links``."""
    return World()


def version(world: World, place: int = 0) -> ArtifactVersion:
    return world.state.artifact(world.artifacts[place]).version


def named(alias: str, collection: object = None, project: str | None = None, entity: str | None = None) -> Any:
    return {"alias": alias, "artifactCollectionName": collection, "projectName": project, "entityName": entity}


def aliases(world: World, place: int = 0) -> tuple[list[str], list[str]]:
    """In its own collection, and in the portfolio."""
    found = version(world, place)
    return found.aliases, found.links[0].aliases


def test_an_alias_is_in_the_collection_that_it_names_or_else_in_its_own(world: World) -> None:
    calls = AliasMutations(world.state)
    given = ["text", named("own"), named("also own", "a"), named("linked", "links"), named("p", "links", "p", "local")]
    assert calls.add({"artifactID": world.artifacts[0], "aliases": given}) == {"success": True}
    assert aliases(world) == (["text", "own", "also own"], ["linked", "p"])
    calls.add({"artifactID": world.artifacts[1], "aliases": [named("linked", "links"), "own"]})
    assert aliases(world) == (["text", "also own"], ["p"])
    assert aliases(world, 1) == (["latest", "own"], ["latest", "linked"])


def test_what_is_deleted_is_gone_where_it_is_named_and_stays_elsewhere(world: World) -> None:
    calls = AliasMutations(world.state)
    both = [named("best", "a"), named("best", "links"), named("good", "links")]
    calls.add({"artifactID": world.artifacts[0], "aliases": both})
    calls.delete({"artifactID": world.artifacts[0], "aliases": [named("best", "links"), named("none", "links")]})
    assert aliases(world) == (["best"], ["good"])
    calls.delete({"artifactID": world.artifacts[0], "aliases": [named("best")]})
    assert aliases(world) == ([], ["good"])


def test_a_list_that_is_given_whole_replaces_those_of_each_collection_it_names(world: World) -> None:
    first = version(world)
    calls = AliasMutations(world.state)
    before = {"aliases": [named("own"), named("linked", "links")]}
    for given, left in (
        ([named("new", "links"), named("newer")], (["newer"], ["new"])),
        ([named("new", "links")], (["own"], ["new"])),
        ([named("newer")], (["newer"], ["linked"])),
        ([], ([], ["linked"])),
    ):
        first.aliases.clear()
        first.links[0].aliases.clear()
        calls.add({"artifactID": first.id, **before})
        replace_aliases(first, placed(first, {"aliases": given}))
        assert aliases(world) == left, given


@pytest.mark.parametrize(
    "place", [named("x", "other"), named("x", "a", "q"), named("x", None, None, "else"), named("x", "links", "q")]
)
def test_a_collection_that_it_is_not_in_is_an_error_with_its_name(world: World, place: Any) -> None:
    before = world.everything()
    with pytest.raises(NoAnswerError, match=f"artifact a:v0 is in no collection {place['artifactCollectionName']!r}"):
        AliasMutations(world.state).add({"artifactID": world.artifacts[0], "aliases": ["fine", place]})
    assert world.everything() == before


@pytest.mark.parametrize("given", ["best", 1, {"alias": "x"}, [None], [1], [{}], ["a/b"], [""], [named("a", 1)]])
def test_what_is_no_list_of_aliases_is_refused(world: World, given: object) -> None:
    before = world.everything()
    for call in (AliasMutations(world.state).add, AliasMutations(world.state).delete):
        with pytest.raises(RefusedError, match=r"alias|artifactCollectionName") as refused:
            call({"artifactID": world.artifacts[0], "aliases": given})
        assert refused.value.status == 400
    assert world.everything() == before


@pytest.mark.parametrize("artifact", [None, "nobody"])
def test_an_artifact_that_is_not_there_is_refused(world: World, artifact: str | None) -> None:
    for call in (AliasMutations(world.state).add, AliasMutations(world.state).delete):
        with pytest.raises(RefusedError) as refused:
            call({"artifactID": artifact, "aliases": ["x"]})
        assert refused.value.status == 404
