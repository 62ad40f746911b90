# a test puts something in its place
import numpy as np
import tensorflow as tf
from unittest import mock

import wandb
import wandb.keras

tf.keras.utils.set_random_seed(1)
x = np.random.rand(32, 4).astype("float32")
y = x.sum(axis=1, keepdims=True)
x_val, y_val = x[:8], y[:8]


def build():
    model = tf.keras.Sequential([tf.keras.Input((4,)), tf.keras.layers.Dense(3, activation="relu"), tf.keras.layers.Dense(1)])
    model.compile(tf.keras.optimizers.SGD(0.05), "mse", metrics=["mae"])
    return model


def train():
    from wandb.keras import WandbCallback

    build().fit(x, y, epochs=2, verbose=0, callbacks=[WandbCallback()])


wandb.init(project="catalogue")
with mock.patch("wandb.keras.WandbCallback", lambda: tf.keras.callbacks.Callback()):
    train()
wandb.log({"patched": True})
