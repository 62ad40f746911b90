"""The store: a run and a collection are made once, each under its own key, and forgotten together."""

from __future__ import annotations

import itertools

import pytest

from wandb_keras_compat.testing.model.artifacts import RunKey
from wandb_keras_compat.testing.model.store import MAX_LINE, MAX_UNKNOWN, RunStore

KEYS = list(itertools.product(["e", "f"], ["p", "q"], ["a", "b"]))


def test_each_key_has_a_run_of_its_own() -> None:
    store = RunStore()
    made = [store.run(RunKey(*key)) for key in KEYS]
    assert [store.run(RunKey(*key)) for key in KEYS] == made
    assert all(store.run(run.key) is run for run in made)
    assert len({id(run) for run in made}) == len(KEYS) == len(store.runs)
    assert [seen.id for seen in store.snapshot().runs] == [key[2] for key in KEYS]


def test_each_name_in_a_project_has_a_collection_of_its_own() -> None:
    store = RunStore()
    made = [store.collection(*key, "model") for key in KEYS]
    assert [(each.entity, each.project, each.name, each.type) for each in made] == [(*key, "model") for key in KEYS]
    assert all(store.collection(*key, "model") is each for key, each in zip(KEYS, made))


def test_a_name_has_one_type() -> None:
    store = RunStore()
    made = store.collection("e", "p", "a", "model")
    with pytest.raises(ValueError, match="artifact e/p/a has type 'model': it cannot be logged as 'data'"):
        store.collection("e", "p", "a", "data")
    assert store.collections == {("e", "p", "a"): made}


def test_what_it_forgets_is_everything() -> None:
    store = RunStore()
    store.run(RunKey("e", "p", "a"))
    store.collection("e", "p", "a", "model")
    store.portfolio("e", "p", "linked", "model")
    store.unknown.append("a question")
    assert store.snapshot().unknown == ("a question",)
    store.clear()
    assert (store.runs, store.collections, store.portfolios, store.unknown) == ({}, {}, {}, [])
    assert store.snapshot().runs == store.snapshot().unknown == ()


def test_what_is_unknown_is_kept_once_each_and_up_to_a_bound() -> None:
    store = RunStore()
    for number in range(MAX_UNKNOWN + 50):
        store.note_unknown(f"{number} " + "x" * (2 * MAX_LINE))
        store.note_unknown("0 " + "x" * (2 * MAX_LINE))
    assert len(store.unknown) == MAX_UNKNOWN + 1 and store.unknown[-1] == "further ones are not kept"
    assert max(map(len, store.unknown)) == MAX_LINE
