"""What the callbacks need of the program's environment: a wandb and a Keras, of which this package brings neither.

Looked for before any callback is imported, so that the error has one sentence with the command, and not the name of
whatever module came first.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec

from packaging.version import Version

from . import versions
from .backends.families import what_is_missing
from .sdk import messages

#: The first wandb that this package supports.
FIRST_WANDB = "0.13.4"


def check() -> None:
    """Raises:
    ModuleNotFoundError: wandb or Keras is missing, or what Keras is set to compute with.
    ImportError: the wandb is too old.
    """
    # A Keras that is loaded computes with what it was loaded with, whatever is set by now.
    keras = None if {"keras", "tf_keras"} & sys.modules.keys() else what_is_missing()
    if not wandb_is_there():
        both = keras is not None and keras.name == "keras"
        raise ModuleNotFoundError(messages.no_wandb_nor_keras() if both else messages.no_wandb(), name="wandb")
    if keras is not None:
        raise keras
    try:
        version = versions.installed("wandb")
    except OSError:  # too many open files, say; nothing that a version could mend
        return
    if version is not None and version < Version(FIRST_WANDB):
        raise ImportError(messages.wandb_too_old(str(version), FIRST_WANDB), name="wandb")


def wandb_is_there() -> bool:
    """Whether wandb can be imported; a folder ``wandb``, such as runs leave where they are started, is none."""
    loaded = sys.modules.get("wandb")
    if loaded is not None:
        return getattr(loaded, "__file__", None) is not None or hasattr(loaded, "init")
    spec = find_spec("wandb")
    return spec is not None and spec.origin is not None
