"""Stateful recurrent models whose gradients on TensorFlow are written down, for PyTorch to be held to.

``python -m tests.backends.stateful_gradients`` writes them, on TensorFlow.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from wandb_keras_compat.backends import backend_for

from .conftest import keras

FILE = Path(__file__).with_name("stateful_gradients.json")
KINDS = ("LSTM", "GRU", "SimpleRNN")
SAMPLES, BATCH = 24, 8


def gradients(kind: str, *, stateful: bool = True) -> list[Any]:
    """Of three batches, each of which begins where the one before ended; weights and data are drawn from NumPy."""
    layers, rng = keras.layers, np.random.default_rng(3)
    inputs = keras.Input(batch_shape=(BATCH, 5, 3))
    outputs = layers.Dense(2)(getattr(layers, kind)(4, stateful=stateful)(inputs))
    model = keras.Model(inputs, outputs)
    model.set_weights([rng.normal(0.3, 0.4, weight.shape).astype("float32") for weight in model.get_weights()])
    model.compile("sgd", "mse")
    x, y = (rng.normal(size=(SAMPLES, *shape)).astype("float32") for shape in ((5, 3), (2,)))
    return backend_for(model).gradient_pass(model).over_arrays(x, y, None)


if __name__ == "__main__":
    found = {kind: [np.round(one, 9).tolist() for one in gradients(kind)] for kind in KINDS}
    FILE.write_text(json.dumps(found) + "\n", encoding="utf-8")
