"""The only folder that knows a version: which Keras a model belongs to, and what the installed wandb offers."""

from __future__ import annotations

import sys
from typing import Any

from .protocol import Backend, LayerFacts, NoCopy

__all__ = ["Backend", "LayerFacts", "NoCopy", "backend_for", "callback_base", "keras_families"]


def keras_families() -> list[Any]:
    """Every Keras package that is loaded and has a ``Model``: ``tf.keras`` first.

    Two can be loaded at once (``tf_keras`` beside Keras 3); a model says which one is its own.
    """
    import tensorflow as tf

    families = [tf.keras]
    families += [sys.modules[name] for name in ("keras", "tf_keras") if name in sys.modules]
    unique: dict[int, Any] = {}
    for family in families:
        model = getattr(family, "Model", None)
        if model is not None:
            unique.setdefault(id(model), family)
    return list(unique.values())


def backend_for(model: Any) -> Backend:
    """The adapter of the Keras that *model* belongs to; ``tf.keras``' own for anything else."""
    families = keras_families()
    family = next((f for f in families if isinstance(model, f.Model)), families[0])
    # Keras 3 is told by what it has, not by its number: operations are no part of Keras 2.
    if hasattr(family, "Operation") or hasattr(family, "ops"):
        from .tensorflow.keras3 import Keras3

        return Keras3(family)
    from .tensorflow.keras2 import Keras2

    return Keras2(family)


def callback_base() -> type[Any]:
    """The base class of callbacks: ``tf.keras.callbacks.Callback``, as W&B's own callbacks use."""
    import tensorflow as tf

    base: type[Any] = tf.keras.callbacks.Callback
    return base
