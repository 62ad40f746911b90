# arguments, a main, and an exit
import numpy as np
import tensorflow as tf
import argparse
import sys

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


def main(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--save-model", action="store_true")
    given = parser.parse_args(arguments)
    wandb.init(project="catalogue", config=vars(given))
    model = build()
    model.fit(x, y, epochs=given.epochs, verbose=0, validation_data=(x_val, y_val), callbacks=[WandbCallback(save_model=given.save_model)])
    model.save("last.keras")
    wandb.finish()
    return 0


if __name__ == "__main__":
    sys.exit(main([]))
