"""TensorFlow, whose scenarios are all there are."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

DISTRIBUTION = "tensorflow"
NOT_PLAYED: dict[str, str] = {}


def prepare() -> None:
    """Before anything asks for devices: two logical ones, for the scenario with replicas."""
    tf.config.experimental.enable_op_determinism()
    devices = tf.config.list_physical_devices("CPU")
    tf.config.set_logical_device_configuration(devices[0], [tf.config.LogicalDeviceConfiguration()] * 2)


def dataset(x: Any, y: Any, batch: int) -> Any:
    return tf.data.Dataset.from_tensor_slices((x, y)).batch(batch)


def custom_step(keras: Any) -> Any:
    class CustomStep(keras.Model):
        def train_step(self, data: Any) -> Any:
            x, y = data
            with tf.GradientTape() as tape:
                y_pred = self(x, training=True)
                loss = tf.reduce_mean(tf.square(y - y_pred))
            gradients = tape.gradient(loss, self.trainable_variables)
            self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))
            return {"loss": loss, "own": 2.0 * loss}

    return CustomStep
