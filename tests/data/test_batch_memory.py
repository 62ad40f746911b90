"""The memory of batches against a model of it: the first ones, in order, as many as somebody needs."""

from __future__ import annotations

import sys
import types
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wandb_keras_compat.data.batch_memory import BatchMemory

LIMIT = st.one_of(st.none(), st.integers(0, 9))


@given(LIMIT, st.lists(LIMIT, max_size=3), st.lists(st.integers(1, 4), max_size=6))
@example(1, [3, 2], [2, 2, 2])
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


def test_a_tensor_of_torch_is_copied_to_memory_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own may be a device's, and an operation in place may change it."""

    class Tensor:
        shape = (2, 3)
        __len__ = lambda self: 2

        def __init__(self) -> None:
            self.data = np.zeros((2, 3))

        detach = cpu = lambda self: self
        numpy = lambda self: self.data

    monkeypatch.setitem(sys.modules, "torch", types.SimpleNamespace(Tensor=Tensor))
    memory, tensor = BatchMemory(batches=None, samples=None), Tensor()
    memory.remember((tensor, None))
    tensor.data += 1
    x, y = memory.seen[0]
    assert isinstance(x, np.ndarray) and x.shape == (2, 3) and not x.any()
    assert y is None


def test_a_tensor_that_does_not_change_is_kept_as_it_is() -> None:
    class Tensor:
        shape = (2, 3)
        __len__ = lambda self: 2

    memory, tensor = BatchMemory(batches=None, samples=None), Tensor()
    memory.remember((tensor, tensor))
    assert memory.seen == [(tensor, tensor)]


def test_samples_are_those_of_the_inputs() -> None:
    memory = BatchMemory(batches=None, samples=3)
    for _ in range(4):
        memory.remember((np.zeros((2, 5)), np.zeros((2,)), np.zeros((2,))))
    assert len(memory.seen) == 2
