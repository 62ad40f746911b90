"""What the whole programs are made of: data, models, and what is said of a program."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf

keras: Any = tf.keras
L = keras.layers

_random = np.random.default_rng(0)
IMAGES = _random.random((48, 6, 6, 1)).astype("float32")
CLASSES = np.eye(3, dtype="float32")[_random.integers(0, 3, 48)]
NUMBERS = _random.normal(size=(64, 4)).astype("float32")
TARGETS = _random.normal(size=(64, 1)).astype("float32")
BINARY = (TARGETS > 0).astype("float32")
#: The progress bar: with less, Keras 2 does not call the real class' batch hooks. In order: shuffling is Keras' own.
USUAL: dict[str, Any] = {"epochs": 2, "verbose": 1, "shuffle": False}


@dataclass(frozen=True)
class Logged:
    """What a program logs.

    Attributes:
        images: how many in each row that has some.
        tables: how many rows each table of predictions has.
        parameters, gradients: how many histograms each epoch has.
        models: how many versions of a model.
        graph: whether there is one.
        rows: how many.
    """

    rows: int = 2
    images: tuple[int, ...] = ()
    tables: tuple[int, ...] = ()
    parameters: int = 0
    gradients: int = 0
    models: int = 0
    graph: bool = True

    @classmethod
    def of(cls, trace: dict[str, Any]) -> Logged:
        (run,) = trace["runs"]
        rows, last = run["history"], run["summary"]
        return cls(
            len(rows),
            tuple(len(row["examples"]) for row in rows if "examples" in row),
            tuple(len(row["validation_predictions"]["rows"]) for row in rows if "validation_predictions" in row),
            sum(name.startswith("parameters/") for name in last),
            sum(name.startswith("gradients/") for name in last),
            sum(artifact["type"] == "model" for artifact in run["artifacts"]["logged"]),
            "graph" in last,
        )


@dataclass(frozen=True)
class Program:
    """One program.

    Attributes:
        logged: with the shim, on any Keras.
        ids: the entries of the ledger that it shows.
        dies: the exception in which it ends with the real class.
    """

    run: Callable[[Any], None]
    logged: Logged
    ids: tuple[str, ...] = ()
    dies: str | None = None


# --- what the programs are made of ------------------------------------------------------------------------------------


def numbered(model: Any) -> Any:
    """*model* with weights of NumPy's: the same numbers on every Keras."""
    random = np.random.default_rng(3)
    for layer in model.layers:
        if not isinstance(layer, L.BatchNormalization):
            layer.set_weights([random.normal(0.1, 0.3, weight.shape) for weight in layer.get_weights()])
    return model


def classifier() -> Any:
    parts = [
        L.Conv2D(2, 3, activation="relu", name="c"),
        L.Flatten(name="f"),
        L.Dense(3, activation="softmax", name="o"),
    ]
    model = numbered(keras.Sequential([L.InputLayer((6, 6, 1), name="given"), *parts]))
    model.compile(keras.optimizers.SGD(0.05), "categorical_crossentropy", metrics=["accuracy"])
    return model


def perceptron(*more: Any, out: str | None = "sigmoid", loss: str = "binary_crossentropy") -> Any:
    parts = [L.Dense(6, activation="relu", name="h"), *more, L.Dense(1, activation=out, name="o")]
    model = numbered(keras.Sequential([L.InputLayer((4,), name="given"), *parts]))
    model.compile(keras.optimizers.SGD(0.05), loss)
    return model


def dataset(x: Any, y: Any) -> Any:
    return tf.data.Dataset.from_tensor_slices((x, y)).batch(8)


def forever(x: Any, y: Any, batch: int = 8) -> Iterator[Any]:
    """Batches without end.

    To validate on, it takes a *batch* of all: Keras 2 reads a generator ahead in a thread, by one batch or by none, and
    begins each validation behind what was read. Which batches the second one meets is a race: on a busy machine every
    other training of TensorFlow 2.12 ends with other values.
    """
    while True:
        for at in range(0, len(x), batch):
            yield x[at : at + batch], y[at : at + batch]


TRAIN, VALID = (IMAGES[:24], CLASSES[:24]), (IMAGES[24:], CLASSES[24:])
