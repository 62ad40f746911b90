"""The legacy class: Keras hooks in, features in order, run out.

    Keras hook  ->  features/* (asking adapters/)  ->  run.py  ->  the W&B run

Every hook calls the features that are on, in the order of ``features.REGISTRY``, each inside one guard:
a feature that fails warns once and never ends the training. What each of them logs is in its module.
"""

from __future__ import annotations

import copy
import os
from typing import Any

import wandb

from . import messages
from .adapters import adapter_for, fit_arguments, tf_keras_callback, wandb_sdk
from .data import is_dataset, is_generator_like
from .features.best import previous_best
from .features.feature_set import FeatureSet
from .options import NAMES, Options

__all__ = ["WandbCallback", "is_dataset", "is_generator_like", "patch_tf_keras"]

_Callback: Any = tf_keras_callback()

#: Options that legacy code finds under a private name.
_PRIVATE = (
    "validation_indexes",
    "validation_row_processor",
    "prediction_row_processor",
    "infer_missing_processors",
    "log_evaluation_frequency",
)


def patch_tf_keras() -> None:
    """Does nothing. The legacy module patched ``Model.fit`` here; people call it by name."""


class WandbCallback(_Callback):  # type: ignore[misc]
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
        training_data: ``(x, y)`` or ``(x, y, sample_weight)``, a ``tf.data.Dataset``, a Keras Sequence or
            a generator of batches.
        validation_data: ``(x, y)``, or any of the others; default is what ``fit`` validates on.
        labels: class names, for captions and tables.
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

    Raises:
        wandb.Error: there is no run yet.
        ValueError, TypeError: an argument that could only fail later.
    """

    input_type: str | None
    output_type: str | None

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
        **kwargs: Any,
    ) -> None:
        given = {name: value for name, value in locals().items() if name in NAMES}
        super().__init__()
        if wandb.run is None:
            raise wandb.Error(messages.NO_RUN)
        options = Options.checked(given, kwargs)
        self._adopt(options)
        self._start_afresh()
        self._bind_to_run(wandb.run)

    def _adopt(self, options: Options) -> None:
        """Spreads the record over the attributes, which legacy code reads and changes."""
        for name in NAMES:
            if name != "mode":
                setattr(self, f"_{name}" if name in _PRIVATE else name, getattr(options, name))
        self.validation_data, self.generator = options.validation_source
        self.labels = options.class_names
        self.predictions = options.capped_predictions
        self.class_colors = options.colors
        self.monitor_op = options.monitor_op
        self.current: Any = None
        self.save_model_as_artifact = True
        self._worst = options.worst

    def _start_afresh(self) -> None:
        """The state of a callback that has not trained yet; copies start with it too."""
        self._features = FeatureSet(self)
        self.params: dict[str, Any] | None = None
        self.fit_data: fit_arguments.FitData | None = None
        self._validation_from_fit = False
        needed = bool(self.input_type or self.output_type or self.log_evaluation)
        if needed and self.validation_data is None and self.generator is None:
            fit_arguments.watch(self)

    def _bind_to_run(self, run: Any) -> None:
        """Makes *run* the one to log to: its folder, its previous best, its own graph."""
        self._bound_run = run.id
        self.filepath = os.path.join(run.dir, "model-best.h5")
        best = previous_best(run, self.log_best_prefix, self.monitor)
        self.best = self._worst if best is None else best
        self._improved = False
        self._graph_rendered = False
        wandb_sdk.mark_legacy_feature(run)

    # --- Keras hooks --------------------------------------------------------------------------------------

    def set_params(self, params: dict[str, Any]) -> None:
        self.params = params

    def set_model(self, model: Any) -> None:
        super().set_model(model)
        self._features.set_model(model)
        self._guess_types()

    def on_train_begin(self, logs: Any = None) -> None:
        if wandb.run is not None and wandb.run.id != self._bound_run:
            self._bind_to_run(wandb.run)
        self._take_fit_data()
        self._features.switch_on()
        self._features.call("on_train_begin")

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        if self.log_batch_frequency or (self.save_graph and not self._graph_rendered):
            self._features.call("on_train_batch_end", batch, logs)

    def on_batch_end(self, batch: int, logs: Any = None) -> None:
        """What Keras called before it had ``on_train_batch_end``."""
        WandbCallback.on_train_batch_end(self, batch, logs)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self._improved = False
        self._features.call("on_epoch_end", epoch, {} if logs is None else logs)
        if self._improved:
            self.best = self.current

    def on_train_end(self, logs: Any = None) -> None:
        self._features.call("on_train_end")

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
        hooks = (f"on_{phase}_batch_begin", f"on_{phase}_batch_end")
        overridden = any(getattr(type(self), hook) is not getattr(WandbCallback, hook) for hook in hooks)
        return self.log_batch_frequency is not None or overridden

    # --- public method ------------------------------------------------------------------------------------

    def get_flops(self) -> float:
        """GFLOPs of one inference on one sample: half the float operations, in 1e9.

        Raises:
            wandb.Error: no model was set yet.
            TypeError: the model is no Keras model, or has no symbolic inputs.
        """
        model = getattr(self, "model", None)
        if model is None:
            raise wandb.Error(messages.NO_MODEL)
        if not adapter_for(model).is_model(model):
            raise TypeError(messages.NO_FLOPS_KIND)
        gflops: float = self._features.get("flops").gflops()
        return gflops

    # --- what legacy code overrides or patches ------------------------------------------------------------

    def _log_weights(self) -> dict[str, Any]:
        found: dict[str, Any] = self._features.get("weights").histograms()
        return found

    def _log_gradients(self) -> dict[str, Any]:
        found: dict[str, Any] = self._features.get("gradients").histograms()
        return found

    def _log_images(self, num_images: int = 36) -> list[wandb.Image] | None:
        images: list[wandb.Image] | None = self._features.get("examples").images(num_images)
        return images

    def _logits_to_captions(self, logits: Any) -> list[Any]:
        captions: list[Any] = self._features.get("examples").captions(logits)
        return captions

    def _masks_to_pixels(self, masks: Any) -> Any:
        return self._features.get("examples").pixels(masks)

    def _save_model(self, epoch: int) -> None:
        self._features.get("checkpoint").save_h5(epoch)

    def _save_model_as_artifact(self, epoch: int) -> None:
        self._features.get("checkpoint").log_artifact(epoch)

    def _attempt_evaluation_log(self, commit: bool = True) -> None:
        self._features.get("evaluation").log_predictions(commit)

    # --- validation data ----------------------------------------------------------------------------------

    @property
    def fit_samples(self) -> int | None:
        """How many samples of a generator given to ``fit`` are needed: all for a table, a few to draw."""
        return None if self.log_evaluation else self.predictions

    def _validation_source(self) -> Any:
        """Where validation data comes from: the callback's own generator or data, else what ``fit`` got."""
        if self.generator is not None:
            return self.generator
        if self.validation_data is not None:
            return self.validation_data
        return None if self.fit_data is None else self.fit_data.data

    def _take_fit_data(self) -> None:
        """Leaves arrays given only to ``fit`` in ``validation_data``, where subclasses look for them."""
        if self._validation_from_fit:
            self.validation_data = None
        given = None if self.fit_data is None else self.fit_data.data
        arrays = isinstance(given, (list, tuple))
        self._validation_from_fit = arrays and self.validation_data is None and self.generator is None
        if self._validation_from_fit:
            self.validation_data = given

    def _guess_types(self) -> None:
        """``auto``, and an output type that was not given, from the shapes of a single input and output."""
        inputs = self._features.keras.inputs(self.model)
        outputs = self._features.keras.outputs(self.model)
        if self.input_type == "auto" and inputs is not None and len(inputs) == 1:
            self.input_type = wandb_sdk.guess_data_type(inputs[0].shape, risky=True)
        if self.input_type and self.output_type is None and outputs is not None and len(outputs) == 1:
            self.output_type = wandb_sdk.guess_data_type(outputs[0].shape)

    # --- copies -------------------------------------------------------------------------------------------

    def __deepcopy__(self, memo: dict[int, Any]) -> WandbCallback:
        """A callback that has not trained, with the same settings (KerasTuner copies one for every trial).

        Data, the model and whatever else cannot be copied are shared: generators, for one, cannot be.
        """
        twin = type(self).__new__(type(self))
        memo[id(self)] = twin
        for name, value in vars(self).items():
            if name != "_features":
                setattr(twin, name, _copied(name, value, memo))
        twin._start_afresh()
        return twin


def _copied(name: str, value: Any, memo: dict[int, Any]) -> Any:
    if name in ("training_data", "validation_data", "generator", "model", "_model", "fit_data"):
        return value
    try:
        return copy.deepcopy(value, memo)
    except Exception:  # whatever a subclass keeps: generators, locks, open files
        return value
