"""What the backend for PyTorch does not have."""

from __future__ import annotations

from ..protocol import Hole

SAVED_MODEL = Hole(
    "checkpoint",
    "SavedModel in the model artifact",
    "a SavedModel is a format of TensorFlow, and Keras on PyTorch cannot write it",
    "The artifact holds model.keras, which keras.models.load_model reads on every backend",
)

HOLES: tuple[Hole, ...] = (SAVED_MODEL,)
