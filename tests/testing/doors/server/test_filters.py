"""Filters and orders of runs mean what a direct reading of the runs gives."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("starlette", reason="the server needs the `testing` extra")

from wandb_keras_compat.testing.doors.server.filters import MISSING, parsed
from wandb_keras_compat.testing.doors.server.http_errors import NotDoneError, RefusedError
from wandb_keras_compat.testing.doors.server.patterns import like
from wandb_keras_compat.testing.doors.server.run_queries import chosen, in_order, of_spec, sampled
from wandb_keras_compat.testing.doors.server.server_state import RunRecord
from wandb_keras_compat.testing.model.artifacts import RunKey
from wandb_keras_compat.testing.model.runs import RunState


def run(run_id: str, created: str = "2026-01-01T00:00:00Z", **fields) -> RunRecord:
    return RunRecord(RunState(RunKey("e", "p", run_id), **fields), {}, created=created)


RUNS = [
    run("a", config={"lr": 0.1, "deep": {"er": 1}, "opt": "adam"}, summary={"loss": 3.0}, tags=["x", "y"], exit_code=0),
    run("b", "2026-01-02T00:00:00Z", config={"lr": 0.2, "opt": "sgd"}, summary={"loss": 1.0}, exit_code=1, group="g"),
    run("c", "2026-01-03T12:00:00Z", name="third", config={"lr": 1}, tags=["y"], job_type="eval", notes="n"),
    run(
        "d", "2026-01-03T12:00:00Z", config={"dotted.key": 5, "flag": True}, summary={"loss": float("nan"), "val/x": 2}
    ),
]

FOUND = {
    "{}": "abcd",
    '{"config.lr": 0.1}': "a",
    '{"config.lr.value": 0.1}': "a",
    '{"config.lr": {"$gt": 0.1}}': "bc",
    '{"config.lr": {"$gte": 0.1, "$lt": 1}}': "ab",
    '{"config.lr": {"$lte": 0.1}}': "a",
    '{"config.lr": {"$ne": 0.1}}': "bcd",
    '{"config.lr": {"$exists": true}}': "abc",
    '{"config.lr": {"$exists": false}}': "d",
    '{"config.lr": null}': "d",
    '{"config.opt": {"$in": ["adam", "rmsprop"]}}': "a",
    '{"config.opt": {"$nin": ["adam"]}}': "bcd",
    '{"config.opt": {"$regex": "^s"}}': "b",
    '{"config.opt": {"$not": {"$regex": "^s"}}}': "acd",
    '{"config.opt": {"$gt": 3}}': "",
    '{"config.deep.er": 1}': "a",
    '{"config.dotted.key": 5}': "d",
    '{"config.flag": true}': "d",
    '{"config.lr": true}': "",
    '{"summary_metrics.loss": {"$lt": 2}}': "b",
    '{"summary_metrics.val/x": 2}': "d",
    '{"state": "finished"}': "a",
    '{"state": {"$in": ["failed", "running"]}}': "bcd",
    '{"tags": "y"}': "ac",
    '{"tags": {"$in": ["x"]}}': "a",
    '{"tags": {"$nin": ["x"]}}': "bcd",
    '{"group": "g"}': "b",
    '{"group": null}': "acd",
    '{"jobType": "eval"}': "c",
    '{"job_type": "eval"}': "c",
    '{"display_name": "third"}': "c",
    '{"displayName": {"$regex": "hir"}}': "c",
    '{"name": "c"}': "c",
    '{"notes": "n"}': "c",
    '{"created_at": {"$gt": "2026-01-02"}}': "cd",
    '{"createdAt": {"$lte": "2026-01-02T01:00:00+01:00"}}': "ab",
    '{"$or": [{"name": "a"}, {"name": "d"}]}': "ad",
    '{"$and": [{"config.lr": {"$gt": 0}}, {"$nor": [{"name": "a"}]}]}': "bc",
    '{"$not": {"name": "a"}, "state": "running"}': "cd",
}


def names(records) -> str:
    return "".join(record.state.key.id for record in records)


@pytest.mark.parametrize("filters", FOUND)
def test_a_filter_finds(filters):
    assert names(chosen(RUNS, {"filters": filters})) == FOUND[filters]


@pytest.mark.parametrize("key", ["createdAt", "created_at", "updatedAt", "updated_at", "heartbeatAt", "heartbeat_at"])
def test_times_are_compared_as_points_in_time_however_the_column_is_spelled(key):
    records = [run(name, created) for name, created in (("a", "2026-01-02T00:00:00Z"), ("b", "2026-01-02T00:00:01Z"))]
    for record in records:
        record.changed = record.created
    assert names(chosen(records, {"filters": json.dumps({key: {"$lte": "2026-01-02T01:00:00+01:00"}})})) == "a"
    assert names(in_order(records, f"-{key}")) == "ba"


def test_a_run_is_found_by_when_it_began_and_by_when_it_last_changed():
    early, late = run("early"), run("late", "2026-01-02T00:00:00Z")
    early.changed, late.changed = "2026-01-05T00:00:00Z", "2026-01-03T00:00:00Z"
    for key, order in (("created_at", "earlylate"), ("updated_at", "lateearly"), ("heartbeat_at", "lateearly")):
        assert names(in_order([early, late], key)) == order
    assert names(chosen([early, late], {"filters": '{"updatedAt": {"$gt": "2026-01-04"}}'})) == "early"


ORDERS = {
    "+created_at": "abcd",
    "created_at": "abcd",
    "-created_at": "dcba",
    "+summary_metrics.loss": "bacd",
    "-summary_metrics.loss": "abcd",
    "-config.lr.value": "cbad",
    "+config.opt": "abcd",
    "-config.opt": "bacd",
    "-name": "dcba",
}


@pytest.mark.parametrize("order", ORDERS)
def test_an_order_orders_and_what_has_no_value_is_last(order):
    assert names(in_order(RUNS, order)) == ORDERS[order]


REFUSED = {
    '{"config.lr": {"$near": 1}}': NotDoneError,
    '{"$where": "x"}': NotDoneError,
    '{"nobody_knows": 1}': NotDoneError,
    '{"name": "no run", "nobody_knows": 1}': NotDoneError,
    '{"$or": [{"group": null}, {"$not": {"nobody_knows": 1}}]}': NotDoneError,
    '{"$or": {}}': RefusedError,
    '{"config.lr": {"$in": 1}}': RefusedError,
    '{"config.lr": {"$regex": "("}}': RefusedError,
    '{"config.lr": {"$regex": 1}}': RefusedError,
    '{"created_at": "yesterday"}': RefusedError,
    "[]": RefusedError,
    "{": RefusedError,
    '{"$and": [1]}': RefusedError,
    json.dumps({"$not": {"$not": {}}}).replace("{}", '{"$not": ' * 40 + "{}" + "}" * 40): RefusedError,
}


@pytest.mark.parametrize("filters", REFUSED)
@pytest.mark.parametrize("records", [[], RUNS], ids=["no run", "runs"])
def test_what_is_not_understood_is_refused_whether_there_are_runs_or_not(filters, records):
    with pytest.raises(REFUSED[filters]) as refused:
        chosen(records, {"filters": filters})
    assert refused.value.status == 400


@pytest.mark.parametrize("order", ["nobody_knows", "+created_at,-name", "+"])
def test_an_order_that_is_not_understood_is_refused(order):
    with pytest.raises(NotDoneError):
        chosen([], {"order": order})


values = st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from([0.5, "a", "b"])
tests = st.recursive(
    st.builds(lambda op, v: {"k": {op: v}}, st.sampled_from(["$eq", "$ne", "$gt", "$gte", "$lt", "$lte"]), values)
    | st.builds(lambda op, v: {"k": {op: v}}, st.sampled_from(["$in", "$nin"]), st.lists(values, max_size=3)),
    lambda inner: (
        st.builds(lambda op, parts: {op: parts}, st.sampled_from(["$and", "$or", "$nor"]), st.lists(inner, max_size=3))
        | inner.map(lambda part: {"$not": part})
    ),
    max_leaves=6,
)


@given(tests, values | st.just(MISSING))
def test_the_laws_of_logic_hold(test, value):
    def holds(filters) -> bool:
        return parsed(json.dumps(filters))(lambda _: value)

    assert holds({"$not": test}) is not holds(test)
    assert holds({"$or": [test, {"$not": test}]})
    assert holds({"$nor": [test]}) is holds({"$not": test})
    assert holds({"$and": [test, test]}) is holds(test) is holds({"$or": [test]})


@given(st.text("ab_%", max_size=8), st.text("ab", max_size=8))
def test_like_is_what_a_regular_expression_says(pattern, text):
    expected = re.escape(pattern).replace("%", ".*").replace("_", ".")
    assert like(pattern, text) is (re.fullmatch(expected, text) is not None)


LIKE = [("a%b", "ab"), ("%b", "ab"), ("a%", "ab"), ("%a%b%", "xaxbx"), ("_", "a"), ("a%_", "ab"), ("%", ""), ("", "")]
LIKE += [("a%b%c%d", "abcd"), ("a%b%c%d", "axbxxcxd"), ("%ab%ab", "abab"), ("%_b%", "aab"), ("a%a%a", "aaa")]
UNLIKE = [("a%b", "abc"), ("%b", "ba"), ("a%b%c%d", "acbd"), ("%ab%ab", "aab"), ("a%a", "a"), ("_", ""), ("", "a")]
UNLIKE += [("a", "ab"), ("%a%a%", "xa"), ("a%a%a", "aa"), ("%b_%", "aab"), ("ab%", "b"), ("_%_", "a")]


@pytest.mark.parametrize(("pattern", "text"), [*LIKE, *UNLIKE])
def test_like_takes_the_parts_in_order_and_each_once(pattern, text):
    assert like(pattern, text) is ((pattern, text) in LIKE)


def test_like_with_many_wildcards_ends():
    assert not like("%a" * 200 + "b", "a" * 4000)


@given(st.lists(st.dictionaries(st.sampled_from("ab"), st.none() | st.integers(), max_size=2), max_size=5))
def test_a_row_whose_value_is_null_has_it_and_one_without_it_has_not(rows):
    assert of_spec(rows, '{"keys": ["a"]}') == [{"a": row["a"]} for row in rows if "a" in row]


@given(st.lists(st.integers(), max_size=30), st.integers(0, 40))
def test_samples_are_so_many_in_order_with_the_ends(rows, samples):
    rows = [{"_step": place, "v": value} for place, value in enumerate(rows)]
    found = sampled(rows, samples)
    assert len(found) == min(samples, len(rows))
    steps = [row["_step"] for row in found]
    assert steps == sorted(set(steps))
    if samples > 1 and rows:
        assert (found[0], found[-1]) == (rows[0], rows[-1])
