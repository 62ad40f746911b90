"""Tests that say the same of Keras 3 on every framework; ``KERAS_BACKEND`` chooses which one is tried here."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from wandb_keras_compat.backends.families import framework_of, is_keras_3, program_keras

keras: Any = program_keras()
FRAMEWORK = framework_of(keras)

on_keras_3 = pytest.mark.skipif(not is_keras_3(keras), reason="Keras 2 has TensorFlow alone")
beside_tensorflow = pytest.mark.skipif(
    FRAMEWORK == "tensorflow",
    reason="Keras computes with TensorFlow here; the sessions keras-jax and keras-torch try it",
)
on_torch = pytest.mark.skipif(FRAMEWORK != "torch", reason="Keras does not compute with PyTorch here")


def array(variable: Any) -> np.ndarray[Any, Any]:
    """A copy of the value of a variable of Keras 3."""
    return np.array(keras.ops.convert_to_numpy(variable.value))


def next_random_numbers() -> dict[str, Any]:
    """What each random generator of the process gives out next; they are where they were afterwards."""
    drawn = {
        "python": random.getstate(),
        "numpy": [part.tolist() if hasattr(part, "tolist") else part for part in np.random.get_state()],
    }
    drawn["keras"] = keras.ops.convert_to_numpy(keras.random.uniform((3,))).tolist()
    if FRAMEWORK == "torch":
        import torch

        drawn["torch"] = torch.get_rng_state().tolist()
    return drawn


Build = Callable[[], Any]
