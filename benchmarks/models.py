"""The models of the measurements: 26 thousand, 1.1 million and 5 million parameters, and the data they train on.

All classify small images into ten classes. A multilayer perceptron is the hard case for anything that is paid
per parameter (it computes little for each), a small one for anything that is paid per batch; convolutions are
what people train on images.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

BATCH = 32
CLASSES = 10


@dataclass(frozen=True)
class Subject:
    """A model to measure on."""

    name: str
    architecture: str
    shape: tuple[int, int, int]
    samples: int
    """Training samples of one pass: enough for some tenths of a second."""
    layers: Callable[[Any], list[Any]]

    def build(self) -> Any:
        """A compiled model with seeded weights."""
        from wandb_keras_compat.backends.families import program_keras

        keras = program_keras()
        keras.utils.set_random_seed(7)
        inputs = keras.Input(shape=self.shape)
        outputs = inputs
        for layer in (*self.layers(keras.layers), keras.layers.Dense(CLASSES, activation="softmax")):
            outputs = layer(outputs)
        model = keras.Model(inputs, outputs)
        model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        return model

    def data(self, samples: int | None = None) -> tuple[Any, Any]:
        """Random images in 0..1, float32 of shape (samples, \\*shape), and labels, int32 of shape (samples,)."""
        rng = np.random.default_rng(7)
        count = samples or self.samples
        x = rng.random((count, *self.shape), dtype=np.float32)
        return x, rng.integers(0, CLASSES, count).astype(np.int32)


def _perceptron(*widths: int) -> Callable[[Any], list[Any]]:
    return lambda layers: [layers.Flatten(), *(layers.Dense(width, activation="relu") for width in widths)]


def _mnist_cnn(layers: Any) -> list[Any]:
    return [
        layers.Conv2D(32, 3, activation="relu"),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Dropout(0.25),
        layers.Flatten(),
        layers.Dense(128, activation="relu"),
        layers.Dropout(0.5),
    ]


def _vgg(layers: Any) -> list[Any]:
    stack = []
    for filters in (32, 64, 128):
        for _ in range(2):
            stack += [
                layers.Conv2D(filters, 3, padding="same", activation="relu"),
                layers.BatchNormalization(),
            ]
        stack.append(layers.MaxPooling2D())
    stack += [layers.Flatten(), layers.Dense(2048, activation="relu"), layers.Dense(256, activation="relu")]
    return stack


MNIST, CIFAR = (28, 28, 1), (32, 32, 3)

SUBJECTS = (
    Subject("MLP 26k", "dense 32-32", MNIST, 4096, _perceptron(32, 32)),
    Subject("MLP 1.1M", "dense 1024-256", MNIST, 1024, _perceptron(1024, 256)),
    Subject("CNN 1.2M", "conv 32-64, pool, dropout, dense 128, dropout (Keras' MNIST example)", MNIST, 256, _mnist_cnn),
    Subject("MLP 5M", "dense 2048-1024-1024-256", MNIST, 512, _perceptron(2048, 1024, 1024, 256)),
    Subject(
        "CNN 5M", "conv 32-32, 64-64, 128-128 with batch norm and pools, dense 2048-256 (VGG-like)", CIFAR, 192, _vgg
    ),
)
BY_NAME = {subject.name: subject for subject in SUBJECTS}
