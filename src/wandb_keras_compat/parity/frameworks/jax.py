"""JAX. Its operations are the same each time, and a step of one's own is a function of the state."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

DISTRIBUTION = "jax"
_OF_DATASETS = (
    "of_a_dataset", "gradients_dataset", "images_of_fit_dataset", "masks_of_fit_dataset", "table_of_fit_dataset"
)  # fmt: skip
NOT_PLAYED = dict.fromkeys(("mirrored", "two_workers"), "tf.distribute is for Keras on TensorFlow")
if not find_spec("tensorflow"):
    NOT_PLAYED |= dict.fromkeys(_OF_DATASETS, "JAX has no datasets of its own, and TensorFlow is not installed")


def prepare() -> None:
    """Nothing is to be done."""


def dataset(x: Any, y: Any, batch: int) -> Any:
    """One of TensorFlow, as people have them who moved from it."""
    import tensorflow as tf

    return tf.data.Dataset.from_tensor_slices((x, y)).batch(batch)


def custom_step(keras: Any) -> Any:
    import jax

    class CustomStep(keras.Model):
        def loss_of(self, trainable: Any, others: Any, x: Any, y: Any) -> Any:
            y_pred, others = self.stateless_call(trainable, others, x, training=True)
            return keras.ops.mean(keras.ops.square(y - y_pred)), others

        def train_step(self, state: Any, data: Any) -> Any:
            trainable, others, of_optimizer, of_metrics = state
            x, y = data
            (loss, others), gradients = jax.value_and_grad(self.loss_of, has_aux=True)(trainable, others, x, y)
            trainable, of_optimizer = self.optimizer.stateless_apply(of_optimizer, gradients, trainable)
            return {"loss": loss, "own": 2.0 * loss}, (trainable, others, of_optimizer, of_metrics)

    return CustomStep
