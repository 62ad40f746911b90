# steps of a generator
import numpy as np
import tensorflow as tf
import wandb
from wandb.keras import WandbCallback

tf.keras.utils.set_random_seed(1)
x = np.random.rand(32, 4).astype("float32")
y = x.sum(axis=1, keepdims=True)
x_val, y_val = x[:8], y[:8]


def build():
    model = tf.keras.Sequential([tf.keras.Input((4,)), tf.keras.layers.Dense(3, activation="relu"), tf.keras.layers.Dense(1)])
    model.compile(tf.keras.optimizers.SGD(0.05), "mse", metrics=["mae"])
    return model


def batches():
    while True:
        for start in range(0, 32, 8):
            yield x[start:start + 8], y[start:start + 8]


def held_out():  # always the same, as Keras 2 reads up to a batch ahead or does not
    while True:
        yield x_val, y_val


wandb.init(project="catalogue")
build().fit(batches(), steps_per_epoch=4, epochs=2, verbose=0, validation_data=held_out(), validation_steps=1, callbacks=[WandbCallback()])
