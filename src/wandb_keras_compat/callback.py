"""``WandbCallback``, the legacy class: its 26 arguments, all features, and the methods that legacy code overrides.

    Keras hook  ->  features/* (asking backends/)  ->  sdk/run_writer.py  ->  the W&B run

How hooks reach features is in :mod:`.host`; what each feature logs is in its module.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .arguments import BY_NAME
from .data.kinds import is_dataset, is_generator_like
from .feature_callbacks.feature_callback import TracksBest
from .feature_callbacks.validation_data import TakesValidationData
from .features import REGISTRY
from .sdk.telemetry import mark_legacy_feature

__all__ = ["WandbCallback", "is_dataset", "is_generator_like", "patch_tf_keras"]


def patch_tf_keras() -> None:
    """Does nothing. The legacy module patched ``Model.fit`` here; people call it by name."""


class WandbCallback(TracksBest, TakesValidationData):
    """W&B's legacy Keras callback: metrics, best summary, checkpoints, histograms, graph, images, tables.

    The signature, the logged names and the behaviour are those of ``wandb.keras.WandbCallback``, on
    Keras 2 and Keras 3 and with a wandb that no longer has the class. Unknown keywords are ignored.

    Args:
        monitor: name of the metric that says which epoch is best.
        verbose: above 0, says when ``monitor`` improved.
        mode: ``min``, ``max`` or ``auto``: higher is better if "acc" is in the name or it starts with
            "fmeasure", else lower is.
        save_weights_only: ``model-best.h5`` holds the weights only; the artifact always holds the model.
        log_weights: histograms ``parameters/<layer>.weights`` and ``.bias`` each epoch.
        log_gradients: histograms ``gradients/<variable>.gradient`` each epoch; needs ``training_data``.
        save_model: save each time ``monitor`` improves: ``model-best.h5`` in the run folder, and the
            artifact ``model-<run name>``.
        training_data: ``(x, y)`` or ``(x, y, sample_weight)`` of anything that ``fit`` takes (pandas and sparse
            matrices too), a ``tf.data.Dataset``, a Keras Sequence or a generator of batches.
        validation_data: ``(x, y)``, or any of the others; default is what ``fit`` validates on.
        labels: class names in the order of the classes, or a dict of class number to name or of name to number, for
            captions and tables.
        predictions: how many examples to draw each epoch, at most 100.
        generator: an iterator of ``(x, y)`` batches to draw examples from, one per epoch.
        input_type: ``image``, ``images``, ``segmentation_mask``, ``label`` or ``auto``.
        output_type: ``image``, ``images``, ``segmentation_mask`` or ``label``.
        log_evaluation: log a table of the validation data and tables of the predictions.
        validation_steps: how many batches of a generator make the validation data of that table.
        class_colors: array of shape (classes, 3), values 0 to 1, to draw masks with.
        log_batch_frequency: also log metrics every so many batches.
        log_best_prefix: what ``best_val_loss`` and ``best_epoch`` start with; None for neither.
        save_graph: log the graph of the model's layers once.
        validation_indexes: links to rows of a table that has the validation data already
            (``table.get_index()``); no validation table is logged then. Needs ``validation_data`` too.
        validation_row_processor: ``f(index, row) -> dict`` of more columns for the validation table.
        prediction_row_processor: the same for the prediction tables; ``output_row_processor`` works too.
        infer_missing_processors: guess these columns from the data where no processor is given.
        log_evaluation_frequency: log predictions every so many epochs, and at the end; 0: only at the end.
        compute_flops: put ``GFLOPs`` in the summary: half the float operations of one inference, in 1e9.
        keys: names of the metrics. ``legacy``: ``val_loss``; ``new``: ``epoch/val_loss`` and so on, as
            :class:`~wandb_keras_compat.WandbMetricsLogger` has them; ``both``: each row holds both.

    Raises:
        wandb.Error: there is no run yet.
        ValueError, TypeError: an argument that could only fail later.
    """

    input_type: str | None
    output_type: str | None
    save_model_as_artifact = True

    def __init__(
        self,
        monitor: str = "val_loss",
        verbose: int = 0,
        mode: str = "auto",
        save_weights_only: bool = False,
        log_weights: bool = False,
        log_gradients: bool = False,
        save_model: bool = True,
        training_data: Any = None,
        validation_data: Any = None,
        labels: Any = None,
        predictions: int = 36,
        generator: Any = None,
        input_type: str | None = None,
        output_type: str | None = None,
        log_evaluation: bool = False,
        validation_steps: int | None = None,
        class_colors: Any = None,
        log_batch_frequency: int | None = None,
        log_best_prefix: str | None = "best_",
        save_graph: bool = True,
        validation_indexes: Any = None,
        validation_row_processor: Any = None,
        prediction_row_processor: Any = None,
        infer_missing_processors: bool = True,
        log_evaluation_frequency: int = 0,
        compute_flops: bool = False,
        *,
        keys: str = "legacy",
        **kwargs: Any,
    ) -> None:
        given = {name: value for name, value in locals().items() if name in BY_NAME}
        super().__init__(given, kwargs)

    def _wanted(self) -> Iterable[str]:
        return [entry.name for entry in REGISTRY if entry.wanted(self)]

    def _needs_validation_data(self) -> bool:
        return bool(self.input_type or self.output_type or self.log_evaluation)

    def _bind_to_run(self, run: Any) -> None:
        super()._bind_to_run(run)
        mark_legacy_feature(run)

    # --- Keras hooks --------------------------------------------------------------------------------------

    def _look_at(self, model: Any) -> None:
        super()._look_at(model)
        if self.input_type or self.output_type:
            self._features.examples.guess_types_from_model()

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        if self.log_batch_frequency or (self.save_graph and not self._graph_rendered):
            self._features.on_train_batch_end(batch, logs)

    def on_batch_end(self, batch: int, logs: Any = None) -> None:
        """What Keras called before it had ``on_train_batch_end``."""
        WandbCallback.on_train_batch_end(self, batch, logs)

    def on_batch_begin(self, batch: int, logs: Any = None) -> None:
        """Nothing to do."""

    def _implements_train_batch_hooks(self) -> bool:
        return self._wants_batches_of("train")

    def _implements_test_batch_hooks(self) -> bool:
        return self._wants_batches_of("test")

    def _implements_predict_batch_hooks(self) -> bool:
        return self._wants_batches_of("predict")

    def _wants_batches_of(self, phase: str) -> bool:
        # Keras 2 runs batch hooks only where somebody asks for them, and they cost time.
        return self.log_batch_frequency is not None or self._more_batch_hooks(phase, than=WandbCallback)
