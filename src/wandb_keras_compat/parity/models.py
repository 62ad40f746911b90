"""Small models of every shape people train, built alike on Keras 2 and Keras 3.

Layers are named, so that a variable has the same name wherever the model is built; weights are drawn
from NumPy, so that they are the same numbers too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from .frameworks import keras

L = keras.layers

SAMPLES = 24


@dataclass(frozen=True)
class Case:
    """A model, its loss, and the shapes of what it takes and gives (without the sample axis)."""

    build: Callable[[], Any]
    loss: Any
    inputs: tuple[tuple[int, ...], ...]
    targets: tuple[tuple[int, ...], ...]
    integers: bool = False

    def data(self) -> tuple[Any, Any]:
        """``(x, y)`` with SAMPLES samples: an array each, or a list of arrays where there are several."""
        rng = np.random.default_rng(5)

        def draw(shape: tuple[int, ...]) -> np.ndarray:
            if self.integers:
                return rng.integers(0, 6, (SAMPLES, *shape))
            return rng.normal(size=(SAMPLES, *shape)).astype("float32")

        x = [draw(shape) for shape in self.inputs]
        y = [rng.random((SAMPLES, *shape)).astype("float32") for shape in self.targets]
        return x if len(x) > 1 else x[0], y if len(y) > 1 else y[0]

    def compiled(self) -> Any:
        model = self.build()
        rng = np.random.default_rng(6)
        model.set_weights([rng.normal(0.3, 0.4, w.shape).astype(w.dtype) for w in model.get_weights()])
        model.compile(keras.optimizers.SGD(0.01), self.loss)
        return model


def sequential(shape: tuple[int, ...], *layers: Any) -> Any:
    return keras.Sequential([L.InputLayer(shape, name="in"), *layers])


def dense() -> Any:
    return sequential((4,), L.Dense(5, activation="relu", name="h"), L.Dense(2, name="o"))


def regularized() -> Any:
    return sequential((4,), L.Dense(5, kernel_regularizer="l2", name="h"), L.Dense(2, name="o"))


def convolutional() -> Any:
    return sequential(
        (8, 8, 2), L.Conv2D(3, 3, name="c"), L.BatchNormalization(name="bn"), L.Flatten(name="f"), L.Dense(2, name="o")
    )


def lstm() -> Any:
    return sequential((5, 3), L.LSTM(4, name="l"), L.Dense(2, name="o"))


def gru() -> Any:
    return sequential((5, 3), L.GRU(4, name="g"), L.Dense(2, name="o"))


def lstm_with_state() -> Any:
    i = keras.Input((5, 3), name="in")
    first, h, c = L.LSTM(4, return_sequences=True, return_state=True, name="l1")(i)
    second = L.LSTM(4, name="l2")(first, initial_state=[h, c])
    return keras.Model(i, L.Dense(2, name="o")(second))


def bidirectional() -> Any:
    return sequential((5, 3), L.Bidirectional(L.LSTM(4, name="l"), name="bi"), L.Dense(2, name="o"))


def nested() -> Any:
    inner = keras.Sequential([L.InputLayer((4,), name="inner_in"), L.Dense(5, name="d")], name="inner")
    i = keras.Input((4,), name="in")
    return keras.Model(i, L.Dense(2, name="o")(inner(i)))


def nested_functional() -> Any:
    a = keras.Input((4,), name="inner_in")
    inner = keras.Model(a, L.Dense(5, name="d")(a), name="inner")
    i = keras.Input((4,), name="in")
    return keras.Model(i, L.Dense(2, name="o")(inner(i)))


def branching() -> Any:
    i = keras.Input((4,), name="in")
    left, right = L.Dense(3, name="left")(i), L.Dense(3, name="right")(i)
    return keras.Model(i, L.Dense(2, name="o")(L.Concatenate(name="cat")([left, right])))


def shared() -> Any:
    a, b = keras.Input((4,), name="a"), keras.Input((4,), name="b")
    layer = L.Dense(3, name="shared")
    return keras.Model([a, b], L.Dense(2, name="o")(L.Concatenate(name="cat")([layer(a), layer(b)])))


def two_in_two_out() -> Any:
    a, b = keras.Input((4,), name="a"), keras.Input((3,), name="b")
    joined = L.Concatenate(name="cat")([a, b])
    h = L.Dense(4, activation="tanh", name="h")(joined)
    return keras.Model([a, b], [L.Dense(2, name="o1")(h), L.Dense(1, name="o2")(h)])


def frozen() -> Any:
    model = dense()
    model.layers[0].trainable = False
    return model


def embedding() -> Any:
    return sequential((5,), L.Embedding(6, 3, name="e"), L.Flatten(name="f"), L.Dense(2, name="o"))


CASES = {
    "dense": Case(dense, "mse", ((4,),), ((2,),)),
    "regularized": Case(regularized, "mse", ((4,),), ((2,),)),
    "convolutional": Case(convolutional, "mse", ((8, 8, 2),), ((2,),)),
    "lstm": Case(lstm, "mse", ((5, 3),), ((2,),)),
    "gru": Case(gru, "mse", ((5, 3),), ((2,),)),
    "lstm_with_state": Case(lstm_with_state, "mse", ((5, 3),), ((2,),)),
    "bidirectional": Case(bidirectional, "mse", ((5, 3),), ((2,),)),
    "nested": Case(nested, "mse", ((4,),), ((2,),)),
    "nested_functional": Case(nested_functional, "mse", ((4,),), ((2,),)),
    "branching": Case(branching, "mse", ((4,),), ((2,),)),
    "shared": Case(shared, "mse", ((4,), (4,)), ((2,),)),
    "two_in_two_out": Case(two_in_two_out, "mse", ((4,), (3,)), ((2,), (1,))),
    "frozen": Case(frozen, "mse", ((4,),), ((2,),)),
}

#: Where the legacy numbers are wrong on purpose-built ground: see the quirk tests.
LEGACY_WRONG = {"embedding": Case(embedding, "mse", ((5,),), ((2,),), integers=True)}
