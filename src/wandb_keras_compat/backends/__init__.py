"""All access to Keras: finds the Keras package that a model belongs to, and the object that works with its models.

Each backend of Keras has a folder, with files of the same names; what they share is in ``common/``. A framework is
imported, and the inside of a Keras object read, in these folders only. What a backend cannot do it declares, with the
reason (``holes.py`` of its folder; :mod:`.capabilities` makes a table of these).
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from .protocol import Backend, GradientPass, Hole, LayerFacts, NoCopy, Unavailable

__all__ = [
    "Backend",
    "GradientPass",
    "Hole",
    "LayerFacts",
    "NoCopy",
    "Unavailable",
    "backend_for",
    "callback_base",
    "checkpoint_formats",
    "model_checkpoint",
]


def backend_for(model: Any) -> Backend:
    """The :class:`Backend` for the Keras package that *model* comes from; for no Keras model, the program's Keras.

    Raises:
        ImportError: there is no Keras that could train, as :func:`.families.program_keras` says it.
    """
    from . import families

    return families.backend_of(model)


def callback_base() -> type[Any]:
    """The base class of callbacks: that of ``tf.keras``, or of Keras 3 where it computes with another framework.

    Raises:
        ImportError: there is no Keras that could train, as :func:`.families.program_keras` says it.
    """
    from . import families

    return families.callback_base()


def model_checkpoint() -> ModuleType:
    """What Keras' own ``ModelCheckpoint`` can and cannot do, and a base that takes the options it refuses."""
    from .checkpoints import model_checkpoint

    return model_checkpoint


def checkpoint_formats() -> ModuleType:
    """Which file a checkpoint request becomes, and how it is written."""
    from .checkpoints import checkpoint_formats

    return checkpoint_formats
