"""The ledger takes out of a diff exactly what it names, for the versions it names, and knows what it is not used for."""

from __future__ import annotations

import copy
import json
import re
from importlib import resources

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from wandb_keras_compat.testing.trace.compare import diff
from wandb_keras_compat.testing.trace.ledger import Ledger, LedgerError
from wandb_keras_compat.testing.trace.paths import literal

from . import strategies

ENTRY = {
    "id": "KD-001",
    "feature": "best",
    "where": "runs[*].summary.best_loss",
    "kind": "old-bug-fixed",
    "old": "forgets",
    "new": "remembers",
    "why": "because",
    "witness": "tests/parity/test_best.py::test_it",
}
TEXT = """
- id: KD-001
  feature: best
  where: runs[*].summary.best_loss
  when: {keras: ">=3", wandb: "<0.27.1"}
  kind: old-bug-fixed
  old: forgets
  new: remembers
  why: because
  link: null
  witness: tests/parity/test_best.py::test_it
"""


def ledger(**changes):
    return Ledger.of([{**ENTRY, **changes}])


def changed(**summary):
    trace = strategies.rich()
    trace["runs"][0]["summary"].update(summary)
    return trace


def test_exactly_its_path_is_known_and_a_neighbour_still_differs():
    new = changed(best_loss=0.5, best_epoch=3)
    found = diff(strategies.rich(), new, ledger())
    assert found.paths() == ["runs[0].summary.best_epoch"]
    assert {name: [item.path for item in items] for name, items in found.known.items()} == {
        "KD-001": ["runs[0].summary.best_loss"]
    }
    assert not found.unused


def test_what_lies_below_is_not_known_unless_it_says_so():
    new = changed(
        graph={"_type": "graph", "nodes": [{"name": "c"}, {"name": "b", "num_parameters": 4}], "edges": [["a", "b"]]}
    )
    everything = diff(strategies.rich(), new).paths()
    assert diff(strategies.rich(), new, ledger(where="runs[*].summary.graph")).paths() == everything
    assert not diff(strategies.rich(), new, ledger(where="runs[*].summary.graph.**"))


@pytest.mark.slow
@given(strategies.traces, strategies.traces, st.data())
def test_of_any_diff_it_takes_what_it_names_and_nothing_else(old, new, data):
    everything = diff(old, new)
    assume(everything)
    chosen = data.draw(st.lists(st.sampled_from(list(everything)), min_size=1, max_size=3))
    left = diff(old, new, ledger(where=[literal(item.parts) for item in chosen]))
    names = {item.path for item in chosen}
    assert list(left) == [item for item in everything if item.path not in names]
    assert list(left.known["KD-001"]) == [item for item in everything if item.path in names]


def _starred(parts: tuple[str | int, ...], at: set[int], below: int | None) -> str:
    """A pattern: *parts* with any key or index at the places *at*, and anything below the first *below* parts."""
    kept = parts if below is None else parts[:below]
    texts = ["[*]" if place in at else literal((part,)) for place, part in enumerate(kept)]
    joined = "".join(text if not place or text.startswith("[") else f".{text}" for place, text in enumerate(texts))
    return joined + (".**" if below is not None else "")


def _is_meant(path: tuple[str | int, ...], parts: tuple[str | int, ...], at: set[int], below: int | None) -> bool:
    """The same in other words: part by part, of the same length unless what lies below is meant."""
    if len(path) != len(parts) if below is None else len(path) <= below:
        return False
    return all(place in at or path[place] == parts[place] for place in range(len(parts) if below is None else below))


@pytest.mark.slow
@given(strategies.traces, strategies.traces, st.data())
def test_a_pattern_hides_what_it_means_and_no_path_beside_it(old, new, data):
    everything = list(diff(old, new))
    assume(everything)
    parts = data.draw(st.sampled_from(everything)).parts
    at = set(data.draw(st.lists(st.integers(1, len(parts) - 1), max_size=3))) if len(parts) > 1 else set()
    below = data.draw(st.one_of(st.none(), st.integers(1, len(parts))))
    left = diff(old, new, ledger(where=_starred(parts, at, below)))
    assert list(left) == [item for item in everything if not _is_meant(item.parts, parts, at, below)]
    hidden = [item for item in everything if _is_meant(item.parts, parts, at, below)]
    assert [item for items in left.known.values() for item in items] == hidden
    assert len(left) + len(hidden) == len(everything), "a difference is hidden or shown"


