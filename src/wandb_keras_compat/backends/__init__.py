"""All access to Keras: finds the Keras package that a model belongs to, and the object that works with its models.

Each backend of Keras has a folder, with files of the same names. A framework is imported, and the inside of a Keras
object read, in these folders only.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from .protocol import Backend, GradientPass, LayerFacts, NoCopy

__all__ = [
    "Backend",
    "GradientPass",
    "LayerFacts",
    "NoCopy",
    "backend_for",
    "callback_base",
    "checkpoint_formats",
    "model_checkpoint",
]


def backend_for(model: Any) -> Backend:
    """The :class:`Backend` for the Keras package that *model* comes from; for no Keras model that of ``tf.keras``."""
    from .tensorflow.keras_families import backend_of

    return backend_of(model)


def callback_base() -> type[Any]:
    """The base class of callbacks: ``tf.keras.callbacks.Callback``, as W&B's own callbacks use."""
    from .tensorflow import keras_families

    return keras_families.callback_base()


def model_checkpoint() -> ModuleType:
    """What Keras' own ``ModelCheckpoint`` can and cannot do, and a base that takes the options it refuses."""
    from .tensorflow import model_checkpoint

    return model_checkpoint


def checkpoint_formats() -> ModuleType:
    """Which file a checkpoint request becomes, and how it is written."""
    from .tensorflow import checkpoint_formats

    return checkpoint_formats
