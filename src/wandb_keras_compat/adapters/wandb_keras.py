"""The one door to the Keras package of the installed wandb.

No other module imports ``wandb.integration.keras`` or ``wandb.keras``: the import hook may have given those our names,
and importing them may replace ``Model.fit``.
"""

from __future__ import annotations

import types
from importlib import import_module

from ..hook import fit_left_alone, names


def newer_callbacks() -> types.ModuleType:
    """The module of the installed wandb's own three callbacks, imported without a change to Keras."""
    with fit_left_alone():
        return import_module(names.CALLBACKS_OF_WANDB)
