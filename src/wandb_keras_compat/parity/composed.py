"""``WandbCallback(...)`` as the list of small callbacks that does the same, argument by argument."""

from __future__ import annotations

from typing import Any

from .. import (
    WandbBestModel,
    WandbBestSummary,
    WandbExamplesLogger,
    WandbFlopsLogger,
    WandbGradientsLogger,
    WandbGraphLogger,
    WandbMetricsLogger,
    WandbPredictionsLogger,
    WandbWeightsLogger,
)
from ..options import Options

#: Name of an argument of WandbCallback to its name in the small callback; the others keep theirs.
EXAMPLES = ("input_type", "output_type", "validation_data", "generator", "labels", "predictions", "class_colors")
TABLES = {
    "validation_data": "validation_data",
    "generator": "generator",
    "validation_steps": "validation_steps",
    "labels": "labels",
    "log_evaluation_frequency": "frequency",
    "validation_indexes": "indexes",
    "validation_row_processor": "validation_row_processor",
    "prediction_row_processor": "prediction_row_processor",
    "infer_missing_processors": "infer_missing_processors",
}

#: Scenarios that are always played with the small callbacks: some for each feature, since they share all of them with
#: the shim. The others are played in cells.
SELECTION = (
    "every_second_batch", "monitor_max", "resumed_better", "save_verbose", "graph_functional", "weights", "gradients",
    "flops", "images_labels", "images_to_images", "images_from_labels", "masks", "table", "table_every_epoch",
    "table_indexes", "defaults", "steps_per_execution", "everything",
)  # fmt: skip


def composed(**arguments: Any) -> list[Any]:
    if "data_type" in arguments:
        arguments["input_type"] = arguments.pop("data_type")
    given = Options(**arguments)
    best: dict[str, Any] = {"monitor": given.monitor, "mode": given.mode}
    # Improvements are said by what saves the model; else by the summary.
    said, saved = (0, given.verbose) if given.save_model else (given.verbose, 0)
    callbacks: list[Any] = []
    if given.compute_flops:
        callbacks.append(WandbFlopsLogger())
    if given.save_graph:
        callbacks.append(WandbGraphLogger())
    if given.log_weights:
        callbacks.append(WandbWeightsLogger())
    if given.log_gradients:
        callbacks.append(WandbGradientsLogger(given.training_data))
    if given.input_type or given.output_type:
        callbacks.append(WandbExamplesLogger(**{name: getattr(given, name) for name in EXAMPLES}))
    if given.log_evaluation:
        callbacks.append(WandbPredictionsLogger(**{new: getattr(given, old) for old, new in TABLES.items()}))
    callbacks.append(WandbMetricsLogger(log_freq=given.log_batch_frequency or "epoch", keys="legacy"))
    if given.log_best_prefix:
        callbacks.append(WandbBestSummary(**best, prefix=given.log_best_prefix, verbose=said))
    if given.save_model:
        whole = {"save_weights_only": given.save_weights_only, "prefix": given.log_best_prefix, "verbose": saved}
        callbacks.append(WandbBestModel(**best, **whole))
    return callbacks
