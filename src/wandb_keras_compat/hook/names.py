"""The modules that the hook provides, and the names in each.

A name is given as ``"module:attribute"`` and looked up when it is first asked for, because our classes subclass
Keras classes and a program that never asks must not pay for that import.
"""

from __future__ import annotations

from collections.abc import Mapping

Provided = Mapping[str, str]

ALIAS = "wandb.keras"
PACKAGE = "wandb.integration.keras"
LEGACY = "wandb.integration.keras.keras"
NAME_OF_2017 = "wandb.wandb_keras"
#: Always wandb's own.
CALLBACKS_OF_WANDB = "wandb.integration.keras.callbacks"

_OURS = __name__.partition(".")[0]
HELPERS = f"{_OURS}.hook.helpers"

CALLBACK: Provided = {"WandbCallback": f"{_OURS}:WandbCallback"}
CALLBACKS: Provided = {
    **CALLBACK,
    "WandbMetricsLogger": f"{_OURS}:WandbMetricsLogger",
    "WandbModelCheckpoint": f"{_OURS}:WandbModelCheckpoint",
    "WandbEvalCallback": f"{_OURS}:WandbEvalCallback",
}
# Functions of the legacy module that programs import beside the class.
FUNCTIONS: Provided = {
    "patch_tf_keras": f"{HELPERS}:patch_tf_keras",
    "is_dataset": f"{HELPERS}:is_dataset",
    "is_generator_like": f"{HELPERS}:is_generator_like",
}

PROVIDED: Mapping[str, Provided] = {
    ALIAS: {**CALLBACKS, **FUNCTIONS},
    PACKAGE: {**CALLBACKS, **FUNCTIONS},
    LEGACY: {**CALLBACK, **FUNCTIONS},
    NAME_OF_2017: {"WandbKerasCallback": f"{_OURS}:WandbCallback"},
}
