"""Trains bare and with everything that is sent as an artifact, against the server of the environment.

``python silent_server_runs.py EPOCHS``: says "begun" after a first epoch, waits for a line on its input, trains each
way in turn, and prints one line of JSON: the seconds of each. Every epoch is the best so far.
"""

from __future__ import annotations

import json
import os
import sys
import time

import numpy as np
import tensorflow as tf
import wandb

from wandb_keras_compat import WandbCallback
from wandb_keras_compat.testing.doors.server.settings import fast_settings


class EachIsTheBest(tf.keras.callbacks.Callback):  # type: ignore[misc]
    def __init__(self, callback: WandbCallback) -> None:
        super().__init__()
        self.callback = callback

    def on_epoch_begin(self, epoch: int, logs: object = None) -> None:
        self.callback.best = float("inf")


def main(epochs: int) -> None:
    keras = tf.keras
    keras.utils.set_random_seed(7)
    random = np.random.default_rng(7)
    x, y = random.random((30_000, 64), dtype=np.float32), random.integers(0, 10, 30_000)
    layers = [keras.layers.Dense(512, activation="relu"), keras.layers.Dense(10, activation="softmax")]
    model = keras.Sequential([keras.Input((64,)), *layers])
    model.compile("adam", "sparse_categorical_crossentropy")

    def seconds(callbacks: list[object], epochs: int) -> float:
        began = time.perf_counter()
        model.fit(x, y, validation_data=(x[:64], y[:64]), epochs=epochs, batch_size=64, verbose=0, callbacks=callbacks)
        return time.perf_counter() - began

    wandb.init(project="benchmark", settings=wandb.Settings(**fast_settings()))
    callback = WandbCallback(log_evaluation=True, log_evaluation_frequency=1)
    with_callback = [EachIsTheBest(callback), callback]
    seconds(with_callback, 1)
    print("begun", flush=True)
    sys.stdin.readline()
    bare = seconds([], epochs)
    print(json.dumps({"bare": bare, "callback": seconds(with_callback, epochs)}), flush=True)
    os._exit(0)  # finishing would wait for the server


if __name__ == "__main__":
    main(int(sys.argv[1]))
