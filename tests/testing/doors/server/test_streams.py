"""Lines by offset end in the same state however they come; console lines lose what the SDK puts before them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("starlette", reason="the server needs the `testing` extra")

from wandb_keras_compat.testing.doors.server.file_stream import apply_stream
from wandb_keras_compat.testing.doors.server.http_errors import RefusedError
from wandb_keras_compat.testing.doors.server.server_state import RunRecord, console_line
from wandb_keras_compat.testing.model.artifacts import RunKey
from wandb_keras_compat.testing.model.runs import RunState

HISTORY = "wandb-history.jsonl"

values = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)
rows_of_a_run = st.lists(
    st.dictionaries(st.text(max_size=3), values | st.lists(values, max_size=2), max_size=3), min_size=1, max_size=12
)


def record() -> RunRecord:
    return RunRecord(RunState(RunKey("e", "p", "r")), {})


def post(target: RunRecord, offset: int, lines: list[str], **more) -> list[str]:
    return apply_stream(target, {"files": {HISTORY: {"offset": offset, "content": lines}}, **more})


@given(st.data(), rows_of_a_run)
def test_any_order_repeats_and_partial_lines_end_in_the_same_rows(draws, rows):
    lines = [json.dumps(row) for row in rows]
    starts = st.integers(0, len(lines) - 1)
    spans = draws.draw(st.lists(st.tuples(starts, st.integers(1, len(lines))), max_size=6))
    posts = [(start, lines[start : start + length]) for start, length in spans]
    for start in draws.draw(st.lists(starts, max_size=3)):
        cut = draws.draw(st.integers(0, len(lines[start]) - 1))
        posts.append((start, [lines[start][:cut]]))
    posts += [(start, [line]) for start, line in enumerate(lines)]  # everything comes whole at least once
    target = record()
    for offset, content in draws.draw(st.permutations(posts)):
        post(target, offset, content)
    assert target.state.history == rows
    assert target.history.count == len(rows)


@given(rows_of_a_run, st.integers(0, 12))
def test_a_resumed_run_goes_on_where_the_count_says(rows, before):
    lines = [json.dumps(row) for row in rows]
    target = record()
    post(target, 0, lines[:before], complete=True, exitcode=0)
    again = RunRecord(target.state, {})  # a server that only has the store
    post(again, again.history.count, lines[before:])
    assert target.state.history == rows
    assert target.state.exit_code is None, "the run goes on"


def test_bare_words_are_numbers():
    target = record()
    post(target, 0, ['{"x": NaN, "y": -Infinity}'])
    (row,) = target.state.history
    assert row["x"] != row["x"] and row["y"] == float("-inf")


def test_the_last_summary_and_the_exit_code_stay():
    target = record()
    summary = {"wandb-summary.json": {"offset": 0, "content": ['{"a": 1}', '{"a": 2}']}}
    assert apply_stream(target, {"files": summary, "complete": True, "exitcode": 3}) == []
    assert (target.state.summary, target.state.exit_code) == ({"a": 2}, 3)


def test_each_file_of_the_stream_goes_where_it_belongs():
    target = record()
    lines = {"wandb-history.jsonl": '{"a": 1}', "wandb-events.jsonl": '{"cpu": 2}', "output.log": "said\n"}
    body = {"files": {name: {"offset": 0, "content": [line]} for name, line in lines.items()}}
    assert apply_stream(target, body) == []
    assert (target.state.history, target.event_rows, target.state.console) == ([{"a": 1}], [{"cpu": 2}], ["said"])
    assert (target.history.count, target.events.count, target.console.count) == (1, 1, 1)


def test_a_post_without_the_word_that_the_run_is_complete_has_it_go_on():
    target = record()
    for body, code in (({"complete": True, "exitcode": 1}, 1), ({"exitcode": 1}, None), ({"complete": True}, None)):
        target.changed = "2020-01-01T00:00:00Z"
        assert apply_stream(target, body) == []
        assert target.state.exit_code == code and target.changed > "2020-01-01T00:00:00Z"


def test_a_file_that_is_none_of_the_stream_is_named():
    assert apply_stream(record(), {"files": {"other.txt": {"offset": 0, "content": ["x"]}}}) == ["other.txt"]


@given(st.text(st.characters(exclude_characters="\n\r", exclude_categories=["Cs"])))
def test_a_console_line_is_what_was_printed(text):
    for before in ("2026-01-02T03:04:05.678901 ", "ERROR 2026-01-02T03:04:05.678901 ", "2026-01-02T03:04:05Z "):
        assert console_line(before + text + "\n") == text
    if not text.startswith("ERROR ") and not text[:1].isdigit():
        assert console_line(text) == text


GOOD = {"offset": 0, "content": ['{"a": 1}']}
malformed = st.one_of(
    st.fixed_dictionaries(
        {"offset": st.none() | st.booleans() | st.integers(max_value=-1) | st.text(), "content": st.just([])}
    ),
    st.fixed_dictionaries(
        {"offset": st.just(0), "content": st.none() | st.text() | st.just({}) | st.lists(st.integers(), min_size=1)}
    ),
    values,
)


@given(malformed)
def test_a_malformed_post_changes_nothing(bad):
    target = record()
    with pytest.raises(RefusedError) as refused:
        apply_stream(target, {"files": {HISTORY: GOOD, "output.log": bad}, "complete": True, "exitcode": 0})
    assert refused.value.status == 400
    assert target.state == RunState(RunKey("e", "p", "r"))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"files": [1]}, "`files` must be an object"),
        ({"files": {HISTORY: GOOD}, "exitcode": "0"}, "`exitcode` must be a whole number"),
        ({"files": {HISTORY: GOOD, "wandb-summary.json": {"offset": 0, "content": ["{"]}}}, "the summary is not JSON"),
        ({"files": {HISTORY: GOOD, "x": {"offset": True, "content": []}}}, "'x' must have an `offset`"),
    ],
)
def test_what_is_malformed_of_a_post_is_said(body, words):
    target = record()
    with pytest.raises(RefusedError, match=words):
        apply_stream(target, body)
    assert target.state.history == []
