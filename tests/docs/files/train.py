import argparse

import numpy as np
import wandb
from tensorflow import keras
from wandb.keras import WandbCallback

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=2)
parser.add_argument("--lr", type=float, default=0.01)
wandb.init(project="docs", config=parser.parse_args())

x = np.random.default_rng(0).normal(size=(64, 4)).astype("float32")
y = x.sum(axis=1, keepdims=True)
model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(8, "relu"), keras.layers.Dense(1)])
model.compile(keras.optimizers.SGD(wandb.config.lr), "mse")
callback = WandbCallback(save_model=False)
model.fit(x, y, validation_split=0.25, epochs=wandb.config.epochs, verbose=0, callbacks=[callback])
