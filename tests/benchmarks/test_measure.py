"""The arithmetic behind the ratios; nothing here depends on how fast the machine is."""

from __future__ import annotations

import gc
import itertools
import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.best_epoch import LOSSES
from benchmarks.measure import Spread, Times, interleaved
from benchmarks.results import Row

# A bounded range, so that a sum of them keeps the digits of each.
seconds = st.floats(min_value=1e-2, max_value=1e2)


class FakeClock:
    """A clock that moves only when a side says how long it took."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@given(slowdowns=st.lists(seconds, min_size=1, max_size=12), factor=st.floats(0.1, 10.0))
def test_a_machine_that_slows_down_both_sides_does_not_move_the_ratio(slowdowns: list[float], factor: float) -> None:
    clock = FakeClock()
    rounds = {"a": iter(slowdowns), "b": iter(slowdowns)}

    def side(name: str, cost: float) -> None:
        clock.now += cost * next(rounds[name])

    sides = {"a": lambda: side("a", 1.0), "b": lambda: side("b", factor)}
    times = interleaved(sides, len(slowdowns), warm_up=0, clock=clock)
    ratio = times.ratio("b", "a")
    assert (ratio.low, ratio.median, ratio.high) == pytest.approx((factor, factor, factor))
    assert ratio.rounds == len(slowdowns)


@given(pairs=st.lists(st.tuples(seconds, seconds), min_size=1))
def test_ratios_are_formed_between_neighbours_before_the_median(pairs: list[tuple[float, float]]) -> None:
    times = Times({"a": [a for a, _ in pairs], "b": [b for _, b in pairs]})
    ratios = sorted(a / b for a, b in pairs)
    spread = times.ratio("a", "b")
    assert spread.low == ratios[0]
    assert spread.high == ratios[-1]
    assert sum(r <= spread.median for r in ratios) * 2 >= len(ratios)
    assert sum(r >= spread.median for r in ratios) * 2 >= len(ratios)


@given(rounds=st.integers(1, 9), warm_up=st.integers(0, 4), names=st.sets(st.sampled_from("abcd"), min_size=1))
def test_sides_take_turns_in_alternating_order_and_warm_up_is_dropped(
    rounds: int, warm_up: int, names: set[str]
) -> None:
    calls: list[str] = []
    order = sorted(names)
    times = interleaved({name: lambda name=name: calls.append(name) for name in order}, rounds, warm_up)
    turns = [calls[start : start + len(order)] for start in range(0, len(calls), len(order))]
    assert len(turns) == rounds + warm_up
    assert all(turn in (order, order[::-1]) for turn in turns)
    assert all(first == second[::-1] for first, second in itertools.pairwise(turns))
    assert Counter({name: len(kept) for name, kept in times.seconds.items()}) == dict.fromkeys(order, rounds)


def test_garbage_collection_is_off_while_timing_and_back_on_after_a_failure() -> None:
    seen = []

    def fails() -> None:
        seen.append(gc.isenabled())
        raise RuntimeError("the side failed")

    with pytest.raises(RuntimeError, match="the side failed"):
        interleaved({"a": fails}, rounds=1, warm_up=0)
    assert seen == [False]
    assert gc.isenabled()


def test_nothing_measured_is_an_error_and_not_a_number() -> None:
    with pytest.raises(ValueError, match="no round"):
        Spread.of([])
    with pytest.raises(ValueError, match="at least one round"):
        interleaved({"a": lambda: None}, rounds=0)


def test_pairs_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError):
        Times({"a": [1.0, 2.0], "b": [1.0]}).ratio("a", "b")


@pytest.mark.parametrize(
    ("median", "surely_above", "limit", "verdict"),
    [
        (1.15, 1.14, 1.15, "kept"),
        (1.16, 1.15, 1.15, "within noise"),
        (1.16, 1.151, 1.15, "MISSED"),
        (9.0, 8.0, None, None),
    ],
)
def test_a_limit_is_kept_up_to_and_including_it_and_missed_only_beyond_doubt(
    median: float, surely_above: float, limit: float | None, verdict: str | None
) -> None:
    value = Spread(median, 0.0, 10.0, 3, surely_above)
    assert Row("m", "s", "c", value, limit=limit).verdict == verdict


def test_a_row_that_was_not_measured_neither_keeps_nor_misses_its_limit() -> None:
    assert Row("m", "s", "c", limit=1.0, note="why").verdict is None


@given(rounds=st.integers(1, 40))
def test_what_the_median_is_surely_above_is_the_textbook_order_statistic(rounds: int) -> None:
    bound = Spread.of([float(rank) for rank in range(1, rounds + 1)]).surely_above
    rank = 0 if math.isinf(bound) else int(bound)
    chance = [math.comb(rounds, below) / 2**rounds for below in range(rounds + 1)]
    # That fewer than *rank* of the rounds fall below the true median is as rare as promised, and one rank more is not.
    assert sum(chance[:rank]) <= 0.025 < sum(chance[: rank + 1])
    assert not (rounds == 15 and rank != 4)


def test_a_spread_of_results_so_many_times_as_large() -> None:
    values = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0]
    assert Spread.of(values).scaled(0.5) == Spread.of([value / 2 for value in values])


def test_each_loss_of_a_best_epoch_is_an_improvement_to_keras() -> None:
    """Keras 3 compares what a checkpoint monitors in float32; a loss that is the same there saves nothing."""
    losses = np.arange(LOSSES - 1000, LOSSES + 1, dtype=np.float64).astype(np.float32)
    assert (np.diff(losses) > 0).all()
