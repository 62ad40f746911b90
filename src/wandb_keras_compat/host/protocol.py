"""The interface of a callback to its features."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol

from ..backends.running_fit import FitData


class Host(Protocol):
    """A callback as its features see it.

    The options are attributes under the names that legacy code reads and changes; features read them at each hook.
    What they mean is in the docstring of :class:`~wandb_keras_compat.WandbCallback`.
    """

    # Any: models, layers and data are Keras', and Keras is untyped.
    model: Any
    params: dict[str, Any] | None

    # --- options ---------------------------------------------------------------------------------

    monitor: str
    monitor_op: Callable[[Any, Any], bool]
    verbose: int
    save_model: bool
    save_model_as_artifact: bool
    save_weights_only: bool
    log_weights: bool
    log_gradients: bool
    log_evaluation: bool
    log_batch_frequency: int | float | None
    log_best_prefix: str | None
    save_graph: bool
    compute_flops: bool
    keys: str
    training_data: Any
    validation_data: Any
    validation_steps: int | None
    labels: Any
    predictions: int
    input_type: str | None
    output_type: str | None
    class_colors: Any
    _validation_indexes: Any
    _validation_row_processor: Callable[..., Any] | None
    _prediction_row_processor: Callable[..., Any] | None
    _infer_missing_processors: bool
    _log_evaluation_frequency: int

    # --- what it keeps for them ------------------------------------------------------------------

    best: float
    current: Any
    filepath: str
    fit_data: FitData | None
    writes_best: bool
    _improved: bool | None
    _graph_rendered: bool

    def get_flops(self) -> float:
        """GFLOPs of one inference on one sample."""

    def _wanted(self) -> Iterable[str]:
        """The names of the features that are on now, in the order of ``features.REGISTRY``."""

    def _validation_source(self) -> Any:
        """The callback's own generator or data, else what ``fit`` validates on, else None."""

    def _unreadable(self) -> str | None:
        """Why there is no validation data though ``fit`` may have some, as a sentence; None where it has none."""

    @classmethod
    def _public_name(cls) -> str:
        """The name of the class a user knows, for messages."""

    # --- what legacy code overrides --------------------------------------------------------------

    def _log_weights(self) -> dict[str, Any]:
        """Histograms of the weights, by key."""

    def _log_gradients(self) -> dict[str, Any]:
        """Histograms of the gradients, by key."""

    def _log_images(self, num_images: int = 36) -> Any:
        """The example images."""

    def _logits_to_captions(self, logits: Any) -> list[Any]:
        """A caption for each row of *logits*."""

    def _masks_to_pixels(self, masks: Any) -> Any:
        """*masks* as pictures."""

    def _save_model(self, epoch: int) -> None:
        """Writes ``model-best.h5``."""

    def _save_model_as_artifact(self, epoch: int) -> None:
        """Logs the model artifact."""

    def _attempt_evaluation_log(self, commit: bool = True) -> None:
        """Logs one prediction table."""
