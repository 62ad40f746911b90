"""Findings and what a view makes of them: each is in one topic, however many there are; equal means nothing is left."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.testing.trace import strategies
from wandb_keras_compat.testing.trace.compare import diff
from wandb_keras_compat.testing.trace.ledger import Ledger
from wandb_keras_compat.testing.views.comparison import ComparisonView
from wandb_keras_compat.testing.views.findings import Findings, topics_of

from .traces import png, run, trace


def with_lines(lines: int, keys: int) -> dict[str, Any]:
    made = run()
    made["console"] = [f"line {number}" for number in range(lines)]
    made["config"].update({f"key {number:04}": number for number in range(keys)})
    return trace(made)


@pytest.mark.parametrize(("lines", "keys"), [(0, 1), (3, 499), (499, 3), (700, 700)])
def test_every_finding_is_in_one_topic_however_many_there_are(lines: int, keys: int) -> None:
    traces = trace(), with_lines(lines + 2, keys)
    findings = Findings(diff(*traces))
    topics = topics_of(traces, findings)
    listed = [finding for topic in topics for finding in topic.findings]
    assert sorted(finding.path for finding in listed) == sorted(finding.path for finding in findings.all)
    assert len(listed) == len(findings) == len(diff(*traces)) >= lines + keys


@settings(max_examples=12)
@given(strategies.traces, strategies.traces)
def test_no_difference_is_lost_on_the_way_to_a_topic(old: dict[str, Any], new: dict[str, Any]) -> None:
    found = diff(old, new)
    topics = ComparisonView(found).topics((old, new))
    assert sorted(each.path for topic in topics for each in topic.findings) == sorted(found.paths())
    assert all(topic.findings and topic.gist() for topic in topics)
    assert len({(topic.run, topic.section, topic.name, tuple(map(id, topic.findings))) for topic in topics}) == len(
        topics
    )


@settings(max_examples=12)
@given(strategies.traces, strategies.traces, st.data())
def test_what_touches_a_place_is_at_it_below_it_or_above_it(
    old: dict[str, Any], new: dict[str, Any], data: Any
) -> None:
    found = list(diff(old, new))
    places = [each.parts[:length] for each in found for length in range(len(each.parts) + 1)] or [("runs",)]
    place = data.draw(st.sampled_from(places))
    expected = [e for e in found if e.parts[: len(place)] == place or place[: len(e.parts)] == e.parts]
    touching = Findings(found).touching(*place)
    assert sorted(e.path for e in touching) == sorted(e.path for e in expected)


#: The title of a topic to where it is in a run and what it becomes, in the order of a reader: what was logged first.
CHANGES: dict[str, tuple[tuple[str | int, ...], Any]] = {
    "history accuracy": (("history", 2, "accuracy"), 5.0),
    "summary best_epoch": (("summary", "best_epoch"), 9),
    "metrics epoch": (("metrics", "epoch", "hidden"), False),
    "config batch_size": (("config", "batch_size"), 16),
    "files notes.txt": (("files", "notes.txt", "policy"), "end"),
    "artifact logged model-glad-sun-1": (("artifacts", "logged", 0, "type"), "dataset"),
    "exit_code": (("exit_code",), 3),
}


@settings(max_examples=12)
@given(st.sets(st.sampled_from(sorted(CHANGES)), min_size=1))
@example({*CHANGES})
def test_topics_are_called_by_what_differs_and_what_was_logged_comes_first(changed: set[str]) -> None:
    made = run()
    for title in changed:
        (*above, last), value = CHANGES[title]
        holder: Any = made
        for part in above:
            holder = holder[part]
        holder[last] = value
    traces = trace(), trace(made)
    topics = ComparisonView(diff(*traces)).topics(traces)
    assert [topic.title for topic in topics] == [title for title in CHANGES if title in changed]
    assert {topic.run for topic in topics} == {0}


def test_a_run_that_one_of_the_two_lacks_is_one_topic_of_that_run() -> None:
    longer = trace(run("a"), run("b"), run("c"))
    shorter = trace(run("a"), run("b"))
    shorter["runs"][0]["exit_code"] = 1
    for traces in ((shorter, longer), (longer, shorter)):
        topics = ComparisonView(diff(*traces)).topics(traces)
        assert [(topic.run, topic.title) for topic in topics] == [(0, "exit_code"), (2, "run")]


@settings(max_examples=12)
@given(st.dictionaries(st.integers(0, 3), st.integers(1, 9), min_size=1))
@example({1: 2, 3: 4})
def test_the_gist_of_a_history_key_counts_its_rows_and_shows_the_largest_change(more: dict[int, int]) -> None:
    made = run()
    for row, by in more.items():
        made["history"][row]["epoch"] += by
    (topic,) = Findings(diff(trace(), trace(made))).topics()
    most = max(sorted(more), key=lambda row: more[row])
    where = f"{len(more)} rows, the largest " if len(more) > 1 else ""
    assert topic.gist() == f"{where}{most} → {most + more[most]}"


def entry(number: int, where: str) -> dict[str, Any]:
    texts = dict.fromkeys(("legacy", "shim", "why", "witness"), "x")
    return {"id": f"KD-{number:03}", "feature": "best", "where": where, "kind": "intended", **texts}


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("unknown", [True, False])
def test_two_traces_are_equal_if_nothing_is_left_that_no_entry_accounts_for(known: bool, unknown: bool) -> None:
    new = trace()
    new["runs"][0]["summary"]["best_epoch"] += known
    new["runs"][0]["config"]["batch_size"] += unknown
    shown = ComparisonView(diff(trace(), new, Ledger.of([entry(1, "runs[*].summary.best_epoch")]))).as_json()
    assert shown["equal"] is not unknown
    assert [each["path"] for each in shown["differences"]] == ["runs[0].config.batch_size"] * unknown
    assert [each["path"] for each in shown["known"].get("KD-001", [])] == ["runs[0].summary.best_epoch"] * known


def test_json_has_both_values_and_lacks_the_one_that_is_not_there() -> None:
    new = copy.deepcopy(trace())
    new["runs"][0]["config"]["more"] = 1
    del new["runs"][0]["config"]["batch_size"]
    new["runs"][0]["summary"]["best_epoch"] = 5
    found = {each.pop("path"): each for each in ComparisonView(diff(trace(), new)).as_json()["differences"]}
    assert {path: {key: each[key] for key in ("old", "new") if key in each} for path, each in found.items()} == {
        "runs[0].config.batch_size": {"old": 32},
        "runs[0].config.more": {"new": 1},
        "runs[0].summary.best_epoch": {"old": 3, "new": 5},
    }


def test_json_says_of_each_difference_its_kind_and_what_its_values_do_not_show() -> None:
    new = trace()
    new["runs"][0]["config"]["more"] = 1
    new["runs"][0]["history"][0]["masked"].update(png(8, 8, 5, "RGB"))
    found = {each["path"]: each for each in ComparisonView(diff(trace(), new)).as_json()["differences"]}
    added, pixels = found["runs[0].config.more"], found["runs[0].history[0].masked.pixels"]
    assert (added["kind"], pixels["kind"]) == ("added", "pixels")
    assert "note" not in added and "64 of 64 pixels" in pixels["note"]


def test_notes_count_each_known_difference_once() -> None:
    new = trace()
    new["runs"][0]["summary"]["best_epoch"] = 5
    ledger = Ledger.of([entry(1, "runs[*].summary.best_epoch"), entry(2, "runs[*].summary.*")])
    assert ComparisonView(diff(trace(), new, ledger)).notes == [
        "1 path left out as known differences: KD-001 (1), KD-002 (1)."
    ]
    blind = trace(blind=("runs[*].summary.best_epoch",))
    (note,) = ComparisonView(diff(blind, new)).notes
    assert note == "1 path left out as one of the two cannot see them: runs[*].summary.best_epoch (1)."
    assert ComparisonView(diff(trace(), trace())).notes == []
