"""From which modules each callback could be imported, and from which it can be today. All rules use this table."""

from __future__ import annotations

from typing import Literal, get_args

SHIM = "wandb_keras_compat"
DISTRIBUTION = "wandb-keras-compat"
"""What pip calls the package."""
NEW_HOME = "wandb.integration.keras"

LEGACY = "WandbCallback"
LEGACY_2017 = "WandbKerasCallback"
METRICS = "WandbMetricsLogger"
CHECKPOINT = "WandbModelCheckpoint"
EVAL = "WandbEvalCallback"
MODERN = frozenset({METRICS, CHECKPOINT, EVAL})
HELPERS = frozenset({"patch_tf_keras", "is_dataset", "is_generator_like"})
"""Functions of the legacy module that programs import beside the class."""

OLD_MODULE = "wandb.keras"
"""Removed in wandb 0.17.0."""
MODULE_2017 = "wandb.wandb_keras"
"""Its name before wandb 0.6; it held one class, under another name."""
DEFINING_MODULE = "wandb.integration.keras.keras"
"""Where the legacy class was defined until it was removed in wandb 0.27.1."""

NewerFrom = Literal["package", "wandb"]
"""Where the newer callbacks come from after a migration, use by use: this package, or W&B's own classes."""
NEWER_FROM: tuple[NewerFrom, ...] = get_args(NewerFrom)

Target = tuple[str, str]
"""A module and the name to import from it."""

_LEGACY_TARGET: Target = (SHIM, LEGACY)

MOVED: dict[str, dict[str, Target]] = {
    OLD_MODULE: {LEGACY: _LEGACY_TARGET, **{name: (SHIM, name) for name in sorted(MODERN | HELPERS)}},
    NEW_HOME: {LEGACY: _LEGACY_TARGET},
    DEFINING_MODULE: {LEGACY: _LEGACY_TARGET},
    MODULE_2017: {LEGACY_2017: _LEGACY_TARGET, LEGACY: _LEGACY_TARGET},
}
"""Old module -> name in it -> new home. A name that is not here is left where it is.

The newer three go to the package too: W&B's own refuse what programs of ``wandb.keras`` do with them, such as paths of
Keras 2 and tables offline. ``--newer-from wandb`` sends them to W&B's where that is the same.
"""

REMOVED_MODULES = frozenset({OLD_MODULE, MODULE_2017})
"""Modules that a current wandb cannot import at all."""

MOVED_QUALIFIED: dict[str, Target] = {
    f"{module}.{name}": target for module, names in MOVED.items() for name, target in names.items()
}
MOVED_NAMES = frozenset(name for names in MOVED.values() for name in names)

SHIM_EXPORTS = frozenset({LEGACY, *MODERN, *HELPERS})
"""What the shim package exports: enough to stand in for the old module object."""

LEGACY_CLASS = frozenset(
    {f"{SHIM}.{LEGACY}", *(name for name, target in MOVED_QUALIFIED.items() if target == _LEGACY_TARGET)}
)
"""Every qualified name of the legacy class, the shim's included."""
