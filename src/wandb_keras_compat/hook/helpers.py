"""The functions that programs import beside the legacy class."""

from __future__ import annotations

import sys

from ..data.kinds import is_dataset, is_generator_like
from . import installed, names

__all__ = ["is_dataset", "is_generator_like", "patch_tf_keras"]


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
