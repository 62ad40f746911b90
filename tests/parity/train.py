"""Trains every scenario with one of the two classes or the small callbacks, each in an offline run of its own.

    python -m tests.parity.train legacy|shim|composed FOLDER

``legacy`` is the installed wandb's own class, ``composed`` the list of :mod:`.composed`. Offline runs refuse ``use_artifact``, which makes that class
drop its evaluation tables; there the call is replaced by nothing, so that the tables themselves are seen.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import tensorflow as tf
import wandb

keras = tf.keras
L = keras.layers

RNG = np.random.default_rng(3)
IMAGES = RNG.random((24, 8, 8, 1)).astype("float32")
CLASSES = np.eye(3, dtype="float32")[RNG.integers(0, 3, 24)]
VECTORS = RNG.random((24, 4)).astype("float32")
NUMBERS = RNG.random((24, 1)).astype("float32")
BINARY = RNG.integers(0, 2, (24, 1)).astype("float32")
MASKS = np.eye(5, dtype="float32")[RNG.integers(0, 5, (24, 8, 8))]


def classifier() -> Any:
    return _compiled(
        [L.InputLayer((8, 8, 1), name="given"), L.Conv2D(2, 3, name="c"), L.BatchNormalization(name="bn"),
         L.Flatten(name="f"), L.Dense(3, activation="softmax", name="o")],
        "categorical_crossentropy",
    )


def regressor() -> Any:
    return _compiled([L.InputLayer((4,), name="given"), L.Dense(6, activation="relu", name="h"), L.Dense(1, name="o")], "mse")


def binary() -> Any:
    return _compiled(
        [L.InputLayer((8, 8, 1), name="given"), L.Flatten(name="f"), L.Dense(1, activation="sigmoid", name="o")],
        "binary_crossentropy",
    )


def segmenter() -> Any:
    return _compiled(
        [L.InputLayer((8, 8, 1), name="given"), L.Conv2D(5, 3, padding="same", activation="softmax", name="o")],
        "categorical_crossentropy",
    )


def _compiled(layers: list[Any], loss: str) -> Any:
    model = keras.Sequential(layers)
    model.compile(keras.optimizers.SGD(0.05), loss, metrics=["accuracy"])
    return model


@dataclass(frozen=True)
class Scenario:
    build: Callable[[], Any]
    x: Any
    y: Any
    arguments: dict[str, Any] = field(default_factory=dict)
    epochs: int = 3
    fits: int = 1


def _batches(x: Any, y: Any) -> Any:
    return tf.data.Dataset.from_tensor_slices((x, y)).batch(8)


PICTURES = {"input_type": "image", "output_type": "label", "validation_data": (IMAGES, CLASSES)}

SCENARIOS = {
    "defaults": Scenario(regressor, VECTORS, NUMBERS),
    "every batch": Scenario(regressor, VECTORS, NUMBERS, {"log_batch_frequency": 1}),
    "every second batch": Scenario(regressor, VECTORS, NUMBERS, {"log_batch_frequency": 2}),
    "two fits": Scenario(regressor, VECTORS, NUMBERS, {"save_graph": False}, fits=2),
    "accuracy": Scenario(classifier, IMAGES, CLASSES, {"monitor": "val_accuracy", "log_best_prefix": "top_"}),
    "another mode": Scenario(regressor, VECTORS, NUMBERS, {"monitor": "loss", "mode": "max", "verbose": 1}),
    "a metric that is not there": Scenario(regressor, VECTORS, NUMBERS, {"monitor": "val_nothing"}),
    "no prefix": Scenario(regressor, VECTORS, NUMBERS, {"log_best_prefix": None}),
    "no model": Scenario(regressor, VECTORS, NUMBERS, {"save_model": False}),
    "weights only": Scenario(regressor, VECTORS, NUMBERS, {"save_weights_only": True}),
    "weights": Scenario(classifier, IMAGES, CLASSES, {"log_weights": True, "save_model": False}),
    "gradients": Scenario(
        classifier, IMAGES, CLASSES,
        {"log_gradients": True, "training_data": _batches(IMAGES, CLASSES), "save_model": False},
    ),
    "flops": Scenario(regressor, VECTORS, NUMBERS, {"compute_flops": True, "save_model": False}),
    "images": Scenario(classifier, IMAGES, CLASSES, {**PICTURES, "save_model": False}),
    "images with labels": Scenario(classifier, IMAGES, CLASSES, {**PICTURES, "labels": ["a", "b", "c"], "save_model": False}),
    "images of one value": Scenario(
        binary, IMAGES, BINARY, {**PICTURES, "validation_data": (IMAGES, BINARY), "save_model": False}
    ),
    "masks": Scenario(
        segmenter, IMAGES, MASKS,
        {"input_type": "image", "output_type": "segmentation_mask", "validation_data": (IMAGES, MASKS), "save_model": False},
    ),
    "table": Scenario(
        classifier, IMAGES, CLASSES,
        {"log_evaluation": True, "labels": ["a", "b", "c"], "validation_data": (IMAGES, CLASSES), "save_model": False},
    ),
    "table every second epoch": Scenario(
        regressor, VECTORS, NUMBERS,
        {"log_evaluation": True, "log_evaluation_frequency": 2, "validation_data": (VECTORS, NUMBERS), "save_model": False},
        epochs=4,
    ),
    "table with processors": Scenario(
        regressor, VECTORS, NUMBERS,
        {
            "log_evaluation": True,
            "validation_data": (VECTORS, NUMBERS),
            "validation_row_processor": lambda index, row: {"sum": float(row["input"].sum())},
            "prediction_row_processor": lambda index, row: {"double": float(2 * row["output"][0])},
            "save_model": False,
        },
    ),
}


def train(scenario: Scenario, make: Callable[..., Any]) -> None:
    keras.backend.clear_session()
    keras.utils.set_random_seed(11)
    model = scenario.build()
    made = make(**scenario.arguments)
    callbacks = made if isinstance(made, list) else [made]
    for _ in range(scenario.fits):
        # verbose=1: with less, Keras 2 does not call the legacy class' batch hooks (graph, tables).
        model.fit(
            scenario.x, scenario.y, batch_size=8, shuffle=False, epochs=scenario.epochs,
            validation_data=(scenario.x, scenario.y), callbacks=callbacks, verbose=1,
        )


def callbacks_of(which: str) -> Callable[..., Any]:
    """What makes the callback, or the list of them, of constructor arguments."""
    if which == "legacy":
        from wandb.integration.keras.keras import WandbCallback
    elif which == "shim":
        from wandb_keras_compat import WandbCallback
    else:
        from .composed import composed

        return composed
    return WandbCallback


def main(which: str, folder: str) -> None:
    make = callbacks_of(which)
    tf.config.experimental.enable_op_determinism()
    for name, scenario in SCENARIOS.items():
        run = wandb.init(project="parity", name=name, dir=folder, mode="offline", group=name)
        if which == "legacy":
            run.use_artifact = lambda *_, **__: None
        train(scenario, make)
        run.finish()


if __name__ == "__main__":
    main(*sys.argv[1:])
