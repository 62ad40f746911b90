"""Histograms of the weights."""

from __future__ import annotations

from ..feature_callbacks.feature_callback import FeatureCallback


class WandbWeightsLogger(FeatureCallback):
    """Adds histograms ``parameters/<layer>.weights`` and ``.bias`` (64 bins) to the row of each epoch.

    Goes before the metrics logger in the list of callbacks: that one closes the row.

    Raises:
        wandb.Error: there is no run yet.
    """

    capabilities = ("weights",)

    def __init__(self) -> None:
        super().__init__({})
