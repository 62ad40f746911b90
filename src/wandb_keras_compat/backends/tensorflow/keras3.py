"""The backend for Keras 3 on TensorFlow."""

from __future__ import annotations

from typing import Any

from ..common.keras3 import AnyKeras3, global_seed_generator
from .common import TensorFlowKeras
from .random_state import eager_random_state, restore_eager_random_state
from .variables import raw


class Keras3(TensorFlowKeras, AnyKeras3):
    """Implements :class:`~..protocol.Backend` for models of Keras 3 on TensorFlow."""

    name = "keras3"

    def trainable_variables(self, model: Any) -> list[Any]:
        return [raw(variable) for variable in model.trainable_variables]

    def random_state(self, model: Any) -> Any:
        generator = global_seed_generator()
        return (
            eager_random_state(),
            None if generator is None else generator.state.value.numpy(),
        )

    def restore_random_state(self, state: Any) -> None:
        eager, seed = state
        restore_eager_random_state(eager)
        generator = global_seed_generator()
        if seed is not None and generator is not None:
            generator.state.assign(seed)

    def save_inference_model(self, model: Any, folder: str) -> None:
        import tensorflow as tf

        from . import saved_models

        # Not ``model.export``: it prints to standard output at every call.
        saved_models.save(model, folder, tf.saved_model.save)
