"""Keras' own ``ModelCheckpoint``: what it can and cannot do in the Keras in use."""

from __future__ import annotations

import inspect
from typing import Any

from ..families import program_keras

KerasModelCheckpoint: Any = program_keras().callbacks.ModelCheckpoint

#: Keras 2 hands ``options`` to its SavedModel and TensorFlow checkpoint writers. Keras 3 has neither
#: writer: whole models must be ``.keras`` (or HDF5), weights ``.weights.h5``.
WRITES_TENSORFLOW_FORMATS: bool = "options" in inspect.signature(KerasModelCheckpoint.__init__).parameters

#: What to call the format of ``.keras`` so that it is a zip always; None where Keras needs no telling, or knows no such
#: zip. Keras 2.13 to 2.15 and tf-keras forget it in a thread after the first save there, and write HDF5 from then on.
ZIP_FORMAT: str | None = (
    "keras_v3" if WRITES_TENSORFLOW_FORMATS and ".src." in KerasModelCheckpoint.__module__ else None
)

#: Since Keras 3.11 the meaning of ``mode="auto"`` is looked up in the compiled metrics at the end of
#: the first epoch, too late for ``save_freq=<int>``, and an unknown monitor is an error.
RESOLVES_MODE_LATE: bool = hasattr(KerasModelCheckpoint, "_set_monitor_op")

#: Where a Keras callback keeps its model: a plain attribute on Keras 2, behind a read-only property on 3.
MODEL_SLOT: str = (
    "_model" if isinstance(inspect.getattr_static(KerasModelCheckpoint, "model", None), property) else "model"
)


class TakesOptions(KerasModelCheckpoint):
    """Keras' ``ModelCheckpoint``, with the ``options`` that wandb up to 0.17.7 always passes and Keras 3 refuses.

    A subclass lists it after the installed ``WandbModelCheckpoint``, whose ``super().__init__`` then calls it before
    Keras' own class.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if not WRITES_TENSORFLOW_FORMATS:
            kwargs.pop("options", None)
        super().__init__(*args, **kwargs)
