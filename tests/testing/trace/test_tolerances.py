"""Just within a tolerance is the same, just beyond it is not: one test for each kind."""

from __future__ import annotations

import copy

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wandb_keras_compat.testing.trace.compare import diff
from wandb_keras_compat.testing.trace.tolerances import DEFAULT, Tolerances
from wandb_keras_compat.testing.trace.weights import weight

from .strategies import rich

IN, OUT = 0.9, 1.1  # times the tolerance


def differs(change, tolerances=DEFAULT):
    trace = rich()
    changed = copy.deepcopy(trace)
    change(changed["runs"][0])
    return diff(trace, changed, tolerances=tolerances).paths()


def both_with(value, other, tolerances=DEFAULT):
    one, two = rich(), rich()
    one["runs"][0]["summary"]["x"], two["runs"][0]["summary"]["x"] = value, other
    return diff(one, two, tolerances=tolerances).paths()


@given(st.floats(1e-6, 1e6).filter(lambda value: not value.is_integer()), st.sampled_from([1, -1]))
def test_numbers(value, sign):
    assert not both_with(value, value * (1 + sign * IN * DEFAULT.relative))
    assert both_with(value, value * (1 + sign * OUT * DEFAULT.relative)) == ["runs[0].summary.x"]


def test_numbers_near_zero():
    assert not both_with(0, IN * DEFAULT.absolute)
    assert both_with(0, OUT * DEFAULT.absolute)


@given(st.integers(-(10**30), 10**30))
def test_integers_are_exact(value):
    assert both_with(value, value + 1)
    assert not both_with(value, value)


@pytest.mark.parametrize(
    ("one", "other"), [(1, True), (0, False), (0, None), (1, "1"), ("a", "a "), ([], {}), ([1], [1, 1])]
)
def test_other_values_are_exact(one, other):
    assert both_with(one, other)


def test_what_is_not_finite_is_like_itself_only():
    special = [{"_type": "number", "is": name} for name in ("NaN", "Infinity", "-Infinity")]
    for one in special:
        for other in [*special, 0, 1e300]:
            assert bool(both_with(one, other)) == (one is not other)


def test_bins_are_near_by_the_span_and_counts_are_exact():
    def histogram(edge, count=3):
        return {"_type": "histogram", "bins": [-1, edge, 3], "counts": [count, 4]}

    assert not both_with(histogram(0.0), histogram(IN * DEFAULT.relative * 4))
    assert both_with(histogram(0.0), histogram(OUT * DEFAULT.relative * 4)) == ["runs[0].summary.x.bins[1]"]
    assert both_with(histogram(0), histogram(0, 3.000001)) == ["runs[0].summary.x.counts[0]"]


def test_captions_that_are_numbers_are_numbers():
    def caption(text):
        return lambda run: run["history"][2]["examples"][0].update(caption=text)

    image = rich()["runs"][0]["history"][2]["examples"][0]

    def with_captions(one, other):
        return both_with({**image, "caption": one}, {**image, "caption": other})

    assert not with_captions("0.5", "0.500000001")
    assert with_captions("0.5", "0.51") == ["runs[0].summary.x.caption"]
    assert with_captions("a", "a ") == ["runs[0].summary.x.caption"]
    assert differs(caption("dog")) == ["runs[0].history[2].examples[0].caption"]


@pytest.mark.parametrize("size", [1, 64, 65, 70_000], ids=["one", "small", "large", "chunks"])
@pytest.mark.parametrize("seed", range(3))
def test_weights_by_their_norm(size, seed):
    """Large arrays are told by projections, whose estimate of a distance has a relative deviation of about 0.35."""
    generator = np.random.default_rng(seed)
    array = generator.normal(size=size) + 0.1
    way = generator.normal(size=size)
    way *= np.linalg.norm(array) / np.linalg.norm(way) * DEFAULT.weights
    inside, outside = (0.9, 1.1) if size <= 64 else (0.3, 3)

    def model(values):
        return {"_type": "weights", "format": "h5", "weights": {"k": weight(values)}}

    def stored(one, other):
        first, second = rich(), rich()
        for trace, values in ((first, one), (second, other)):
            trace["runs"][0]["files"] = {"m.h5": {"policy": None, "content": model(values)}}
        return diff(first, second).paths()

    kind = "values" if size <= 64 else "sketch"
    assert not stored(array, array + inside * way)
    assert stored(array, array + outside * way) == [f'runs[0].files["m.h5"].content.weights.k.{kind}']
    with_nan = array.copy()
    with_nan[0] = np.nan
    assert stored(array, with_nan) == [f'runs[0].files["m.h5"].content.weights.k.{kind}']
    assert not stored(with_nan, with_nan)


def test_tolerances_can_be_set():
    assert not both_with(0.5, 0.5005, Tolerances(relative=1e-2))
    assert both_with(0.5, 0.500001, Tolerances(relative=1e-9))
