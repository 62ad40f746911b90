"""Just within a tolerance is the same, just beyond it is not: one test for each kind."""

from __future__ import annotations

import copy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wandb_keras_compat.testing.trace.compare import diff
from wandb_keras_compat.testing.trace.tolerances import DEFAULT, Tolerances, span
from wandb_keras_compat.testing.trace.weights import sketch, weight

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

    def stored(one, other):
        first, second = rich(), rich()
        for trace, values in ((first, one), (second, other)):
            trace["runs"][0]["files"] = {"m.h5": {"policy": None, "content": model(values)["content"]}}
        return diff(first, second).paths()

    kind = "values" if size <= 64 else "sketch"
    assert not stored(array, array + inside * way)
    assert stored(array, array + outside * way) == [f'runs[0].files["m.h5"].content.weights.k.{kind}']
    with_nan = array.copy()
    with_nan[0] = np.nan
    assert stored(array, with_nan) == [f'runs[0].files["m.h5"].content.weights.k.{kind}']
    assert not stored(with_nan, with_nan)


#: Each kind of value: what it is like when its number is so much off, and how far off it may be. The docs promise these.
STATED = {
    "number": (lambda off: 3.5 * (1 + off), 1e-5),
    "number near zero": (lambda off: off, 1e-12),
    "edge": (lambda off: {"_type": "histogram", "bins": [-1, 0.5 + 4 * off, 3], "counts": [3, 4]}, 1e-5),
    "weights": (lambda off: model(np.array([3.0, 4.0 + 5 * off])), 1e-5),
    "caption": (lambda off: {**rich()["runs"][0]["history"][2]["one"], "caption": repr(3.5 * (1 + off))}, 1e-5),
}


def model(values):
    return {
        "_type": "media",
        "media": "model",
        "content": {"_type": "weights", "format": "h5", "weights": {"k": weight(values)}},
    }


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("kind", STATED)
def test_the_edge_of_each_tolerance_is_where_it_is_said_to_be(kind, sign):
    """In numbers of its own: not read from the class, which could have them wrong."""
    value, tolerance = STATED[kind]
    if kind == "edge":
        tolerance = tolerance * 0.999  # of the span of both
    assert not both_with(value(0.0), value(sign * 0.99 * tolerance))
    assert len(both_with(value(0.0), value(sign * 1.02 * tolerance))) == 1


@pytest.mark.parametrize("kind", STATED)
def test_each_tolerance_can_be_set_and_is_of_its_own_kind(kind):
    own = {"number near zero": "absolute", "weights": "weights"}.get(kind, "relative")
    value, tolerance = STATED[kind]
    for field in ("relative", "absolute", "weights"):
        wider = Tolerances(**{field: 1e-2})
        # An absolute tolerance is of every number and caption, but of no edge and no array.
        reaches = field == own or (field == "absolute" and kind in {"number", "caption"})
        assert bool(both_with(value(0.0), value(30 * tolerance), wider)) is not reaches, field


@given(
    st.integers(1, 3),
    st.lists(st.sampled_from([0, 1, 99, 40_000, 65_535, 65_536, 69_999]), unique=True, max_size=4),
    st.sampled_from([np.nan, np.inf, -np.inf]),
)
@settings(max_examples=10)
def test_a_sketch_counts_what_is_not_finite(scale, places, special):
    """Zero and NaN have the same norm and the same projections: only the count tells them apart."""
    array = np.zeros(70_000)
    array[1::7] = scale
    array[places] = 0
    broken = array.copy()
    broken[places] = special
    assert sketch(broken)[1] == len(places)
    assert sketch(broken)[2:] == sketch(array)[2:]
    assert bool(both_with(model(array), model(broken))) is bool(places)


def test_tolerances_can_be_set():
    assert not both_with(0.5, 0.5005, Tolerances(relative=1e-2))
    assert both_with(0.5, 0.500001, Tolerances(relative=1e-9))


@pytest.mark.parametrize(("off", "same"), [(0.99e-5, True), (1.01e-5, False)])
@pytest.mark.parametrize("where", ["norm", "projections", "first projection"])
def test_a_sketch_is_the_same_by_its_norm_and_by_its_projections(where, off, same):
    """Either alone tells two arrays apart; of the projections the mean of the squares counts, not each."""
    old = [100.0, 0, *[80.0, -120.0] * 8]
    new = list(old)
    if where == "norm":
        new[0] -= 100 * off
    elif where == "projections":
        new[2:] = [value + 100 * off for value in old[2:]]
    else:
        new[2] += 100 * off * 4
    assert DEFAULT.same_sketch(old, new) is DEFAULT.same_sketch(new, old) is same
    assert not DEFAULT.same_sketch(old, [old[0], 1, *old[2:]])
    assert not DEFAULT.same_sketch(old, old[:-1])


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("a", "a", True),
        ("1", "1.0", True),
        ("1", "a", False),
        ("a", "b", False),
        ("nan", "nan", True),
        ("1e400", "1e400", True),
    ],
)
def test_captions(one, other, same):
    assert DEFAULT.same_caption(one, other) is DEFAULT.same_caption(other, one) is same


def test_an_integer_beyond_all_floats():
    assert DEFAULT.same_number(10**400, 10**400) and not DEFAULT.same_number(10**400, 1.5)


@pytest.mark.parametrize(
    ("histograms", "expected"),
    [
        ([[0, 2], [-1, 1]], 3.0),
        ([[{"_type": "number", "is": "NaN"}, 4, 6]], 2.0),
        ([[{"_type": "number", "is": "NaN"}]], 0.0),
        ([], 0.0),
    ],
)
def test_the_span_of_histograms(histograms, expected):
    assert span([{"bins": bins} for bins in histograms]) == expected
