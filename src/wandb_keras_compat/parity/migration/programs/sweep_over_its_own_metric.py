# a sweep over what the program logs itself
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


def train():
    wandb.init(project="catalogue")
    model = build()
    model.fit(x, y, epochs=wandb.config.epochs, verbose=0, callbacks=[WandbCallback(save_model=False)])
    wandb.log({"score": model.evaluate(x, y, verbose=0)[0]})


sweep = {"method": "random", "metric": {"name": "score", "goal": "minimize"}, "parameters": {"epochs": {"values": [1, 2]}}}
wandb.agent(wandb.sweep(sweep), train, count=2)
