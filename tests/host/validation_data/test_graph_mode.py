"""TensorFlow 1's graph mode, which Keras 2 keeps: arrays given to ``fit`` are seen there, too, and what is not is said."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ...builders import KERAS_3

PROGRAM = """
import os
os.environ.update(WANDB_MODE="offline", WANDB_CONSOLE="off")
import numpy as np, tensorflow as tf, wandb
tf.compat.v1.disable_eager_execution()
from wandb_keras_compat import WandbCallback
said = []
wandb.termwarn = lambda text, **_: said.append(text)
wandb.init(project="p")
x, y = np.random.rand(12, 4, 4, 1).astype("float32"), np.eye(3)[np.arange(12) % 3]
def fit(**given):
    said.clear()
    model = tf.keras.Sequential([tf.keras.layers.Flatten(input_shape=(4, 4, 1)), tf.keras.layers.Dense(3)])
    model.compile("sgd", "mse")
    model.fit(x, y, verbose=0, callbacks=[WandbCallback(input_type="image", save_model=False, save_graph=False)], **given)
    return "examples" in wandb.run.summary.keys(), list(said)
logged, warned = fit(validation_split=0.5)
assert not logged and any("validation_split" in text for text in warned), warned
logged, warned = fit(validation_data=(x, y))
assert logged and not warned, warned
"""


@pytest.mark.skipif(KERAS_3, reason="Keras 3 has no graph mode of TensorFlow 1")
def test_arrays_are_seen_and_a_split_is_not(tmp_path: object) -> None:
    subprocess.run([sys.executable, "-c", PROGRAM], check=True, timeout=250, cwd=str(tmp_path))
