"""Joining ``validation_steps`` batches of a generator: how the time grows when their number doubles."""

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
#: 2 is linear, 4 quadratic; memory that leaves the caches costs linear work a little more.
LIMIT = 2.6


def measure(effort: Effort) -> Iterator[Row]:
    """Two functions, three doublings each."""
    from wandb_keras_compat.data import join

    counts = [effort.of(BATCHES, at_least=16) << doubling for doubling in range(DOUBLINGS + 1)]
    batch = (np.zeros(BATCH_SHAPE, np.float32), np.zeros(BATCH_SHAPE[:1], np.int32))
    # One batch object many times: what is measured is joining, not making them.
    ours: dict[str, Callable[[], object]] = {str(count): lambda count=count: [join([batch] * count) for _ in range(REPEATS)] for count in counts}
    grown: dict[str, Callable[[], object]] = {str(count): lambda count=count: _grow([batch] * (count // 4)) for count in counts}
    # A quarter of the batches: at the full number one round would take half a minute.
    for name, sides, limit, share in (("shim", ours, LIMIT, 1), ("np.append, as legacy", grown, None, 4)):
        times = interleaved(sides, effort.rounds, clock=effort.clock)
        for fewer, more in zip(sides, list(sides)[1:]):
            about = f"{int(more) // share} / {int(fewer) // share} batches"
            yield Row(TITLE, about, name, times.ratio(more, fewer), limit=limit, note="2 linear, 4 quadratic")


def _grow(batches: list[tuple[Any, Any]]) -> tuple[Any, Any]:
    x, y = batches[0]
    for more_x, more_y in batches[1:]:
        x, y = np.append(x, more_x, axis=0), np.append(y, more_y, axis=0)
    return x, y
