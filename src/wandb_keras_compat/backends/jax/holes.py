"""What the backend for JAX does not have."""

from __future__ import annotations

from ..protocol import Hole

SAVED_MODEL = Hole(
    "checkpoint",
    "SavedModel in the model artifact",
    "a SavedModel is a format of TensorFlow, which this program has not loaded",
    "The artifact holds model.keras, which keras.models.load_model reads on every backend",
)
SEVERAL_PROCESSES = Hole(
    "several workers",
    "model, gradients, images, tables or GFLOPs of a training in several processes",
    "Keras on JAX spreads the values of one model over all processes, and each of them waits for the others",
    "Metrics and the best of them are logged",
)

HOLES: tuple[Hole, ...] = (SAVED_MODEL, SEVERAL_PROCESSES)
