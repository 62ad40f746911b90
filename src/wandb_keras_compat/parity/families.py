"""The models that scenarios train: every shape people train, small, and the same numbers wherever they are built.

Each is ``(build, kind of data)``. Layers are named and weights drawn from NumPy layer by layer, so that a variable
has the same name and the same numbers on every Keras. Nothing random is left in training, dropout aside.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from . import models
from .frameworks import framework, keras

L = keras.layers

SAMPLES = 24
BATCH = 8
WEIGHTS = np.linspace(0.5, 1.5, SAMPLES).astype("float32")


class Family(NamedTuple):
    build: Callable[[], Any]
    x: tuple[tuple[int, ...], ...]
    """Shapes of the inputs, without the sample axis."""
    y: tuple[tuple[int, ...], ...]
    loss: Any = "mse"
    metrics: Any = None
    kind: str = "numbers"
    """What x holds: ``numbers``, ``images`` (0 to 1) or ``indexes``."""
    target: str = "numbers"
    """What y holds: ``numbers``, ``classes`` (one-hot), ``binary`` or ``masks`` (one-hot per pixel)."""
    compile: Mapping[str, Any] = {}


def stack(shape: tuple[int, ...], *layers: Any) -> Any:
    """A Sequential whose input has a name that a SavedModel's signature can have."""
    return keras.Sequential([L.InputLayer(shape, name="given"), *layers])


def convolutional() -> Any:
    # No bias before the normalization: its gradient is nothing but rounding.
    return stack(
        (8, 8, 2),
        L.Conv2D(3, 3, use_bias=False, name="c"),
        L.BatchNormalization(name="bn"),
        L.Flatten(name="f"),
        L.Dense(2, name="o"),
    )


def dense() -> Any:
    return stack((4,), L.Dense(5, activation="relu", name="h"), L.Dense(2, name="o"))


def branching() -> Any:
    i = keras.Input((4,), name="given")
    left, right = L.Dense(3, name="left")(i), L.Dense(3, name="right")(i)
    return keras.Model(i, L.Dense(2, name="o")(L.Concatenate(name="cat")([left, right])))


def classifier() -> Any:
    return stack((8, 8, 1), L.Conv2D(2, 3, name="c"), L.Flatten(name="f"), L.Dense(3, activation="softmax", name="o"))


def color_classifier() -> Any:
    return stack((6, 6, 3), L.Flatten(name="f"), L.Dense(3, activation="softmax", name="o"))


def normalized() -> Any:
    return stack(
        (8, 8, 1),
        L.Conv2D(2, 3, use_bias=False, name="c"),
        L.BatchNormalization(name="bn"),
        L.Flatten(name="f"),
        L.Dense(3, activation="softmax", name="o"),
    )


def dropped_out() -> Any:
    return stack((4,), L.Dense(5, name="h"), L.Dropout(0.5, seed=1, name="dr"), L.Dense(2, name="o"))


def binary() -> Any:
    return stack((8, 8, 1), L.Flatten(name="f"), L.Dense(1, activation="sigmoid", name="o"))


def segmenter() -> Any:
    return stack((6, 6, 1), L.Conv2D(4, 3, padding="same", activation="softmax", name="o"))


def recolorer() -> Any:
    """From masks of four classes to masks of four classes."""
    return stack((6, 6, 4), L.Conv2D(4, 3, padding="same", activation="softmax", name="o"))


def mask_classifier() -> Any:
    return stack((6, 6, 4), L.Flatten(name="f"), L.Dense(3, activation="softmax", name="o"))


def autoencoder() -> Any:
    return stack((6, 6, 1), L.Conv2D(1, 3, padding="same", activation="sigmoid", name="o"))


def decoder() -> Any:
    """From a class (one-hot) to an image."""
    return stack((3,), L.Dense(36, activation="sigmoid", name="h"), L.Reshape((6, 6, 1), name="o"))


def stateful() -> Any:
    i = keras.Input(batch_shape=(8, 5, 3), name="in")
    return keras.Model(i, L.Dense(2, name="o")(L.LSTM(4, stateful=True, name="l")(i)))


def two_outputs() -> Any:
    i = keras.Input((4,), name="in")
    h = L.Dense(3, activation="tanh", name="h")(i)
    return keras.Model(i, [L.Dense(2, name="o1")(h), L.Dense(1, name="o2")(h)])


class Subclassed(keras.Model):
    def __init__(self) -> None:
        super().__init__(name="subclassed")
        self.h = L.Dense(3, activation="tanh", name="h")
        self.o = L.Dense(2, name="o")

    def call(self, x: Any) -> Any:
        return self.o(self.h(x))


#: Trains by a step of its own, as the guides show.
CustomStep: Any = framework.custom_step(keras)


def custom_step() -> Any:
    i = keras.Input((4,), name="in")
    return CustomStep(i, L.Dense(2, name="o")(L.Dense(3, name="h")(i)))


def subclassed() -> Any:
    model = Subclassed()
    model(np.zeros((1, 4), "float32"))
    return model


def mixed_precision() -> Any:
    def half(kind: Any, *args: Any, **kwargs: Any) -> Any:
        return kind(*args, dtype="mixed_float16", **kwargs)

    return stack((4,), half(L.Dense, 5, name="h"), L.Dense(2, dtype="float32", name="o"))


