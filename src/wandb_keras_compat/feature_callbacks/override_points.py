"""The methods that legacy code overrides or patches, under their legacy names."""

from __future__ import annotations

from typing import Any

import wandb

from ..features import Features


class OverridePoints:
    """Each method calls the feature it belongs to; features call it on the callback, so that overrides take effect."""

    @property
    def _features(self) -> Features:
        raise NotImplementedError

    def _log_weights(self) -> dict[str, Any]:
        return self._features.weights.histograms()

    def _log_gradients(self) -> dict[str, Any]:
        return self._features.gradients.histograms()

    def _log_images(self, num_images: int = 36) -> list[wandb.Image] | None:
        return self._features.examples.images(num_images)

    def _logits_to_captions(self, logits: Any) -> list[Any]:
        return self._features.examples.captions(logits)

    def _masks_to_pixels(self, masks: Any) -> Any:
        return self._features.examples.pixels(masks)

    def _save_model(self, epoch: int) -> None:
        self._features.checkpoint.save_h5(epoch)

    def _save_model_as_artifact(self, epoch: int) -> None:
        self._features.checkpoint.log_artifact(epoch)

    def _attempt_evaluation_log(self, commit: bool = True) -> None:
        self._features.evaluation.log_predictions(commit)
