"""PyTorch, whose datasets are read by a ``DataLoader``."""

from __future__ import annotations

from typing import Any

DISTRIBUTION = "torch"
NOT_PLAYED = dict.fromkeys(("mirrored", "two_workers"), "tf.distribute is for Keras on TensorFlow")


def prepare() -> None:
    import torch

    torch.use_deterministic_algorithms(True)


def dataset(x: Any, y: Any, batch: int) -> Any:
    import torch

    return torch.utils.data.DataLoader(
        torch.utils.data.TensorDataset(torch.from_numpy(x), torch.from_numpy(y)), batch_size=batch, shuffle=False
    )


def custom_step(keras: Any) -> Any:
    import torch

    class CustomStep(keras.Model):
        def train_step(self, data: Any) -> Any:
            x, y = data
            self.zero_grad()
            y_pred = self(x, training=True)
            loss = keras.ops.mean(keras.ops.square(y - y_pred))
            loss.backward()
            gradients = [variable.value.grad for variable in self.trainable_weights]
            with torch.no_grad():
                self.optimizer.apply(gradients, self.trainable_weights)
            return {"loss": loss, "own": 2.0 * loss}

    return CustomStep
