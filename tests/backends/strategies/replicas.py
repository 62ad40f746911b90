"""Gradients under a strategy, beside what a step of training takes from the weights.

    python -m tests.backends.strategies.replicas

prints, as JSON, both for strategies of two devices: TensorFlow splits a CPU in two only before it has done anything.
"""

from __future__ import annotations

import json
import os
import types
from typing import Any

os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf

keras = tf.keras

#: Samples in each training: shares of 4 and 3, of 1 and 1.
SAMPLES = (7, 2)


def network() -> Any:
    """A model whose gradient depends on which samples are in a batch with which, compiled to subtract it once."""
    keras.utils.set_random_seed(0)
    layers = [
        keras.layers.Input((4, 4, 1)), keras.layers.Flatten(), keras.layers.Dense(3, kernel_regularizer="l2", use_bias=False),
        keras.layers.BatchNormalization(), keras.layers.Dense(3, activation="softmax"),
    ]  # fmt: skip
    model = keras.Sequential(layers)
    model.compile(keras.optimizers.SGD(1.0), "categorical_crossentropy")
    return model


def sums_while_training(model: Any, training_data: Any) -> list[Any]:
    """What ``log_gradients`` sums at the first weights, where Keras calls callbacks; nothing of the model changes."""
    from wandb_keras_compat.backends import backend_for
    from wandb_keras_compat.features.gradients import Gradients

    owner = types.SimpleNamespace(model=model, params=None, training_data=training_data)
    found: list[Any] = []

    class AtTheStart(keras.callbacks.Callback):  # type: ignore[misc, name-defined]
        def on_train_begin(self, logs: Any = None) -> None:
            before = model.get_weights()
            found.extend(Gradients(owner, backend_for(model), None, None).sums())
            assert all(np.array_equal(one, two) for one, two in zip(before, model.get_weights()))

    first = model.get_weights()
    x = np.zeros((2, 4, 4, 1), "float32")
    model.fit(x, np.ones((2, 3), "float32") / 3, verbose=0, callbacks=[AtTheStart()])
    model.set_weights(first)
    return found


def slope_of_one_step(model: Any, x: Any, y: Any) -> list[Any]:
    """What one step of SGD, at a rate of 1, subtracts from the trainable weights."""
    before = [variable.numpy() for variable in model.trainable_variables]
    model.fit(x, y, batch_size=32, shuffle=False, verbose=0)
    return [one - variable.numpy() for one, variable in zip(before, model.trainable_variables)]


def main() -> None:
    devices = tf.config.list_physical_devices("CPU")
    tf.config.set_logical_device_configuration(devices[0], [tf.config.LogicalDeviceConfiguration()] * 2)
    strategies = {"Mirrored": tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])}
    if not hasattr(keras, "ops"):  # Keras 3 cannot train a batch normalization under it, with or without a callback
        strategies["CentralStorage"] = tf.distribute.experimental.CentralStorageStrategy(["CPU:0", "CPU:1"])
    strategies["MultiWorkerMirrored"] = tf.distribute.MultiWorkerMirroredStrategy()
    random = np.random.default_rng(0)
    x, y = random.random((7, 4, 4, 1)).astype("float32"), np.eye(3, dtype="float32")[np.arange(7) % 3]
    found = {}
    for name, strategy in strategies.items():
        for samples in SAMPLES:
            with strategy.scope():
                model = network()
            data = (x[:samples], y[:samples])
            both = sums_while_training(model, data), slope_of_one_step(model, *data)
            found[f"{name} {samples}"] = [[np.ravel(part).tolist() for part in parts] for parts in both]
    print("FOUND", json.dumps(found))


if __name__ == "__main__":
    main()
