"""A training on one device of JAX, or spread over two by ``keras.distribution.DataParallel``; the argument says how many."""

import os
import sys

DEVICES = int(sys.argv[1])
os.environ["XLA_FLAGS"] = f"--xla_force_host_platform_device_count={DEVICES}"

import jax
import keras
import numpy as np
import wandb
from wandb.keras import WandbCallback

assert len(jax.devices()) == DEVICES
if DEVICES > 1:
    keras.distribution.set_distribution(keras.distribution.DataParallel())

keras.utils.set_random_seed(1)
rng = np.random.default_rng(2)
x = rng.random((48, 8, 8, 1)).astype("float32")
y = np.eye(3, dtype="float32")[rng.integers(0, 3, 48)]

model = keras.Sequential(
    [
        keras.Input((8, 8, 1)),
        keras.layers.Conv2D(4, 3, use_bias=False, name="conv"),  # a bias before a normalization is rounding error
        keras.layers.BatchNormalization(name="bn"),
        keras.layers.Flatten(),
        keras.layers.Dropout(0.3),
        keras.layers.Dense(3, activation="softmax", name="out"),
    ]
)
model.compile(keras.optimizers.SGD(0.01), "categorical_crossentropy", metrics=["accuracy"])

wandb.init(project="data-parallel")
model.fit(
    x,
    y,
    batch_size=8,
    epochs=2,
    validation_data=(x[:16], y[:16]),
    verbose=0,
    callbacks=[
        WandbCallback(
            log_weights=True,
            log_gradients=True,
            training_data=(x, y),
            labels=["a", "b", "c"],
            predictions=5,
            input_type="image",
            output_type="label",
            log_evaluation=True,
            log_batch_frequency=2,
            compute_flops=True,
        )
    ],
)
if DEVICES > 1:
    spread = model.trainable_variables[0].value.sharding
    assert len(spread.device_set) == DEVICES, spread
