"""The model that the documented uses train, and its data."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from .frameworks import keras

L = keras.layers

X = np.linspace(-1, 1, 40, dtype="float32").reshape(10, 4)
Y = X.sum(axis=1, keepdims=True)
WEIGHTS = [np.full((4, 1), 0.5, "float32"), np.zeros(1, "float32")]
RATE = 0.05


def model_of(optimizer: object = None) -> Any:
    model = keras.Sequential([L.InputLayer((4,), name="given"), L.Dense(1, name="out")])
    model.set_weights(WEIGHTS)
    model.compile(optimizer or keras.optimizers.SGD(RATE), keras.losses.MeanSquaredError())
    return model


compiled_once = cache(model_of)


def model_to_train() -> Any:
    """The model as :func:`model_of` makes it; its functions are traced once in a process, for all uses."""
    model = compiled_once()
    model.set_weights(WEIGHTS)
    model.optimizer.iterations.assign(0)
    model.optimizer.learning_rate = RATE
    return model


def fit(model: Any, *callbacks: Any, **arguments: Any) -> None:
    model.fit(
        X, Y, **{"batch_size": 2, "epochs": 2, "verbose": 0, "shuffle": False, **arguments}, callbacks=list(callbacks)
    )