@pytest.mark.parametrize("path", ["runs[*].summary.best_los", "runs[*].summary.best", "runs[*].summary", "runs[*]"])
def test_a_path_that_begins_alike_is_another_one(path):
    found = diff(strategies.rich(), changed(best_loss=0.5), ledger(where=path))
    assert found.paths() == ["runs[0].summary.best_loss"]
    assert found.unused == ("KD-001",)


NAMES = ["two", "two_workers", "two workers", "workers", "one_two", "tw", "Two", "", "t*o"]


def _glob(pattern: str) -> re.Pattern[str]:
    return re.compile("".join(".*" if sign == "*" else re.escape(sign) for sign in pattern))


@given(st.sampled_from([*filter(None, NAMES), "*", "two*", "*two", "t*o", "*_workers"]), st.sampled_from(NAMES))
def test_an_entry_about_a_run_hides_nothing_in_another(pattern, name):
    old, new = strategies.rich(), changed(best_loss=0.5)
    new["runs"][0]["name"] = old["runs"][0]["name"] = name
    found = diff(old, new, ledger(run=pattern))
    is_meant = _glob(pattern).fullmatch(name) is not None
    assert (found.paths() == []) is is_meant
    assert (found.known.keys() == {"KD-001"}) is is_meant


def test_of_several_patterns_for_runs_any_will_do():
    old, new = strategies.rich(), changed(best_loss=0.5)
    old["runs"][0]["name"] = new["runs"][0]["name"] = "workers"
    assert not diff(old, new, ledger(run=["two*", "workers"]))
    assert diff(old, new, ledger(run=["two*", "work"]))


def test_a_difference_in_a_run_that_is_only_in_the_old_trace_has_no_name():
    old, new = strategies.rich(), strategies.rich()
    del new["runs"][1]
    assert diff(old, new, ledger(where="runs[*]", run="mine"))
    assert not diff(old, new, ledger(where="runs[*]", run="*"))


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        ({"keras": ">=3"}, True),
        ({"keras": "<3"}, False),
        ({"keras": ">=3", "wandb": "<0.27"}, False),
        ({"tensorflow": ">=2.16,<2.22", "python": ">=3.10"}, True),
        ({"tf-keras": ">=2"}, False),
        ([{"jax": ">=0.4"}, {"keras": ">=3"}], True),
        ([{"jax": ">=0.4"}, {"keras": "<3"}], False),
        ([{"keras": ">=3", "wandb": "<0.27"}, {"tensorflow": ">=2.16", "jax": ">=0.4"}], False),
    ],
)
def test_it_holds_for_the_versions_of_the_new_trace(when, holds):
    old = {**strategies.rich(), "made_with": {"keras": "2.12.0", "wandb": "0.16.6"}}
    found = diff(old, changed(best_loss=0.5), ledger(when=when))
    assert bool(found) is not holds
    assert ("KD-001" in found.known) is holds


def test_a_release_candidate_is_of_its_series():
    new = {**changed(best_loss=0.5), "made_with": {"keras": "3.16.0rc1"}}
    for wanted in (">=3", ">=3.16", ">=3.16.0rc1", "==3.16.0rc1", "<4"):
        assert not diff(strategies.rich(), new, ledger(when={"keras": wanted}))
    for wanted in ("<3.16", ">3.16", "==3.15.*"):
        assert diff(strategies.rich(), new, ledger(when={"keras": wanted}))


def test_an_entry_that_accounts_for_nothing_is_stale():
    entries = Ledger.of([ENTRY, {**ENTRY, "id": "KD-002", "where": "runs[*].summary.best_epoch"}])
    diffs = [
        diff(strategies.rich(), changed(best_loss=0.5), entries),
        diff(strategies.rich(), strategies.rich(), entries),
    ]
    assert [entry.id for entry in entries.stale(diffs)] == ["KD-002"]
    assert diffs[0].unused == ("KD-002",)
    assert diffs[1].unused == ("KD-001", "KD-002")


