"""Example images with predictions."""

from __future__ import annotations

from typing import Any

from ..feature_callbacks.validation_data import TakesValidationData


class WandbExamplesLogger(TakesValidationData):
    """Adds images ``examples`` to the row of each epoch: inputs, predictions and references of some samples.

    What is drawn for which pair of types is the table of :class:`wandb_keras_compat.features.examples.Examples`. Goes
    before the metrics logger in the list of callbacks: that one closes the row.

    Args:
        input_type: ``image``, ``images``, ``segmentation_mask``, ``label`` or ``auto``.
        output_type: the same, without ``auto``; None is guessed from the model.
        validation_data: ``(x, y)``, a ``tf.data.Dataset`` or a Keras Sequence; default is what ``fit`` validates on.
        generator: an iterator of ``(x, y)`` batches to draw from, one per epoch.
        labels: class names, for captions.
        predictions: how many samples to draw, at most 100.
        class_colors: array of shape (classes, 3), values 0 to 1, to draw masks with.

    Raises:
        wandb.Error: there is no run yet.
        ValueError, TypeError: an argument that could only fail later.
    """

    capabilities = ("examples",)
    input_type: str | None = "auto"

    def __init__(
        self,
        input_type: str | None = "auto",
        output_type: str | None = None,
        validation_data: Any = None,
        generator: Any = None,
        labels: Any = None,
        predictions: int = 36,
        class_colors: Any = None,
    ) -> None:
        given = {name: value for name, value in locals().items() if name not in ("self", "__class__")}
        super().__init__(given)

    def _look_at(self, model: Any) -> None:
        super()._look_at(model)
        self._features.examples.guess_types_from_model()
