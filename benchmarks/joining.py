"""Joining ``validation_steps`` batches of a generator, against one copy of the same bytes.

A copy grows linearly; what stays within a constant factor of it at every size does too. Times of doubled sizes do
not show that by themselves: where the memory leaves a cache, the copy of twice as much takes four times as long.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from .measure import interleaved
from .results import Effort, Row

TITLE = "joining batches"
BATCHES = 64
BATCH_SHAPE = (32, 28, 28, 1)
REPEATS = 3
DOUBLINGS = 3
#: Over the bare copy, at any size. Quadratic work doubles this with each doubling.
LIMIT = 2.0


def measure(effort: Effort) -> Iterator[Row]:
    """Four sizes, each twice the one before."""
    from wandb_keras_compat.data.batches import join

    # One batch object many times: what is measured is joining, not making them.
    batch = (np.zeros(BATCH_SHAPE, np.float32), np.zeros(BATCH_SHAPE[:1], np.int32))
    for doubling in range(DOUBLINGS + 1):
        count = effort.of(BATCHES, at_least=16) << doubling
        batches = [batch] * count
        sides: dict[str, Callable[[], object]] = {
            "copy": lambda batches=batches: [_copied(batches) for _ in range(REPEATS)],
            "shim": lambda batches=batches: [join(batches) for _ in range(REPEATS)],
        }
        if doubling < DOUBLINGS - 1:  # beyond, one round takes half a minute
            sides["legacy"] = lambda batches=batches: [_grown(batches) for _ in range(REPEATS)]
        times = interleaved(sides, effort.rounds, clock=effort.clock)
        yield Row(TITLE, f"{count} batches", "shim / one copy", times.ratio("shim", "copy"), limit=LIMIT)
        if "legacy" in sides:
            yield Row(TITLE, f"{count} batches", "np.append, as legacy / one copy", times.ratio("legacy", "copy"))


def _copied(batches: list[tuple[Any, Any]]) -> tuple[Any, Any]:
    return np.concatenate([x for x, _ in batches]), np.concatenate([y for _, y in batches])


def _grown(batches: list[tuple[Any, Any]]) -> tuple[Any, Any]:
    x, y = batches[0]
    for more_x, more_y in batches[1:]:
        x, y = np.append(x, more_x, axis=0), np.append(y, more_y, axis=0)
    return x, y
