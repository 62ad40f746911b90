"""The memory of batches against a model of it: the first ones, in order, as many as somebody needs."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from wandb_keras_compat.data.batch_memory import BatchMemory

LIMIT = st.one_of(st.none(), st.integers(0, 9))


@given(LIMIT, st.lists(LIMIT, max_size=3), st.lists(st.integers(1, 4), max_size=6))
def test_who_needs_more_gets_more_and_nobody_gets_less(
    limit: int | None, more: list[int | None], sizes: list[int]
) -> None:
    memory = BatchMemory(batches=None, samples=limit)
    for each in more:
        memory.remember_more(each)
    for size in sizes:
        memory.remember(np.zeros((size, 2)))
    needs = [limit, *more]
    needed = None if None in needs else max(each for each in needs if each is not None)
    expected: list[int] = []
    for size in sizes:
        if needed is None or sum(expected) < needed:
            expected.append(size)
    assert [len(batch) for batch in memory.seen] == expected
    assert memory.is_full is (needed is not None and sum(expected) >= needed)


@given(LIMIT, st.integers(0, 6))
def test_no_more_batches_than_validation_has_steps(batches: int | None, count: int) -> None:
    memory = BatchMemory(batches=batches, samples=None)
    for at in range(count):
        memory.remember(np.full((1,), at))
    assert [int(batch[0]) for batch in memory.seen] == list(range(count if batches is None else min(count, batches)))


@given(st.permutations(range(5)))
def test_batches_that_come_by_number_are_in_their_order_and_once(order: list[int]) -> None:
    memory = BatchMemory(batches=None, samples=None)
    for index in [*order, *order]:
        memory.remember(np.full((1,), index), index)
    assert [int(batch[0]) for batch in memory.seen] == list(range(5))


def test_what_is_filled_again_for_the_next_batch_is_copied() -> None:
    memory = BatchMemory(batches=None, samples=None)
    x, y = np.zeros((2, 3)), {"a": np.zeros(2)}
    memory.remember((x, y))
    x += 1
    y["a"] += 1
    batch: Any = memory.seen[0]
    assert not batch[0].any() and not batch[1]["a"].any()


def test_samples_are_those_of_the_inputs() -> None:
    memory = BatchMemory(batches=None, samples=3)
    for _ in range(4):
        memory.remember((np.zeros((2, 5)), np.zeros((2,)), np.zeros((2,))))
    assert len(memory.seen) == 2
