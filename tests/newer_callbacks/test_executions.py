"""Which batches ran before a call of a batch hook, where Keras makes one call for several batches."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wandb_keras_compat.newer_callbacks.executions import Executions, executions


def backend(steps: int, *, autotuned: bool = False) -> Any:
    return SimpleNamespace(steps_per_execution=lambda model: steps, autotunes_steps=lambda model: autotuned)


@pytest.mark.parametrize(("steps", "autotuned", "counted"), [(1, False, False), (2, False, True), (1, True, True)])
def test_batches_are_counted_where_a_call_may_stand_for_several(steps: int, autotuned: bool, counted: bool) -> None:
    found = executions(backend(steps, autotuned=autotuned), "model", {"steps": 9})
    assert (found is not None) == counted


def test_how_long_an_epoch_is_is_taken_from_what_keras_tells() -> None:
    for params, last in (({"steps": 5}, 4), ({"steps": None}, 7), ({}, 7), (None, 7)):
        counter = executions(backend(4), "model", params)
        assert counter is not None
        assert [list(counter.ran(call)) for call in (3, 7)] == [[0, 1, 2, 3], [*range(4, last + 1)]]


@given(sizes=st.lists(st.integers(1, 5), min_size=1, max_size=6))
def test_an_index_that_is_known_to_be_the_last_one_is_never_taken_for_the_first(sizes: list[int]) -> None:
    """Where Keras tunes the number of batches while it trains, the first execution may be of one batch."""
    counter = executions(backend(4, autotuned=True), "model", None)
    assert counter is not None
    for _ in range(2):
        counter.begin_epoch()
        ends = [sum(sizes[: number + 1]) - 1 for number in range(len(sizes))]
        assert [len(counter.ran(end)) for end in ends] == sizes


def test_an_execution_is_numbered_by_the_batches_before_it() -> None:
    counter = Executions(4, None, always_last=False)
    assert [counter.number(batch) for batch in (0, 3, 4, 7, 9)] == [0, 0, 1, 1, 2]
