"""The functions that programs import beside the legacy class.

They look at the classes an object is made of by name, so that asking imports nothing: an object can only be a
TensorFlow dataset if TensorFlow is loaded already.
"""

from __future__ import annotations

import sys
from typing import Any

from . import installed, names

_KERAS = ("keras", "tf_keras", "tensorflow")


def patch_tf_keras() -> None:
    """Do nothing while the hook is installed: our callback finds ``fit``'s validation data without a patch.

    wandb's own modules bind this function when they are imported under the hook and keep it, so after uninstall()
    it hands the call on to wandb's.
    """
    if installed():
        return
    real = getattr(sys.modules.get(names.LEGACY), "patch_tf_keras", None)
    if real is not None and real is not patch_tf_keras:
        real()


def is_dataset(data: Any) -> bool:
    """Whether ``data`` is a ``tf.data.Dataset`` (of either API version)."""
    return any(
        kind.__name__ in ("DatasetV2", "DatasetV1") and kind.__module__.startswith("tensorflow.")
        for kind in type(data).__mro__
    )


def is_generator_like(data: Any) -> bool:
    """Whether ``data`` is a generator, an iterator, or a Keras ``Sequence`` or ``PyDataset``."""
    if hasattr(data, "__next__") or hasattr(data, "next"):
        return True
    return any(
        kind.__name__ in ("Sequence", "PyDataset") and kind.__module__.partition(".")[0] in _KERAS
        for kind in type(data).__mro__
    )
