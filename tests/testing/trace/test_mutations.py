"""A change of one thing anywhere in a trace is found, and named by its path and no other."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from importlib import resources

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from wandb_keras_compat.testing.trace.compare import diff
from wandb_keras_compat.testing.trace.validate import check

from . import strategies
from .mutate import mutation, mutations, places
from .test_sweeps import traced

RICH = strategies.rich()
# The digest of an array whose numbers are there says nothing that the numbers do not.
ALL = [
    change
    for change in mutations(RICH)
    if not (change.path[-1] == "sha256" and "weights" in change.path and "lookup/table" not in change.path)
]
#: Some have sweeps beside their runs.
SWEPT = {**RICH, "sweeps": traced()["sweeps"]}
for given_values in SWEPT["sweeps"][0]["given"]:
    given_values["run"] = given_values["run"] and 1  # there are two runs
OF_SWEEPS = list(mutations(SWEPT, "sweeps"))


def test_the_rich_trace_is_a_trace():
    check(RICH)
    check(SWEPT)


def test_there_is_a_change_for_everything_the_schema_names():
    """Every member of every object in the schema is changed, removed or added to by some mutation."""
    schema = json.loads(resources.files("wandb_keras_compat.testing.trace").joinpath("trace.schema.json").read_text())
    mentioned = {name for part in _subschemas(schema["$defs"]) for name in part.get("properties", {})}
    changed = {str(part) for change in [*ALL, *OF_SWEEPS] for part in change.path}
    assert mentioned <= changed


@pytest.mark.parametrize("change", ALL, ids=repr)
def test_one_change_is_named(change):
    found = diff(RICH, change.trace)
    assert set(found.paths()) == change.expected
    assert len(found) == len(change.expected)


@pytest.mark.parametrize("change", OF_SWEEPS, ids=repr)
def test_one_change_of_a_sweep_is_named(change):
    found = diff(SWEPT, change.trace)
    assert set(found.paths()) == change.expected
    assert len(found) == len(change.expected)


@pytest.mark.parametrize("change", ALL[::7], ids=repr)
def test_the_other_way_round_the_sides_are_swapped(change):
    there, back = diff(RICH, change.trace), diff(change.trace, RICH)
    assert _swapped(there) == list(back)


@pytest.mark.parametrize("kind", ["histogram", "image", "weights", "table", "number", "mine"])
def test_a_key_that_is_called_as_types_are_is_a_key(kind):
    """In a row, the summary and a JSON file the keys are the user's."""
    traces = [copy.deepcopy(RICH), copy.deepcopy(RICH)]
    for at, trace in enumerate(traces):
        mine = {"_type": kind, "x": at}
        run = trace["runs"][0]
        run["files"]["data.json"]["content"]["value"] = [mine]
        for mapping in (run["summary"], run["config"], run["history"][0]):
            mapping.update(mine)
        check(trace)
    assert set(diff(*traces).paths()) == {
        "runs[0].summary.x", "runs[0].config.x", "runs[0].history[0].x", 'runs[0].files["data.json"].content.value[0].x',
    }  # fmt: skip


def test_a_digest_is_no_difference_where_the_numbers_are_there():
    changed = copy.deepcopy(RICH)
    changed["runs"][0]["files"]["model-best.h5"]["content"]["weights"]["dense/kernel"]["sha256"] = "other"
    assert not diff(RICH, changed)


@pytest.mark.parametrize("member", ["schema", "door", "made_with"])
def test_who_saw_it_and_with_what_is_not_compared(member):
    assert not diff(RICH, {**RICH, member: "something else"})


@given(strategies.traces, st.data())
def test_a_change_to_any_trace_is_found(trace, data):
    tried = [
        (path, node, what)
        for path, node in places(("runs",), trace["runs"])
        for what in ("changed", "removed", "added")
    ]
    data.draw(st.randoms(use_true_random=False)).shuffle(tried)
    found_one = (mutation(trace, *one) for one in tried if "sha256" not in one[0])  # not all: each copies the trace
    change = next((change for change in found_one if change is not None), None)
    assume(change is not None)
    found = diff(trace, change.trace)
    assert found
    if change.what != "removed":  # of items that are alike, it cannot be told which one went
        assert set(found.paths()) == change.expected


@given(strategies.traces)
def test_a_trace_is_the_same_as_itself(trace):
    check(trace)
    assert not diff(trace, json.loads(json.dumps(trace)))


@given(strategies.traces, strategies.traces)
def test_two_traces_differ_both_ways_alike(one, other):
    assert _swapped(diff(one, other)) == list(diff(other, one))


@given(strategies.traces, strategies.traces)
def test_two_traces_are_the_same_only_if_they_are(one, other):
    """No value of the strategies is within a tolerance of another, so here equal means equal."""
    assert bool(diff(one, other)) == (_as_read(one["runs"]) != _as_read(other["runs"]))


@pytest.mark.slow
@given(strategies.traces, strategies.traces, strategies.BLIND)
def test_what_a_side_is_blind_to_is_left_out_and_counted(one, other, blind):
    everything = diff(one, other)
    for old, new in (({**one, "blind": blind}, other), (one, {**other, "blind": blind})):
        seen = diff(old, new)
        assert set(seen) <= set(everything)
        assert set(seen.left_out) <= set(blind)
        if "runs[*].history" in blind:
            assert not any(len(found.parts) > 2 and found.parts[2] == "history" for found in seen)


def _swapped(found):
    kinds = {"missing": "added", "added": "missing"}
    return [
        type(item)(item.path, item.new, item.old, kinds.get(item.kind, item.kind), item.note, item.parts)
        for item in found
    ]


def _subschemas(schema) -> Iterator[dict]:
    if isinstance(schema, dict):
        yield schema
        for part in schema.values():
            yield from _subschemas(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from _subschemas(part)


def _as_read(value, path=()):
    """*value* with what has no order in order, booleans apart from numbers, and digests of arrays left to them."""
    if isinstance(value, dict):
        return {
            key: _as_read(item, (*path, key))
            for key, item in value.items()
            if not (key == "sha256" and {"values", "sketch"} & value.keys())
        }
    if isinstance(value, list):
        unordered = path[-1:] in {("tags",), ("telemetry",), ("terminal",), ("aliases",)} or (path[:1] == ("metrics",))
        return (
            sorted(value)
            if unordered and all(isinstance(item, str) for item in value)
            else [_as_read(item) for item in value]
        )
    return (type(value).__name__, value) if isinstance(value, bool) else value
