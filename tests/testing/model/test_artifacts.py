"""Artifacts as W&B keeps them: versions in order, an alias for one of them, the same content found again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wandb_keras_compat.testing.model.artifacts import ArtifactCollection, Entry, RunKey
from wandb_keras_compat.testing.model.runs import RunState

NAMES = st.lists(st.sampled_from(["best", "latest", "x"]), max_size=3)


def collection(versions: int) -> ArtifactCollection:
    made = ArtifactCollection("e", "p", "model", "model")
    for at in range(versions):
        made.add(f"id{at}")
    return made


def test_versions_are_counted_as_they_come() -> None:
    made = collection(3)
    assert [(version.index, version.id) for version in made.versions] == [(0, "id0"), (1, "id1"), (2, "id2")]
    assert all(version.collection is made for version in made.versions)
    assert made.versions[2].reference("a/b.txt") == "wandb-artifact://model:v2/a/b.txt"


@given(st.lists(st.tuples(st.integers(0, 2), NAMES), max_size=5))
def test_an_alias_is_of_the_version_that_got_it_last(releases: list[tuple[int, list[str]]]) -> None:
    made = collection(3)
    owner: dict[str, int] = {}
    for at, aliases in releases:
        made.release(made.versions[at], aliases)
        owner.update(dict.fromkeys([*aliases, "latest"], at))
    for at, version in enumerate(made.versions):
        assert sorted(version.aliases) == sorted(alias for alias, of in owner.items() if of == at)


STATES = st.lists(st.tuples(st.sampled_from(["a", "b", ""]), st.sampled_from(["COMMITTED", "PENDING"])), max_size=4)


@given(STATES, st.sampled_from(["a", "b", "c", ""]), st.booleans())
def test_content_is_found_again_in_the_newest_version_that_has_it(
    versions: list[tuple[str, str]], digest: str, newest: bool
) -> None:
    made = collection(len(versions))
    for version, (own, state) in zip(made.versions, versions):
        version.digest, version.state = own, state
    committed = [at for at, (_, state) in enumerate(versions) if state == "COMMITTED"]
    having = [at for at in (committed[-1:] if newest else committed) if digest and versions[at][0] == digest]
    found = made.with_content(digest, newest_only=newest)
    assert (found.index if found else None) == (having[-1] if having else None)


def test_a_run_that_uses_a_version_twice_has_it_twice_and_is_named_once() -> None:
    run, version = RunState(RunKey("e", "p", "r")), collection(1).versions[0]
    run.use(version)
    run.use(version)
    assert (run.used, version.used_by) == ([version, version], [RunKey("e", "p", "r")])


def test_what_a_version_is_before_anything_came_of_it() -> None:
    """It waits, and its content is not known: so no other is taken for the same."""
    made = collection(2)
    version = made.versions[0]
    assert (version.state, version.digest, version.description, version.logged_by) == ("PENDING", "", None, None)
    assert (version.asked_aliases, version.aliases, version.metadata, version.entries, version.used_by) == (
        [],
        [],
        {},
        {},
        [],
    )
    assert version.entries is not made.versions[1].entries
    assert vars(Entry()) == {"size": None, "digest": None, "reference": None, "content": None}
