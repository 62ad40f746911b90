"""Predicting in the middle of a training: as many answers as samples, from fresh states, and nothing is left changed.

With a stand-in for Keras, so that every number of samples and every size of batch costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wandb_keras_compat.backends.prediction import predict


class Model:
    """Adds to each sample how many batches it has seen since its states were reset."""

    def __init__(self, fixed: int | None, *, stateful: bool = False, structured: bool = False) -> None:
        self.fixed, self.stateful, self.structured = fixed, stateful, structured
        self.state = 100
        self.sizes: list[int] = []

    def predict(self, inputs: Any, batch_size: int | None, verbose: int) -> Any:
        assert verbose == 0
        found = []
        for start in range(0, len(inputs), batch_size or 32):
            part = inputs[start : start + (batch_size or 32)]
            self.sizes.append(len(part))
            found.append(part * 10 + self.state)
            self.state += 1
        whole = np.concatenate(found)
        return {"a": whole, "b": [whole, whole + 0.5]} if self.structured else whole


class Keras:
    def __init__(self, *, shards: int = 1) -> None:
        self._shards = shards

    def data_shards(self) -> int:
        return self._shards

    def fixed_batch_size(self, model: Model) -> int | None:
        return model.fixed

    def stateful_layers(self, model: Model) -> list[str]:
        return ["lstm"] if model.stateful else []

    @contextmanager
    def preserved_states(self, model: Model) -> Iterator[None]:
        before = model.state
        try:
            yield
        finally:
            model.state = before

    def reset_states(self, model: Model) -> None:
        model.state = 0


def samples(count: int) -> Any:
    return np.arange(count, dtype=float).reshape(-1, 1)


@given(st.integers(1, 12), st.integers(1, 5), st.booleans(), st.booleans())
def test_as_many_answers_as_samples_in_full_batches(count: int, fixed: int, stateful: bool, structured: bool) -> None:
    model = Model(fixed, stateful=stateful, structured=structured)
    found = predict(Keras(), model, samples(count), batch_size=32)
    assert set(model.sizes) == {fixed}, "such a model takes no other"
    begin = 0 if stateful else 100
    expected = samples(count) * 10 + begin + np.arange(count).reshape(-1, 1) // fixed
    whole = {"a": expected, "b": [expected, expected + 0.5]} if structured else expected
    np.testing.assert_equal(found, whole)


@given(st.integers(1, 12), st.one_of(st.none(), st.integers(1, 5)), st.integers(0, 7))
def test_recurrent_states_are_reset_for_it_and_come_back(count: int, fixed: int | None, before: int) -> None:
    """Or the answers depend on what was trained last, and the training on what was predicted."""
    model = Model(fixed, stateful=True)
    model.state = before
    found = predict(Keras(), model, samples(count))
    assert found[0] == 0 and model.state == before
    assert set(model.sizes) == {fixed or 1}


@given(st.integers(1, 12), st.one_of(st.none(), st.integers(1, 5)))
def test_a_model_of_no_fixed_size_gets_the_batches_that_were_asked_for(count: int, batch_size: int | None) -> None:
    model = Model(None)
    found = predict(Keras(), model, samples(count), batch_size)
    assert len(found) == count
    assert max(model.sizes) <= (batch_size or 32)


@given(st.integers(1, 100), st.one_of(st.none(), st.integers(1, 40)), st.integers(1, 7))
def test_batches_can_be_cut_into_the_parts_that_devices_take(count: int, batch_size: int | None, shards: int) -> None:
    model = Model(None)
    found = predict(Keras(shards=shards), model, samples(count), batch_size)
    assert {size % shards for size in model.sizes} == {0}
    assert max(model.sizes) < (batch_size or 32) + shards
    of_batch = np.ravel(found - samples(count) * 10 - 100)
    assert of_batch[0] == 0 and set(np.diff(of_batch)) <= {0, 1}, "each sample has its own answer, in order"


def test_states_come_back_after_a_failure_too() -> None:
    model = Model(None, stateful=True)
    model.predict = None  # type: ignore[method-assign, assignment]
    with pytest.raises(TypeError):
        predict(Keras(), model, samples(3))
    assert model.state == 100
