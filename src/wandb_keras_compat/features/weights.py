"""``log_weights``: a histogram of each layer's weights, once per epoch."""

from __future__ import annotations

from typing import Any

from .. import messages
from ..host.feature import Feature
from .histogram import histogram


class Weights(Feature):
    lost = "weight histograms"
    runs_the_model = False

    def on_epoch_end(self, epoch: int, logs: dict[str, Any]) -> None:
        self.run.add(self.callback._log_weights())

    def histograms(self) -> dict[str, Any]:
        """``parameters/<layer>.weights`` and ``.bias`` for each top-level layer.

        The legacy rule goes by the number of arrays: one is the weights, two are weights and bias in
        Keras' order (so LayerNormalization's gamma and beta too), any other number is left out.
        """
        parts = {}
        logged = [(name, arrays) for name, arrays in self.backend.layer_values(self.model) if len(arrays) in (1, 2)]
        if not logged:
            self.warn(messages.no_weights())
        for layer, arrays in logged:
            for suffix, values in zip(("weights", "bias"), arrays):
                key = f"parameters/{layer}.{suffix}"
                found = histogram(key, values, self.warn)
                if found is not None:
                    parts[key] = found
        return parts
