# What a sweep runs again and again.
import random

import numpy as np
import tensorflow as tf
import wandb
from keras import optimizers
from keras.layers import Activation, Dense, Flatten
from keras.models import Sequential
from keras.utils import np_utils
from wandb.keras import WandbCallback

# Set the hyper-parameters that the sweep may replace
hyperparameter_defaults = dict(
    dropout=0.0,
    hidden_layer_size=8,
    learn_rate=0.01,
    decay=1e-4,
    momentum=0.9,
    epochs=2,
)
hyperparameter_defaults["optimizer"] = "sgd"
wandb.init(project="sweeps", config=hyperparameter_defaults)
config = wandb.config


def get_optimizer(lr=config.learn_rate, name=config.optimizer):
    "adam, or sgd with momentum"
    if name.lower() == "adam":
        return optimizers.Adam(lr=lr)
    if name.lower() == "sgd":
        return optimizers.SGD(lr=lr, momentum=config.momentum, decay=config.decay)


def load():
    y = np.random.randint(0, 4, size=90)
    x = np.random.rand(90, 6, 6) + y[:, None, None] * 0.3
    return x / 2.0, np_utils.to_categorical(y)


def train():
    random.seed(31)
    np.random.seed(31)
    tf.random.set_seed(31)
    x, y = load()
    model = Sequential()
    model.add(Flatten(input_shape=(6, 6)))
    model.add(Dense(config.hidden_layer_size, activation="relu"))
    model.add(Dense(4, activation="softmax"))
    model.compile(loss="categorical_crossentropy", optimizer=get_optimizer(), metrics=["accuracy"])
    model.fit(x[:60], y[:60], batch_size=20, epochs=config.epochs, validation_data=(x[60:], y[60:]), callbacks=[WandbCallback(save_model=False, validation_data=(x[60:], y[60:]))])


train()