@pytest.mark.parametrize(
    ("about", "names", "is_unused"),
    [
        ("mine", ["mine"], True),
        ("mine", ["another"], False),
        ("mine", ["a", "mine"], True),
        ("*", [], True),
        ("mine", [], False),
    ],
)
def test_an_entry_is_unused_where_a_run_that_it_is_about_was_there(about, names, is_unused):
    """One about another run could account for nothing here."""
    account = ledger(run=about).account_for([], {}, names)
    assert (account.unused == ("KD-001",)) is is_unused
    assert (account.unknown, account.known) == ((), {})


def test_a_difference_with_two_reasons_counts_for_both():
    entries = Ledger.of([ENTRY, {**ENTRY, "id": "KD-002", "where": "runs[*].summary.*"}])
    found = diff(strategies.rich(), changed(best_loss=0.5), entries)
    assert not found
    assert found.known.keys() == {"KD-001", "KD-002"}


def test_a_file_is_read(tmp_path):
    path = tmp_path / "known.yaml"
    path.write_text(TEXT)
    (entry,) = Ledger.load(path).entries
    assert (entry.id, entry.where) == ("KD-001", ("runs[*].summary.best_loss",))
    assert entry.versions() == "keras >=3, wandb <0.27.1"
    path.write_text("")
    assert Ledger.load(path).entries == ()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"id": "KD-1"}, "[0].id"),
        ({"kind": "whatever"}, "[0].kind"),
        ({"where": "runs["}, "[0].where"),
        ({"where": []}, "[0].where"),
        ({"when": {"keras": "three"}}, "[0].when.keras"),
        ({"when": {"Not a name": ">=2"}}, "[0].when"),
        ({"when": {}}, "[0].when"),
        ({"when": []}, "[0].when"),
        ({"when": [{"jax": ">=0.4"}, {"torch": "two"}]}, "[0].when.torch"),
        ({"more": 1}, "'more'"),
        ({"witness": ""}, "[0].witness"),
    ],
)
def test_a_wrong_entry_is_refused_with_its_place(change, says):
    with pytest.raises(LedgerError, match=r".*") as caught:
        ledger(**change)
    assert says in str(caught.value)


def test_an_id_is_there_once(tmp_path):
    with pytest.raises(LedgerError, match=r"\[1\]\.id: KD-001 is there twice"):
        Ledger.of([ENTRY, copy.deepcopy(ENTRY)])
    for text in (TEXT.replace("best_loss", "best_loss["), "- [", "a: 1", "!!python/object/apply:os.getcwd []"):
        (tmp_path / "bad.yaml").write_text(text)
        with pytest.raises(LedgerError, match=r"bad\.yaml"):
            Ledger.load(tmp_path / "bad.yaml")


def test_its_schema_is_one():
    text = resources.files("wandb_keras_compat.testing.trace").joinpath("ledger.schema.json").read_text()
    Draft202012Validator.check_schema(json.loads(text))


def test_a_file_in_the_words_of_before_is_the_same_ledger():
    today = Ledger.of([ENTRY])
    before = {"old": "legacy", "new": "shim"}
    entry = {before.get(name, name): value for name, value in ENTRY.items()} | {"kind": "legacy-bug-fixed"}
    assert Ledger.of([entry]) == today
    with pytest.raises(LedgerError):
        Ledger.of([{**ENTRY, "legacy": "forgets", "shim": "remembers"}])


def test_the_schemas_have_no_word_of_one_library():
    for name in ("trace.schema.json", "ledger.schema.json"):
        text = resources.files("wandb_keras_compat.testing.trace").joinpath(name).read_text("utf-8")
        words = text.replace("wandb-keras-compat/trace/1", "")
        assert not re.search("keras|tensorflow|legacy|shim", words, re.IGNORECASE), name