MSE = "mse"
CLASSES: dict[str, Any] = {
    "loss": "categorical_crossentropy",
    "metrics": ["accuracy"],
    "kind": "images",
    "target": "classes",
}

FAMILIES = {
    "dense": Family(dense, ((4,),), ((2,),), metrics=["mae"]),
    "convolutional": Family(convolutional, ((8, 8, 2),), ((2,),)),
    "lstm": Family(models.lstm, ((5, 3),), ((2,),)),
    "bidirectional": Family(models.bidirectional, ((5, 3),), ((2,),)),
    "nested": Family(models.nested, ((4,),), ((2,),)),
    "branching": Family(branching, ((4,),), ((2,),)),
    "shared": Family(models.shared, ((4,), (4,)), ((2,),)),
    "two_in_two_out": Family(models.two_in_two_out, ((4,), (3,)), ((2,), (1,)), ["mse", "mse"]),
    "two_outputs": Family(two_outputs, ((4,),), ((2,), (1,)), ["mse", "mse"], compile={"loss_weights": [1.0, 0.5]}),
    "frozen": Family(models.frozen, ((4,),), ((2,),)),
    "embedding": Family(models.embedding, ((5,),), ((2,),), kind="indexes"),
    "regularized": Family(models.regularized, ((4,),), ((2,),)),
    "stateful": Family(stateful, ((5, 3),), ((2,),)),
    "subclassed": Family(subclassed, ((4,),), ((2,),)),
    "custom_step": Family(custom_step, ((4,),), ((2,),)),
    "mixed_precision": Family(mixed_precision, ((4,),), ((2,),)),
    "dropout": Family(dropped_out, ((4,),), ((2,),)),
    "batch_norm": Family(normalized, ((8, 8, 1),), ((3,),), **CLASSES),
    "classifier": Family(classifier, ((8, 8, 1),), ((3,),), **CLASSES),
    "color_classifier": Family(color_classifier, ((6, 6, 3),), ((3,),), **CLASSES),
    "binary": Family(
        binary, ((8, 8, 1),), ((1,),), "binary_crossentropy", ["accuracy"], kind="images", target="binary"
    ),
    "segmenter": Family(
        segmenter, ((6, 6, 1),), ((6, 6, 4),), "categorical_crossentropy", kind="images", target="masks"
    ),
    "recolorer": Family(
        recolorer, ((6, 6, 4),), ((6, 6, 4),), "categorical_crossentropy", kind="masks", target="masks"
    ),
    "mask_classifier": Family(
        mask_classifier, ((6, 6, 4),), ((3,),), "categorical_crossentropy", kind="masks", target="classes"
    ),
    "autoencoder": Family(autoencoder, ((6, 6, 1),), ((6, 6, 1),), kind="images", target="images"),
    "decoder": Family(decoder, ((3,),), ((6, 6, 1),), kind="classes", target="images"),
}


def data(family: Family, samples: int = SAMPLES) -> tuple[Any, Any]:
    """``(x, y)``: an array each, or a list of arrays where there are several."""
    rng = np.random.default_rng(5)

    def draw(shape: tuple[int, ...], kind: str) -> np.ndarray:
        if kind == "indexes":
            return rng.integers(0, 6, (samples, *shape))
        if kind == "images":
            return rng.random((samples, *shape)).astype("float32")
        if kind in ("classes", "masks"):
            return np.eye(shape[-1], dtype="float32")[rng.integers(0, shape[-1], (samples, *shape[:-1]))]
        if kind == "binary":
            return rng.integers(0, 2, (samples, *shape)).astype("float32")
        return rng.normal(size=(samples, *shape)).astype("float32")

    x = [draw(shape, family.kind) for shape in family.x]
    y = [draw(shape, family.target) for shape in family.y]
    return x if len(x) > 1 else x[0], y if len(y) > 1 else y[0]


def compiled(family: Family, **options: Any) -> Any:
    """The model with its numbers, under SGD without momentum, whose steps every Keras takes alike."""
    model = numbered(family.build())
    model.compile(keras.optimizers.SGD(0.01), family.loss, metrics=family.metrics, **family.compile, **options)
    return model


def numbered(model: Any) -> Any:
    """*model*, with weights that are the same numbers on every Keras."""
    rng = np.random.default_rng(6)
    values = [rng.normal(0.2, 0.3, w.shape).astype(w.dtype) for w in model.get_weights()]
    for weight, value in zip(model.weights, values):
        if "variance" in weight.name:
            value[...] = 1.0 + np.abs(value)
    model.set_weights(values)
    return model


class Batches(keras.utils.Sequence):
    """Data of :func:`data`, batch by batch."""

    def __init__(self, x: Any, y: Any) -> None:
        super().__init__()
        self._x, self._y = x, y

    def __len__(self) -> int:
        return SAMPLES // BATCH

    def __getitem__(self, index: int) -> Any:
        part = slice(index * BATCH, (index + 1) * BATCH)
        return self._x[part], self._y[part]


def batches(x: Any, y: Any) -> Any:
    """The same without end."""
    while True:
        for start in range(0, SAMPLES, BATCH):
            yield x[start : start + BATCH], y[start : start + BATCH]
