"""A legacy program of a sweep, as they stood in tutorials: ``legacy_train.py --lr 0.1``."""

import argparse

import numpy as np
import wandb
from tensorflow import keras
from wandb.keras import WandbCallback

parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=0.01)


def train(config=None):
    wandb.init(config=config)
    rng = np.random.default_rng(0)
    x = rng.normal(size=(64, 2)).astype("float32")
    y = x @ np.array([[20.0], [-10.0]], dtype="float32")  # far from all first weights: the rates decide, not chance
    model = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(wandb.config.lr), "mse")
    model.fit(x, y, validation_split=0.25, epochs=4, verbose=0, callbacks=[WandbCallback(save_model=False)])
    wandb.finish()


if __name__ == "__main__":
    train(vars(parser.parse_args()))
