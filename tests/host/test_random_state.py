"""The stream beside the training's: it goes on from one use to the next, and the training's is as without it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wandb_keras_compat.host.random_state import IsolatedRandomState


class Framework:
    """A generator of its own, as Keras and TensorFlow have; notes whose history is kept."""

    def __init__(self) -> None:
        self.generator = random.Random(7)
        self.kept: list[Any] = []
        self.asked: list[Any] = []

    def random_state(self, model: Any) -> Any:
        self.asked.append(model)
        return self.generator.getstate()

    def restore_random_state(self, state: Any) -> None:
        self.generator.setstate(state)

    def stream_beside(self, state: Any) -> Any:
        return state

    @contextmanager
    def keeps_history(self, model: Any) -> Iterator[None]:
        self.kept.append(model)
        yield

    def draw(self) -> tuple[float, float, float]:
        return random.random(), float(np.random.random()), self.generator.random()


@pytest.fixture(autouse=True)
def streams_of_this_process() -> Iterator[None]:
    python, numpy = random.getstate(), np.random.get_state()
    yield
    random.setstate(python)
    np.random.set_state(numpy)


def seeded() -> Framework:
    random.seed(3)
    np.random.seed(3)
    return Framework()


#: How many numbers are drawn in the training, then beside it, then in the training…
DRAWS = st.lists(st.integers(0, 3), min_size=2, max_size=7)


def play(draws: list[int], *, fails: bool = False) -> tuple[list[Any], list[Any]]:
    """The numbers of the training and those beside it."""
    framework, isolated = seeded(), IsolatedRandomState()
    training: list[Any] = []
    beside: list[Any] = []
    for at, count in enumerate(draws):
        if at % 2 == 0:
            training += [framework.draw() for _ in range(count)]
            continue
        try:
            with isolated(framework, "model"):  # type: ignore[arg-type]
                beside += [framework.draw() for _ in range(count)]
                assert 1 // (not fails), "where it fails, this raises"
        except ZeroDivisionError:
            assert fails
    return training, beside


@given(DRAWS, st.booleans())
def test_the_training_draws_what_it_would_draw_without_it(draws: list[int], fails: bool) -> None:
    training, _ = play(draws, fails=fails)
    framework = seeded()
    assert training == [framework.draw() for _ in training]


@given(DRAWS, st.booleans())
def test_the_stream_beside_goes_on_from_one_use_to_the_next(draws: list[int], fails: bool) -> None:
    """Else a generator gives the same examples each epoch. It begins where the training's stream is at the first use."""
    _, beside = play(draws, fails=fails)
    framework = seeded()
    for _ in range(draws[0]):
        framework.draw()
    assert beside == [framework.draw() for _ in beside]


def test_a_block_in_a_block_changes_nothing() -> None:
    framework, isolated = seeded(), IsolatedRandomState()
    with isolated(framework, "model"):  # type: ignore[arg-type]
        first = framework.draw()
        with isolated(framework, "model"):  # type: ignore[arg-type]
            second = framework.draw()
        third = framework.draw()
    assert framework.kept == ["model"]
    again = seeded()
    assert [first, second, third] == [again.draw() for _ in range(3)]


def test_the_history_of_the_model_is_kept_each_time_and_its_own_generators_are_asked() -> None:
    """Layers such as dropout have each a generator of their own."""
    framework, isolated = seeded(), IsolatedRandomState()
    for model in ("one", "two"):
        with isolated(framework, model):  # type: ignore[arg-type]
            pass
    assert framework.kept == ["one", "two"]
    assert framework.asked == ["one", "one", "two", "two"], "before and after"
