"""Models and data that train in no time, and the ways tests put a callback through its hooks."""

from __future__ import annotations

from typing import Any

import numpy as np

from wandb_keras_compat import WandbCallback
from wandb_keras_compat.backends.families import program_keras

keras: Any = program_keras()
layers = keras.layers

#: Everything that is on by default and takes time or room.
QUIET: dict[str, Any] = {"save_model": False, "save_graph": False}

#: As it is before a test asks for wandb's class, which replaces it.
OWN_FIT = keras.Model.fit

KERAS_3 = hasattr(keras, "Operation") or hasattr(keras, "ops")


def callback(kind: type[WandbCallback] = WandbCallback, **options: Any) -> Any:
    """A callback with nothing on but the metrics and what *options* say."""
    return kind(**{**QUIET, **options})


def numbers(samples: int = 8, features: int = 3, outputs: int = 1, seed: int = 0) -> tuple[Any, Any]:
    """x of shape (samples, features) and y of shape (samples, outputs), float32."""
    random = np.random.default_rng(seed)
    x = random.normal(size=(samples, features)).astype("float32")
    return x, random.normal(size=(samples, outputs)).astype("float32")


def images(samples: int = 6, side: int = 4, classes: int = 3) -> tuple[Any, Any]:
    """x of shape (samples, side, side, 1), values 0 to 1, and one-hot y of shape (samples, classes)."""
    random = np.random.default_rng(0)
    x = random.uniform(size=(samples, side, side, 1)).astype("float32")
    return x, np.eye(classes, dtype="float32")[np.arange(samples) % classes]


def dense(
    features: int = 3, outputs: int = 1, activation: str | None = None, eager: bool = True, **compile: Any
) -> Any:
    """One dense layer called ``d``. Eager: most tests train two batches, which tracing takes longer than."""
    keras.utils.set_random_seed(1)
    model = keras.Sequential([layers.Input((features,)), layers.Dense(outputs, activation, name="d")], name="net")
    model.compile(**{"optimizer": "sgd", "loss": "mse", "run_eagerly": eager, **compile})
    return model


def classifier(side: int = 4, classes: int = 3, **compile: Any) -> Any:
    """Images of shape (side, side, 1) to softmax scores of shape (classes,)."""
    keras.utils.set_random_seed(1)
    model = keras.Sequential(
        [layers.Input((side, side, 1)), layers.Flatten(), layers.Dense(classes, "softmax", name="d")]
    )
    model.compile(**{"optimizer": "sgd", "loss": "categorical_crossentropy", "run_eagerly": True, **compile})
    return model


class Subclassed(keras.Model):
    """No symbolic inputs or outputs, and a layer that is never called."""

    def __init__(self, outputs: int = 1) -> None:
        super().__init__()
        self.flat = layers.Flatten()
        self.used = layers.Dense(outputs, name="used")
        self.unused = layers.Dense(2, name="unused")

    def call(self, x: Any) -> Any:
        return self.used(self.flat(x))


def fit(model: Any, *callbacks: Any, epochs: int = 1, data: Any = None, **options: Any) -> dict[str, list[float]]:
    """Trains on :func:`numbers`, validating on the same, and returns Keras' own history."""
    x, y = numbers() if data is None else data
    given = {"validation_data": (x, y), "verbose": 0, "shuffle": False, "batch_size": 4, **options}
    history: dict[str, list[float]] = model.fit(x, y, epochs=epochs, callbacks=list(callbacks), **given).history
    return history


def run_epochs(callback: Any, *logs: dict[str, Any] | None, model: Any = None) -> Any:
    """Calls the hooks as ``fit`` does, one epoch for each of *logs*."""
    callback.set_model(dense() if model is None else model)
    callback.on_train_begin()
    for epoch, values in enumerate(logs):
        callback.on_epoch_end(epoch, values)
    callback.on_train_end()
    return callback


def sequence_of(x: Any, y: Any, size: int) -> Any:
    """A Keras ``Sequence`` (a ``PyDataset`` on Keras 3) of batches of *size*."""

    class Batches(keras.utils.Sequence):  # type: ignore[misc]
        def __len__(self) -> int:
            return -(-len(x) // size)

        def __getitem__(self, index: int) -> Any:
            if index >= len(self):
                raise IndexError(index)
            part = slice(index * size, (index + 1) * size)
            return x[part], y[part]

    return Batches()


def generator_of(x: Any, y: Any, size: int, forever: bool = False, seen: list[int] | None = None) -> Any:
    """A generator of batches; *seen* gets an entry for each one taken."""
    while True:
        for start in range(0, len(x), size):
            if seen is not None:
                seen.append(start)
            yield x[start : start + size], y[start : start + size]
        if not forever:
            return
