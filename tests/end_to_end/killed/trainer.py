"""Trains an epoch at each line it reads, each better than the last, with ``WandbCallback()`` as it is by default."""

from __future__ import annotations

import sys

import numpy as np
import tensorflow as tf
import wandb

from wandb_keras_compat import WandbCallback
from wandb_keras_compat.testing.doors.server.settings import fast_settings

run = wandb.init(project="killed", id="killed", settings=wandb.Settings(**fast_settings()))
keras = tf.keras


class Steps(keras.callbacks.Callback):
    """Each epoch has a weight of its own, and is said to be over when all callbacks are done with it."""

    def on_epoch_begin(self, epoch, logs=None):
        if not sys.stdin.readline():
            self.model.stop_training = True
        self.model.layers[-1].set_weights([np.full((1, 1), epoch, "float32")])

    def on_epoch_end(self, epoch, logs=None):
        print(wandb.__version__, epoch, flush=True)


model = keras.Sequential([keras.layers.Input((1,)), keras.layers.Dense(1, use_bias=False)])
model.compile(keras.optimizers.SGD(0.0), "mse", run_eagerly=True)
data = tf.constant([[1.0]]), tf.constant([[100.0]])  # the larger the weight, the better
callback = WandbCallback(save_graph=False)
callback.save_model_as_artifact = False
model.fit(*data, validation_data=data, epochs=9, verbose=0, callbacks=[callback, Steps()])
