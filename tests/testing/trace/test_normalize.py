"""Every field that the model of a run has reaches the trace, under its own name and nowhere else."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wandb_keras_compat.testing.model.artifacts import ArtifactVersion
from wandb_keras_compat.testing.model.runs import Metric, RunState
from wandb_keras_compat.testing.trace.normalize import BLIND, dumps, trace_of
from wandb_keras_compat.testing.trace.validate import check

from .small_runs import store_of

# Texts that no rule takes for a name, an id or a time of W&B's.
WORDS = [f"word{letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
RUN = ("runs", 0)

#: A field of the model to the value that it has for a word, and to the place in the trace where that word is then.
OF_RUN: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "name": (lambda word: word, (*RUN, "name")),
    "group": (lambda word: word, (*RUN, "group")),
    "job_type": (lambda word: word, (*RUN, "job_type")),
    "notes": (lambda word: word, (*RUN, "notes")),
    "tags": (lambda word: [word], (*RUN, "tags", 0)),
    "config": (lambda word: {"k": word}, (*RUN, "config", "k")),
    "metrics": (lambda word: {"m": Metric("m", step_metric=word)}, (*RUN, "metrics", "m", "step_metric")),
    "history": (lambda word: [{"k": word}], (*RUN, "history", 0, "k")),
    "summary": (lambda word: {"k": word}, (*RUN, "summary", "k")),
    "files": (lambda word: {"f.txt": [b"earlier", word.encode()]}, (*RUN, "files", "f.txt", "content", "text")),
    "console": (lambda word: [word], (*RUN, "console", 0)),
    "telemetry": (lambda word: {word}, (*RUN, "telemetry", 0)),
    "versions": (lambda word: {"wandb": word}, ("made_with", "wandb")),
    "logged": (lambda word: [{"name": word}], (*RUN, "artifacts", "logged", 0, "name")),
    "used": (lambda word: [{"name": word}], (*RUN, "artifacts", "used", 0, "name")),
}
#: The same of an artifact version; its name and type are those of its collection.
OF_ARTIFACT: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "name": (lambda word: word, ("name",)),
    "type": (lambda word: word, ("type",)),
    "aliases": (lambda word: [word], ("aliases", 0)),
    "metadata": (lambda word: {"k": word}, ("metadata", "k")),
    "description": (lambda word: word, ("description",)),
    "entries": (lambda word: {"f.txt": word.encode()}, ("entries", "f.txt", "text")),
}
#: What a trace does not have: the key of the run (another one in each run), the id of its sweep (which the server draws, and
#: whose place is there instead), alerts (a server alone sees them), how a file got there (its own test), the
#: exit code (a number, its own test); the aliases a version has now and who used it are what a server makes of them, and so are the links to it.
NOT_HERE = {"key", "sweep", "alerts", "policies", "exit_code"}
NOT_OF_AN_ARTIFACT = {"collection", "id", "index", "aliases", "digest", "state", "logged_by", "used_by", "links"}


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Each text of a trace, keys too, with where it is."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield (*path, "key", key), key
            yield from places(item, (*path, key))
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from places(item, (*path, at))
    elif isinstance(value, str):
        yield path, value


def words_in(trace: Any) -> dict[str, list[tuple[Any, ...]]]:
    found: dict[str, list[tuple[Any, ...]]] = {}
    for path, text in places(trace):
        if text in WORDS:
            found.setdefault(text, []).append(path)
    return found


def test_there_is_a_place_for_every_field() -> None:
    """A field that the model gets needs a place here, or a reason to have none."""
    assert set(OF_RUN) | NOT_HERE == {field.name for field in dataclasses.fields(RunState)}
    of_version = {field.name for field in dataclasses.fields(ArtifactVersion)} - NOT_OF_AN_ARTIFACT
    assert {name if name != "aliases" else "asked_aliases" for name in OF_ARTIFACT} - {"name", "type"} == of_version


@given(st.permutations(WORDS))
def test_every_field_of_a_run_is_in_the_trace_under_its_own_name(words: list[str]) -> None:
    given_words = dict(zip(OF_RUN, words))
    fields = {name: make(given_words[name]) for name, (make, _) in OF_RUN.items()}
    trace = trace_of(store_of(**fields).snapshot(), "http")
    check(trace)
    assert words_in(trace) == {given_words[name]: [place] for name, (_, place) in OF_RUN.items()}


@pytest.mark.parametrize("list_of", ["logged", "used"])
@given(words=st.permutations(WORDS))
def test_every_field_of_an_artifact_is_in_the_trace_under_its_own_name(list_of: str, words: list[str]) -> None:
    given_words = dict(zip(OF_ARTIFACT, words))
    fields = {name: make(given_words[name]) for name, (make, _) in OF_ARTIFACT.items()}
    description = fields.pop("description")
    store = store_of(**{list_of: [fields]})
    for collection in store.collections.values():
        collection.versions[0].description = description
    trace = trace_of(store.snapshot(), "http")
    check(trace)
    above = (*RUN, "artifacts", list_of, 0)
    assert words_in(trace) == {given_words[name]: [(*above, *place)] for name, (_, place) in OF_ARTIFACT.items()}


@given(
    st.builds(
        Metric,
        name=st.just("m"),
        step_metric=st.sampled_from([None, "s"]),
        summary=st.permutations(["max", "min", "last"]).map(tuple),
        hidden=st.booleans(),
        step_sync=st.booleans(),
        goal=st.sampled_from([None, "minimize", "maximize"]),
    )
)
def test_every_field_of_a_metric_is_in_the_trace_under_its_own_name(metric: Metric) -> None:
    (run,) = trace_of(store_of(metrics={"m": metric}).snapshot(), "http")["runs"]
    expected = {**dataclasses.asdict(metric), "summary": ["last", "max", "min"]}
    del expected["name"]
    assert run["metrics"] == {"m": expected}


@pytest.mark.parametrize("code", [None, 0, 1, 255])
def test_the_exit_code_is_the_run_s(code: int | None) -> None:
    (run,) = trace_of(store_of(exit_code=code).snapshot(), "http")["runs"]
    assert run["exit_code"] is code


@pytest.mark.parametrize("policy", ["now", "end", "live"])
def test_a_policy_is_that_of_its_file(policy: str) -> None:
    files = {"a.txt": [b"a"], "b.txt": [b"b"]}
    (run,) = trace_of(store_of(files=files, policies={"b.txt": policy}).snapshot(), "recorder")["runs"]
    assert {path: file["policy"] for path, file in run["files"].items()} == {"a.txt": None, "b.txt": policy}


@pytest.mark.parametrize("field", ["group", "job_type", "notes", "sweep"])
def test_nothing_and_an_empty_text_are_the_same(field: str) -> None:
    """Versions of wandb send either for what the user left out."""
    found = [trace_of(store_of(**{field: value}).snapshot(), "http")["runs"][0][field] for value in (None, "")]
    assert found == [None, None]


@pytest.mark.parametrize("door", ["http", "log", "recorder"])
def test_a_trace_says_which_door_it_is_from_and_what_that_does_not_see(door: Any) -> None:
    artifact = {"name": "m", "entries": {"seen.txt": b"x"}}
    store = store_of(logged=[artifact])
    trace = trace_of(store.snapshot(), door, blind=["runs[*].sweep", BLIND[door][0]])
    assert (trace["door"], trace["blind"]) == (door, [*BLIND[door], "runs[*].sweep"])
    next(iter(store.collections.values())).versions[0].entries["seen.txt"].content = None
    gone = 'runs[0].artifacts.logged[0].entries["seen.txt"]'
    assert (gone in trace_of(store.snapshot(), door)["blind"]) is (door == "log"), "the staging folder does not last"


def test_runs_are_in_the_order_in_which_they_began_and_versions_are_of_all() -> None:
    store = store_of(name="first one", versions={"wandb": "1", "python": "3"})
    second = store_of(run_id="zz", name="second one", versions={"keras": "2"})
    store.runs.update(second.runs)
    trace = trace_of(store.snapshot(), "http")
    assert [run["name"] for run in trace["runs"]] == ["first one", "second one"]
    assert trace["made_with"] == {"wandb": "1", "python": "3", "keras": "2"}


def test_a_file_of_a_trace_is_the_same_whatever_the_order_of_its_keys() -> None:
    one, other = {"b": 1, "a": "é"}, {"a": "é", "b": 1}
    assert dumps(one) == dumps(other) == '{\n "a": "é",\n "b": 1\n}\n'
