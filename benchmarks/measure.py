"""Paired measurements: the sides of a comparison take turns, so that what else the machine does hits all of them.

A ratio is formed inside each round, between neighbours in time, and only then is the median taken. On a shared
machine the seconds of one side can double from one minute to the next; the ratio of neighbours hardly moves.
"""

from __future__ import annotations

import gc
import math
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Clock = Callable[[], float]


@dataclass(frozen=True)
class Spread:
    """The median of some paired results, and the lowest and highest of them."""

    median: float
    low: float
    high: float
    rounds: int
    surely_above: float
    """The median of many more rounds lies above it with 97.5 % confidence (sign test), whatever the noise is like."""

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """Summarizes *values*.

        Raises:
            ValueError: there are none.
        """
        if not values:
            raise ValueError("no round was measured")
        ordered = sorted(values)
        return cls(statistics.median(values), ordered[0], ordered[-1], len(values), _sure_of_median(ordered))

    def scaled(self, factor: float) -> Spread:
        """The same of results *factor* times as large."""
        low, high, surely_above = (factor * each for each in (self.low, self.high, self.surely_above))
        return Spread(factor * self.median, low, high, self.rounds, surely_above)


def _sure_of_median(ordered: Sequence[float]) -> float:
    """The highest order statistic that at most one in forty samples of this size has above the true median."""
    rounds, chance, rank = len(ordered), 0.0, 0
    while rank < rounds:
        chance += math.comb(rounds, rank) / 2**rounds
        if chance > 0.025:
            break
        rank += 1
    return ordered[rank - 1] if rank else -math.inf


@dataclass(frozen=True)
class Times:
    """Seconds of each side, one entry per round; entries of the same index were measured side by side."""

    seconds: Mapping[str, Sequence[float]]

    def ratio(self, numerator: str, denominator: str) -> Spread:
        """*numerator* over *denominator*, round by round."""
        pairs = zip(self.seconds[numerator], self.seconds[denominator], strict=True)
        return Spread.of([above / below for above, below in pairs])

    def spread(self, side: str, unit: float = 1.0) -> Spread:
        """The time of one side in units of *unit* seconds."""
        return Spread.of([value / unit for value in self.seconds[side]])


def interleaved(
    sides: Mapping[str, Callable[[], object]],
    rounds: int,
    warm_up: int = 2,
    clock: Clock = time.perf_counter,
) -> Times:
    """Runs every side once per round, in alternating order (A B, B A, ...), and keeps the time of each.

    Args:
        sides: what to time, by name. Each is called *warm_up* + *rounds* times.
        rounds: rounds that count.
        warm_up: rounds before those: compilation, caches and first allocations are no part of the result.
        clock: seconds, for tests.

    Raises:
        ValueError: *rounds* is not positive.
    """
    if rounds < 1:
        raise ValueError("at least one round must be measured")
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(-warm_up, rounds):
        order = list(sides) if number % 2 == 0 else list(reversed(sides))
        for name in order:
            elapsed = _timed(sides[name], clock)
            if number >= 0:
                seconds[name].append(elapsed)
    return Times(seconds)


def _timed(action: Callable[[], object], clock: Clock) -> float:
    collecting = gc.isenabled()
    gc.disable()
    try:
        start = clock()
        action()
        return clock() - start
    finally:
        if collecting:
            gc.enable()
