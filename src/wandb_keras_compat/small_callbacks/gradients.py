"""Histograms of the gradients."""

from __future__ import annotations

from typing import Any

from ..feature_callbacks.feature_callback import FeatureCallback


class WandbGradientsLogger(FeatureCallback):
    """Adds histograms ``gradients/<variable>.gradient`` (64 bins) to the row of each epoch.

    Each is of the sum, over the batches of ``training_data``, of the gradient of the batch's loss at the weights
    the epoch ended with. Costs one more pass over that data per epoch. Goes before the metrics logger in the list
    of callbacks: that one closes the row.

    Args:
        training_data: ``(x, y)`` or ``(x, y, sample_weight)``, a ``tf.data.Dataset``, a Keras Sequence or a
            generator of batches. A part of the data that is representative will often do.

    Raises:
        wandb.Error: there is no run yet.
        ValueError: ``training_data`` is None, or a tuple of another length.
    """

    capabilities = ("gradients",)

    def __init__(self, training_data: Any) -> None:
        super().__init__({"log_gradients": True, "training_data": training_data})
