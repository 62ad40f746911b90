"""A snapshot is a copy, and a question about the only run is answered only where there is one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from wandb_keras_compat.testing.model.artifacts import RunKey
from wandb_keras_compat.testing.model.runs import Metric
from wandb_keras_compat.testing.model.snapshot import RunSnapshot, Snapshot
from wandb_keras_compat.testing.model.store import RunStore

QUESTIONS: list[Callable[[Snapshot], Any]] = [
    lambda seen: seen.run(), lambda seen: seen.history(), lambda seen: seen.summary(), lambda seen: seen.config(),
    lambda seen: seen.files(), lambda seen: seen.artifacts(),
]  # fmt: skip


def store_of(*ids: str) -> RunStore:
    store = RunStore()
    for run_id in ids:
        store.run(RunKey("e", "p", run_id)).config["id"] = run_id
    return store


@pytest.mark.parametrize("ids", [[], ["one", "two"], ["one", "two", "three"]])
@pytest.mark.parametrize("ask", QUESTIONS)
def test_without_an_id_there_has_to_be_one_run_and_no_more(ids: list[str], ask: Callable[[Snapshot], Any]) -> None:
    with pytest.raises(LookupError, match="expected exactly one run, found " + (", ".join(ids) or "no run")):
        ask(store_of(*ids).snapshot())


@pytest.mark.parametrize("ask", QUESTIONS)
def test_the_only_run_answers(ask: Callable[[Snapshot], Any]) -> None:
    ask(store_of("one").snapshot())


def test_a_run_is_known_by_its_id() -> None:
    seen = store_of("one", "two").snapshot()
    assert [seen.run(run_id).config() for run_id in ("one", "two")] == [{"id": "one"}, {"id": "two"}]
    with pytest.raises(LookupError, match="expected a run 'on', found one, two"):
        seen.run("on")


def full() -> tuple[RunStore, RunSnapshot]:
    store = store_of("one")
    run = store.run(RunKey("e", "p", "one"))
    run.history = [{"_step": 0, "_runtime": 1.0, "a": {"b": [1]}}, {"_step": 1, "c": 2}]
    run.summary = {"_step": 1, "a": {"b": [1]}}
    run.config = {"a": {"b": [1]}}
    run.metrics = {"m": Metric("m", goal="minimize")}
    run.files = {"f": [b"first", b"last"]}
    run.tags = ["t"]
    version = store.collection("e", "p", "model", "model").add("id")
    version.metadata = {"a": [1]}
    version.asked_aliases = ["x"]
    run.logged.append(version)
    return store, store.snapshot().run()


def test_what_comes_later_is_not_in_an_earlier_snapshot() -> None:
    store, seen = full()
    run = store.run(RunKey("e", "p", "one"))
    run.history[0]["a"]["b"].append(2)
    run.history.append({})
    run.summary["a"]["b"].append(2)
    run.config["a"]["b"].append(2)
    run.metrics["m"].goal = "maximize"
    run.files["f"].append(b"later")
    run.tags.append("later")
    run.logged[0].metadata["a"].append(2)
    run.logged[0].asked_aliases.append("later")
    _, as_it_was = full()
    assert seen == as_it_was


def test_changing_an_answer_changes_no_other_answer() -> None:
    _, seen = full()
    seen.history()[0]["a"]["b"].append(2)
    seen.summary()["a"]["b"].append(2)
    seen.config()["a"]["b"].append(2)
    seen.column("a")[0]["b"].append(2)
    seen.metrics()["m"].goal = "maximize"
    _, as_it_was = full()
    assert seen == as_it_was


def test_answers() -> None:
    _, seen = full()
    assert seen.history() == [{"a": {"b": [1]}}, {"c": 2}]
    assert [row["_step"] for row in seen.history(internal=True)] == [0, 1]
    assert seen.history_keys() == ["a", "c"]
    assert (seen.column("c"), seen.column("none")) == ([2], [])
    assert (seen.summary(), seen.summary(internal=True)["_step"]) == ({"a": {"b": [1]}}, 1)
    assert (seen.files(), seen.file_versions("f"), seen.file_versions("none")) == (
        {"f": b"last"},
        (b"first", b"last"),
        (),
    )
    assert ([each.name for each in seen.artifacts()], seen.artifacts("data"), len(seen.artifacts("model"))) == (
        ["model"],
        [],
        1,
    )
