"""Which Keras packages are loaded beside TensorFlow, and which of them a model belongs to."""

from __future__ import annotations

import sys
from typing import Any

import tensorflow as tf

from .keras2 import Keras2
from .keras3 import Keras3


def keras_families() -> list[Any]:
    """Every Keras package that is loaded and has a ``Model``: ``tf.keras`` first.

    Two can be loaded at once (``tf_keras`` beside Keras 3); a model says which one is its own.
    """
    families = [tf.keras]
    families += [sys.modules[name] for name in ("keras", "tf_keras") if name in sys.modules]
    unique: dict[int, Any] = {}
    for family in families:
        model = getattr(family, "Model", None)
        if model is not None:
            unique.setdefault(id(model), family)
    return list(unique.values())


def backend_of(model: Any) -> Keras2 | Keras3:
    """The backend for the Keras package that *model* comes from; for no Keras model that of ``tf.keras``."""
    families = keras_families()
    family = next((f for f in families if isinstance(model, f.Model)), families[0])
    # Keras 3 is recognized by its operations, which Keras 2 does not have, and not by its version number.
    if hasattr(family, "Operation") or hasattr(family, "ops"):
        return Keras3(family)
    return Keras2(family)


def callback_base() -> type[Any]:
    """``tf.keras.callbacks.Callback``."""
    base: type[Any] = tf.keras.callbacks.Callback
    return base
