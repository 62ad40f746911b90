"""What judges a push judges it the same way each time."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from .seeding import seed_generators


def test_a_test_has_the_same_random_numbers_each_time_and_another_test_others() -> None:
    def drawn(name: str) -> tuple[float, float]:
        seed_generators(name)
        return random.random(), float(np.random.random())

    assert drawn("one") == drawn("one")
    one, other = drawn("one"), drawn("other")
    assert one[0] != other[0] and one[1] != other[1]


def test_a_training_that_seeds_nothing_is_the_same_each_time_and_others_under_another_name() -> None:
    keras = pytest.importorskip("keras", reason="a model is trained")

    def trained(name: str) -> list[Any]:
        seed_generators(name)
        x, y = np.random.random((40, 3)), np.random.random((40, 1))
        model = keras.Sequential([keras.layers.Input((3,)), keras.layers.Dropout(0.5), keras.layers.Dense(1)])
        model.compile("sgd", "mse")
        model.fit(x, y, batch_size=7, verbose=0)
        return [value.tolist() for value in model.get_weights()]

    assert trained("one") == trained("one")
    assert trained("one") != trained("other")
