"""Evaluation tables by arguments."""

from __future__ import annotations

from typing import Any

from ..feature_callbacks.validation_data import TakesValidationData


class WandbPredictionsLogger(TakesValidationData):
    """Logs the validation data as a table once, and tables of predictions that refer to its rows.

    The validation table is the artifact ``wb_validation_data`` (type ``validation_dataset``, entry
    ``validation_data``), the predictions are ``validation_predictions`` in the history: at epochs 0, n, 2n, ... and at
    the end. Goes before the metrics logger in the list of callbacks. For tables of one's own making,
    :class:`~wandb_keras_compat.WandbEvalCallback` is the newer way.

    Args:
        validation_data: ``(x, y)``, a ``tf.data.Dataset`` or a Keras Sequence; default is what ``fit`` validates on.
        generator: an iterator of ``(x, y)`` batches.
        validation_steps: how many batches of a generator make the validation data.
        labels: class names.
        frequency: n, in epochs; 0: only at the end.
        indexes: links to rows of a table that has the validation data already (``table.get_index()``); no
            validation table is logged then. Needs ``validation_data`` too.
        validation_row_processor: ``f(index, row) -> dict`` of more columns for the validation table.
        prediction_row_processor: the same for the prediction tables.
        infer_missing_processors: guess these columns from the data where no processor is given.

    Raises:
        wandb.Error: there is no run yet.
        ValueError, TypeError: an argument that could only fail later.
    """

    capabilities = ("evaluation",)

    def __init__(
        self,
        validation_data: Any = None,
        generator: Any = None,
        validation_steps: int | None = None,
        labels: Any = None,
        frequency: int = 0,
        indexes: Any = None,
        validation_row_processor: Any = None,
        prediction_row_processor: Any = None,
        infer_missing_processors: bool = True,
    ) -> None:
        given = {
            "log_evaluation": True,
            "validation_data": validation_data,
            "generator": generator,
            "validation_steps": validation_steps,
            "labels": labels,
            "log_evaluation_frequency": frequency,
            "validation_indexes": indexes,
            "validation_row_processor": validation_row_processor,
            "prediction_row_processor": prediction_row_processor,
            "infer_missing_processors": infer_missing_processors,
        }
        super().__init__(given)
