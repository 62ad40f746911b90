"""The values that the runs of a sweep get."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("starlette", reason="the server needs the `testing` extra")

from wandb_keras_compat.testing.doors.server.http_errors import NotDoneError, RefusedError
from wandb_keras_compat.testing.doors.server.sweep_search import MAX_GRID, check, expected, values_of


def config(method="random", run_cap=None, **parameters):
    found = {"method": method, "parameters": parameters}
    return found if run_cap is None else {**found, "run_cap": run_cap}


def all_values(asked):
    return list(itertools.takewhile(lambda values: values is not None, (values_of(asked, n) for n in range(1000))))


@given(
    st.dictionaries(st.sampled_from("abc"), st.lists(st.integers(), min_size=1, max_size=3, unique=True), min_size=1)
)
def test_a_grid_has_every_combination_once(choices):
    asked = config("grid", same={"value": 7}, **{name: {"values": values} for name, values in choices.items()})
    products = itertools.product(*choices.values())
    combinations = [{"same": 7, **dict(zip(choices, values, strict=True))} for values in products]
    assert all_values(asked) == combinations
    assert expected(asked) == len(combinations)


def test_a_grid_of_whole_numbers_and_of_steps():
    asked = config("grid", n={"min": 1, "max": 3}, q={"distribution": "q_uniform", "min": 0, "max": 1, "q": 0.5})
    assert [(values["n"], values["q"]) for values in all_values(asked)] == [
        (n, q) for n in (1, 2, 3) for q in (0, 0.5, 1)
    ]


def test_a_step_that_is_not_given_is_one():
    for method in ("grid", "random"):
        asked = config(method, run_cap=50, x={"distribution": "q_uniform", "min": 0, "max": 2})
        assert {values["x"] for values in all_values(asked)} == {0, 1, 2}


ENDS = st.integers(-3, 3) | st.sampled_from([-0.5, 0.5, 2.0])


@given(ENDS, ENDS)
def test_a_grid_has_the_whole_numbers_that_can_be_drawn(low, high):
    has = {"distribution": "int_uniform", "min": low, "max": high}
    whole = [number for number in range(-3, 4) if low <= number <= high]
    if whole:
        assert [values["x"] for values in all_values(config("grid", x=has))] == whole
        assert values_of(config("random", x=has), 0)["x"] in whole
        return
    for method in ("grid", "random"):
        with pytest.raises(RefusedError, match="the parameter x has"):
            check(config(method, x=has))


@pytest.mark.parametrize("method", ["grid", "random", "bayes"])
def test_the_cap_ends_it(method):
    asked = config(method, run_cap=2, x={"values": [1, 2, 3]})
    assert len(all_values(asked)) == 2 == expected(asked)


def test_nested_parameters_are_nested_values():
    asked = config(opt={"parameters": {"name": {"value": "adam"}, "deep": {"parameters": {"er": {"values": [1]}}}}})
    assert values_of(asked, 0) == {"opt": {"name": "adam", "deep": {"er": 1}}}


#: Distribution to what it has, and whether a value can come from it.
DISTRIBUTIONS = {
    "int_uniform": ({"min": 2, "max": 4}, lambda v: v in {2, 3, 4}),
    "uniform": ({"min": 0.5, "max": 2.0}, lambda v: 0.5 <= v <= 2),
    "q_uniform": ({"min": 0.0, "max": 10.0, "q": 5}, lambda v: v in {0, 5, 10} and isinstance(v, int)),
    "log_uniform": ({"min": -2, "max": 1}, lambda v: math.exp(-2) <= v <= math.exp(1)),
    "q_log_uniform": ({"min": 0, "max": 4, "q": 2}, lambda v: v % 2 == 0 and 0 <= v <= math.exp(4) + 1),
    "inv_log_uniform": ({"min": -1, "max": 2}, lambda v: math.exp(-2) <= v <= math.exp(1)),
    "log_uniform_values": ({"min": 1e-4, "max": 1e-1}, lambda v: 1e-4 <= v <= 1e-1),
    "q_log_uniform_values": ({"min": 8, "max": 64, "q": 8}, lambda v: v % 8 == 0 and 8 <= v <= 64),
    "inv_log_uniform_values": ({"min": 1e-4, "max": 1e-1}, lambda v: 1e-4 <= v <= 1e-1),
    "normal": ({"mu": 100, "sigma": 1}, lambda v: 80 < v < 120),
    "log_normal": ({"mu": 0, "sigma": 0.1}, lambda v: 0.3 < v < 3),
    "q_normal": ({"mu": 0, "sigma": 9, "q": 2}, lambda v: v % 2 == 0),
    "q_log_normal": ({"mu": 2, "sigma": 1, "q": 3}, lambda v: v % 3 == 0 and v >= 0),
}


@pytest.mark.parametrize("kind", DISTRIBUTIONS)
def test_what_is_drawn_comes_from_its_distribution_and_is_the_same_each_time(kind):
    has, fits = DISTRIBUTIONS[kind]
    asked = config(x={"distribution": kind, **has})
    drawn = [values_of(asked, number)["x"] for number in range(200)]
    assert all(map(fits, drawn)), drawn
    assert len(set(drawn)) > 1
    assert drawn == [values_of(asked, number)["x"] for number in range(200)]


def test_probabilities_weigh():
    asked = config(x={"values": ["a", "b"], "probabilities": [0, 1]})
    assert {values_of(asked, number)["x"] for number in range(50)} == {"b"}


def test_what_is_done_otherwise_is_said():
    assert check(config("random", x={"value": 1})) == []
    (bayes,) = check(config("bayes", x={"value": 1}))
    assert "at random" in bayes
    (early,) = check({**config("random", x={"value": 1}), "early_terminate": {"type": "hyperband", "min_iter": 3}})
    assert "no run early" in early


#: What a parameter cannot be.
WRONG = {
    "half a range": {"min": 0},
    "no values": {"values": []},
    "wrong way round": {"min": 2, "max": 1},
    "log of zero": {"distribution": "log_uniform_values", "min": 0, "max": 1},
    "too large": {"distribution": "log_uniform", "min": 0, "max": 1e6},
    "infinite": {"distribution": "inv_log_uniform", "min": 743, "max": 744},
    "no number": {"min": "a", "max": "b"},
    "no step": {"distribution": "q_uniform", "min": 0, "max": 1, "q": 0},
    "probabilities": {"values": [1, 2], "probabilities": [1]},
    "not what it has": {"distribution": "normal", "values": [1, 2]},
    "not an object": 3,
}
BAD = {
    "no method": {"parameters": {"x": {"value": 1}}},
    "unknown method": config("simulated_annealing", x={"value": 1}),
    "no parameters": {"method": "grid"},
    "cap": config("random", run_cap=0, x={"value": 1}),
    "grid of floats": config("grid", x={"min": 0.1, "max": 0.2}),
    **{case: config(x=parameter) for case, parameter in WRONG.items()},
    "endless grid": config("grid", **{f"x{n}": {"min": 0, "max": 99} for n in range(4)}),
    "one endless parameter": config("grid", x={"min": 0, "max": MAX_GRID}),
    "endless steps": config("grid", x={"distribution": "q_uniform", "min": -1e300, "max": 1e300, "q": 1e-9}),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_a_sweep_is_refused(case):
    with pytest.raises(RefusedError) as refused:
        check(BAD[case])
    assert refused.value.status == 400


@pytest.mark.parametrize(
    ("method", "case"),
    # A grid has each value once, however likely it is.
    sorted({*itertools.product(("random", "grid"), WRONG)} - {("grid", "probabilities")}),
)
def test_the_sentence_names_the_parameter_by_its_path(method, case):
    with pytest.raises(RefusedError) as refused:
        check(config(method, opt={"parameters": {"x": WRONG[case]}}))
    assert "the parameter opt.x " in refused.value.sentence


NUMBERS = st.sampled_from([0, 1, -1, 10**300, -(10**300), 10**400, 1e300, -1e300, 1e308, 1e-9, 1e-320]) | st.floats()


@pytest.mark.parametrize("method", ["grid", "random"])
@pytest.mark.parametrize("kind", DISTRIBUTIONS)
@given(st.data())
def test_whatever_its_numbers_a_sweep_is_refused_or_has_finite_values(kind, method, draws):
    has = {name: draws.draw(NUMBERS, label=name) for name in DISTRIBUTIONS[kind][0]}
    asked = config(method, x={"distribution": kind, **has})
    try:
        check(asked)
    except RefusedError as error:
        assert error.status == 400
        assert "the parameter x " in error.sentence or "the grid has more than" in error.sentence
    else:
        assert math.isfinite(values_of(asked, 0)["x"])


def test_a_distribution_that_is_not_known_is_said_to_be():
    with pytest.raises(NotDoneError, match="beta"):
        check(config(x={"distribution": "beta", "min": 0, "max": 1}))
