"""The learning rate of an optimizer is one number, in whatever form the optimizer has it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from wandb_keras_compat.backends.common.learning_rate import learning_rate


class OfAFramework:
    """A variable or tensor: it has a shape, and may be callable, as Keras' variables are."""

    shape = ()

    def numpy(self) -> Any:
        return np.float32(0.5)

    def __call__(self, step: int) -> float:
        pytest.fail("a variable is no schedule")


class OnADevice:
    """A tensor of torch that NumPy cannot read."""

    def numpy(self) -> Any:
        raise TypeError("can't convert device type tensor to numpy")

    def detach(self) -> float:
        return 0.25


@pytest.mark.parametrize(
    ("rate", "number"),
    [
        (0.1, 0.1), (1, 1.0), (np.float32(0.5), 0.5), (OfAFramework(), 0.5), (OnADevice(), 0.25),
        (lambda step: step / 8, 0.375), (lambda step: OfAFramework(), 0.5), (lambda step: OnADevice(), 0.25),
    ],
)  # fmt: skip
def test_every_form_is_a_number(rate: Any, number: float) -> None:
    found = learning_rate(SimpleNamespace(learning_rate=rate), 3)
    assert type(found) is float and found == number


def test_what_reading_it_raises_is_raised() -> None:
    with pytest.raises(AttributeError):
        learning_rate(SimpleNamespace(), 0)
