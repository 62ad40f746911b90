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
#: Wandb's own, but where Keras computes without TensorFlow, which it begins by importing.
CALLBACKS_OF_WANDB = "wandb.integration.keras.callbacks"

_OURS = __name__.partition(".")[0]
HELPERS = f"{_OURS}.hook.helpers"

CALLBACK: Provided = {"WandbCallback": f"{_OURS}:WandbCallback"}
NEWER: Provided = {
    "WandbMetricsLogger": f"{_OURS}:WandbMetricsLogger",
    "WandbModelCheckpoint": f"{_OURS}:WandbModelCheckpoint",
    "WandbEvalCallback": f"{_OURS}:WandbEvalCallback",
}
CALLBACKS: Provided = {**CALLBACK, **NEWER}
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

#: The modules of wandb that import TensorFlow, and what each provides where that is not to be imported.
WITHOUT_TENSORFLOW: Mapping[str, Provided] = {
    PACKAGE: PROVIDED[PACKAGE],
    LEGACY: PROVIDED[LEGACY],
    CALLBACKS_OF_WANDB: NEWER,
}
