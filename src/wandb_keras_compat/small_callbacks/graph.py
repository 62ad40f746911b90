"""The graph of the model's layers."""

from __future__ import annotations

from typing import Any

from ..feature_callbacks.feature_callback import FeatureCallback


class WandbGraphLogger(FeatureCallback):
    """Puts the model's layers and how they are connected in the summary, once, as ``graph``.

    Raises:
        wandb.Error: there is no run yet.
    """

    capabilities = ("graph",)

    def __init__(self) -> None:
        super().__init__({})

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        # As soon as the model is sure to be built; a training that ends in its first epoch has its graph too.
        if not self._graph_rendered:
            self._features.on_train_batch_end(batch, logs)
        super().on_train_batch_end(batch, logs)  # calls a subclass's on_batch_end

    def _implements_train_batch_hooks(self) -> bool:
        # Keras 2 asks; of ours none is worth the cost of batch hooks there, the end of the epoch will do.
        return self._more_batch_hooks("train", than=WandbGraphLogger)
