"""What the summary says of a metric, against the textbook: first, last, least, greatest and mean of all its values."""

from __future__ import annotations

import math
import statistics
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wandb_keras_compat.testing.model.metric_summaries import MetricSummaries
from wandb_keras_compat.testing.model.nested_values import Nested
from wandb_keras_compat.testing.model.runs import Metric

NUMBERS = st.one_of(st.integers(-3, 3), st.sampled_from([0.0, -0.5, 2.25, 1e9]))
KINDS = ("first", "last", "min", "max", "mean", "best")
CORES = pytest.mark.parametrize("core", [True, False], ids=["core", "python"])


def summary_of(
    rows: list[dict[str, Any]], *metrics: Metric, core: bool, silent: frozenset[str] = frozenset()
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    nested = Nested(values, whole=core, keep_none=not core)
    kept = MetricSummaries(nested, {metric.name: metric for metric in metrics}, silent, core=core)
    for row in rows:
        kept.add_row({**row, **kept.step_values(row)})  # as the recorder does: asking is what lets a glob match
    return values


def textbook(values: list[Any], goal: str | None, core: bool) -> dict[str, Any]:
    least, greatest = min(values), max(values)
    found = {
        "first": values[0], "last": values[-1], "min": least, "max": greatest, "mean": statistics.fmean(values),
        "best": greatest if goal == "maximize" else least,
    }  # fmt: skip
    return {kind: value for kind, value in found.items() if not (core and kind == "best")}


@CORES
@given(
    values=st.lists(NUMBERS, min_size=1, max_size=6),
    kinds=st.sets(st.sampled_from(KINDS[:-1]), min_size=1),
    best=st.booleans(),
    goal=st.sampled_from([None, "minimize", "maximize"]),
)
def test_aggregates_are_those_of_all_values(
    core: bool, values: list[Any], kinds: set[str], best: bool, goal: str | None
) -> None:
    """The first one too, where it is zero."""
    asked = kinds | ({"best"} if best else set())
    metric = Metric("loss", summary=tuple(sorted(asked)), goal=goal)
    found = summary_of([{"loss": value} for value in values], metric, core=core)["loss"]
    expected = {kind: value for kind, value in textbook(values, goal, core).items() if kind in asked}
    assert found == pytest.approx(expected)


@CORES
@given(values=st.lists(NUMBERS, min_size=1, max_size=4), at=st.integers(0, 4))
def test_nan_ends_every_aggregate_of_core_and_is_left_out_by_the_python_service(
    core: bool, values: list[Any], at: int
) -> None:
    with_nan = [*values[:at], math.nan, *values[at:]]
    metric = Metric("loss", summary=("max", "mean", "min"))
    found = summary_of([{"loss": value} for value in with_nan], metric, core=core)["loss"]
    if core:
        assert all(math.isnan(found[kind]) for kind in ("min", "max", "mean"))
    else:
        assert found == pytest.approx({kind: textbook(values, None, core)[kind] for kind in ("max", "mean", "min")})


@CORES
@given(st.lists(st.dictionaries(st.sampled_from("abc"), NUMBERS, max_size=3), max_size=4))
def test_without_a_definition_the_last_value_of_each_key_stays(core: bool, rows: list[dict[str, Any]]) -> None:
    expected: dict[str, Any] = {}
    for row in rows:
        expected.update(row)
    assert summary_of(rows, core=core) == expected


@CORES
@given(values=st.lists(NUMBERS, min_size=1, max_size=4))
def test_a_metric_has_its_own_values_and_another_one_its_own(core: bool, values: list[Any]) -> None:
    least, greatest = Metric("a", summary=("min",)), Metric("b", summary=("max",))
    rows = [{"a": value, "b": -value, "c": value} for value in values]
    found = summary_of(rows, least, greatest, core=core)
    assert found == {"a": {"min": min(values)}, "b": {"max": max(-value for value in values)}, "c": values[-1]}


@CORES
def test_what_is_no_number_has_no_aggregates(core: bool) -> None:
    for value in ("text", True, None, [1]):
        assert summary_of([{"a": value}], Metric("a", summary=("min",)), core=core) == {}


@CORES
def test_a_metric_that_asked_for_none_is_not_in_the_summary(core: bool) -> None:
    silent = frozenset({"a"})
    assert summary_of([{"a": 1, "b": 2}], Metric("a", summary=("none",)), core=core, silent=silent) == {"b": 2}


@CORES
@pytest.mark.parametrize(
    ("glob", "key", "is_meant"),
    [("epoch/*", "epoch/loss", True), ("epoch/*", "epochs/loss", False), ("*", "x", True), ("*", "_own", False), ("a*", "ab", True)],
)  # fmt: skip
def test_a_glob_is_about_the_keys_that_begin_so(core: bool, glob: str, key: str, is_meant: bool) -> None:
    found = summary_of([{key: 1}, {key: 3}, {key: 2}], Metric(glob, summary=("max",)), core=core)
    assert found == {key: {"max": 3} if is_meant else 2}


@CORES
def test_a_definition_of_the_key_goes_before_a_glob(core: bool) -> None:
    metrics = (Metric("e/*", summary=("max",)), Metric("e/loss", summary=("min",)))
    assert summary_of([{"e/loss": 1}, {"e/loss": 3}], *metrics, core=core) == {"e/loss": {"min": 1}}


@CORES
def test_a_dot_in_a_key_is_not_a_path(core: bool) -> None:
    metrics = (Metric("a\\.b", summary=("max",)), Metric("n.m", summary=("min",)))
    rows = [{"a.b": value, "n": {"m": value}} for value in (1, 3, 2)]
    assert summary_of(rows, *metrics, core=core) == {"a.b": {"max": 3}, "n": {"m": {"min": 1}}}


def test_nested_values_are_kept_one_by_one_or_as_a_whole() -> None:
    rows = [{"n": {"a": 1, "b": 2}}, {"n": {"a": 3}}]
    assert summary_of(rows, core=True) == {"n": {"a": 3, "b": 2}}
    assert summary_of(rows, core=False) == {"n": {"a": 3}}


STEP = Metric("loss", step_metric="epoch", step_sync=True)


@CORES
def test_a_step_metric_that_a_row_lacks_is_added_with_its_last_value(core: bool) -> None:
    kept = MetricSummaries(Nested({}, whole=core), {"loss": STEP, "x": Metric("x", step_metric="epoch")}, (), core=core)
    assert kept.step_values({"loss": 1}) == ({"epoch": 0} if core else {}), "it was not logged yet"
    kept.add_row({"epoch": 4})
    kept.add_row({"other": 7})
    assert kept.step_values({"loss": 1}) == {"epoch": 4}
    assert kept.step_values({"loss": 1, "epoch": 5}) == {}, "the row has one of its own"
    assert kept.step_values({"x": 1, "other": 1}) == {}, "nobody asked for it"
