"""Whether the program's Keras computes without TensorFlow; asks nothing that would import either."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec

#: What Keras 3 computes with beside TensorFlow.
OTHERS = ("jax", "torch", "openvino")


def computes_without_tensorflow() -> bool:
    """Whether TensorFlow is not imported and will not be: Keras computes with something else, or none is there."""
    if sys.modules.get("tensorflow") is not None:
        return False
    return _backend() in OTHERS or find_spec("tensorflow") is None


def _backend() -> str | None:
    """The backend of the Keras that is loaded, or that the environment asks for."""
    backend = getattr(getattr(sys.modules.get("keras"), "backend", None), "backend", None)
    try:
        return str(backend()) if backend is not None else os.environ.get("KERAS_BACKEND")
    except Exception:  # a Keras that is being imported, or another program's module of that name
        return os.environ.get("KERAS_BACKEND")
