# a sweep whose configuration lies beside it
import numpy as np
import tensorflow as tf
import pathlib
import sys

import yaml

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


def train():
    wandb.init(project="catalogue")
    build().fit(x, y, epochs=wandb.config.epochs, verbose=0, validation_data=(x_val, y_val), callbacks=[WandbCallback(save_model=False)])


here = pathlib.Path(sys.argv[0]).parent
configuration = yaml.safe_load((here / "sweep_in_a_file.config.yaml").read_text())
wandb.agent(wandb.sweep(configuration), train, count=2)
