"""The legacy constructor as one record: names, defaults, validation, derived values."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from numbers import Integral, Real
from typing import Any

import numpy as np
import wandb

from . import messages
from .data import arrays
from .data.kinds import is_generator_like
from .metric_keys import Keys, checked_keys

#: More examples than this are never drawn, whatever ``predictions`` says.
MAX_PREDICTIONS = 100

#: Metric names for which the auto rule picks the wrong direction: higher is better, yet it says "min".
_HIGHER_IS_BETTER = ("auc", "precision", "recall", "f1", "iou", "dice", "cosine_similarity", "r2")


@dataclass(frozen=True)
class Options:
    """What ``WandbCallback(...)`` was given, in the legacy order and with the legacy defaults.

    The order is public: code passes these by position. :meth:`checked` makes one from a call.
    """

    monitor: str = "val_loss"
    verbose: int = 0
    mode: str = "auto"
    save_weights_only: bool = False
    log_weights: bool = False
    log_gradients: bool = False
    save_model: bool = True
    training_data: Any = None
    validation_data: Any = None
    labels: Any = None
    predictions: int = 36
    generator: Any = None
    input_type: str | None = None
    output_type: str | None = None
    log_evaluation: bool = False
    validation_steps: int | None = None
    class_colors: Any = None
    log_batch_frequency: int | None = None
    log_best_prefix: str | None = "best_"
    save_graph: bool = True
    validation_indexes: Any = None
    validation_row_processor: Callable[..., Any] | None = None
    prediction_row_processor: Callable[..., Any] | None = None
    infer_missing_processors: bool = True
    log_evaluation_frequency: int = 0
    compute_flops: bool = False
    keys: Keys = "legacy"

    @classmethod
    def checked(
        cls, arguments: Mapping[str, Any], unknown: Mapping[str, Any], callback: str = "WandbCallback"
    ) -> Options:
        """The record of a call, with old names taken over and mistakes refused.

        Unknown keywords are accepted in silence, as they always were. Two of them mean something:
        ``data_type`` is the old name of ``input_type``, and ``output_row_processor`` is what the legacy
        documentation called ``prediction_row_processor`` (it never worked there).

        Raises:
            ValueError: legacy's own two (gradients without ``training_data``; ``training_data`` of a
                wrong length), and values that could only fail later.
            TypeError: a value of a type that could only fail later.
        """
        values = {**_DEFAULTS, **arguments}
        if unknown.get("data_type") is not None:
            wandb.termwarn(messages.data_type_is_input_type(), repeat=False)
            values["input_type"] = unknown["data_type"]
        if values["prediction_row_processor"] is None:
            values["prediction_row_processor"] = unknown.get("output_row_processor")
        if values["mode"] not in ("auto", "min", "max"):
            wandb.termwarn(messages.from_callback(callback, messages.unknown_mode(values["mode"])))
            values["mode"] = "auto"
        try:
            arrays.class_names(() if hasattr(values["labels"], "__next__") else values["labels"])
        except ValueError as error:
            wandb.termwarn(messages.from_callback(callback, str(error)))
            values["labels"] = None
        options = cls(**values)
        options._refuse_mistakes(callback)
        if options.mode == "auto" and not options.counts_upwards and options._looks_upwards():
            wandb.termwarn(messages.from_callback(callback, messages.auto_mode_guess(options.monitor)), repeat=False)
        return options

    # --- derived values ------------------------------------------------------------------------------

    @property
    def counts_upwards(self) -> bool:
        """Whether a higher ``monitor`` is better.

        The auto rule is the legacy one: "acc" anywhere in the name, or "fmeasure" at its start.
        """
        if self.mode == "auto":
            return "acc" in self.monitor or self.monitor.startswith("fmeasure")
        return self.mode == "max"

    @property
    def monitor_op(self) -> Callable[[Any, Any], bool]:
        return operator.gt if self.counts_upwards else operator.lt

    @property
    def worst(self) -> float:
        """What every value of ``monitor`` is better than."""
        return float("-inf") if self.counts_upwards else float("inf")

    @property
    def capped_predictions(self) -> int:
        """How many examples to draw: at most 100; nothing below 1 means none."""
        return max(0, min(int(self.predictions), MAX_PREDICTIONS))

    @property
    def class_names(self) -> Any:
        """``labels`` as given, for code that reads it; what can be read once becomes a list."""
        if self.labels is None:
            return []
        return list(self.labels) if hasattr(self.labels, "__next__") else self.labels

    @property
    def colors(self) -> np.ndarray[Any, Any] | None:
        """``class_colors`` as an array of shape (classes, 3), values 0 to 1."""
        return None if self.class_colors is None else np.array(self.class_colors)

    @property
    def validation_source(self) -> tuple[Any, Any]:
        """``(validation_data, generator)``: data that hands out batches is a generator under either name."""
        if self.validation_data is not None and is_generator_like(self.validation_data):
            return None, self.validation_data
        return self.validation_data, self.generator

    def attributes(self, name: str) -> dict[str, Any]:
        """The attributes that option *name* becomes on a callback, under the names legacy code reads and changes."""
        if name == "mode":
            return {"monitor_op": self.monitor_op, "_worst": self.worst}
        if name in ("validation_data", "generator"):
            data, generator = self.validation_source
            return {"validation_data": data, "generator": generator}
        derived = {"labels": "class_names", "predictions": "capped_predictions", "class_colors": "colors"}
        return {f"_{name}" if name in _PRIVATE else name: getattr(self, derived.get(name, name))}

    # --- mistakes ------------------------------------------------------------------------------------

    def _refuse_mistakes(self, callback: str) -> None:
        def refuse(name: str, wanted: str, error: type[Exception] = TypeError) -> None:
            raise error(messages.from_callback(callback, messages.wrong_argument(name, getattr(self, name), wanted)))

        if self.log_gradients and self.training_data is None:
            raise ValueError(messages.NO_TRAINING_DATA)
        pair = isinstance(self.training_data, (list, tuple))
        if self.log_gradients and pair and len(self.training_data) not in (2, 3):
            raise ValueError(messages.TRAINING_DATA_LENGTH)
        checked_keys(self.keys, callback)
        if not isinstance(self.monitor, str):
            refuse("monitor", "the name of a metric, such as 'val_loss'")
        if not isinstance(self.predictions, Real):
            refuse("predictions", "a number of examples")
        if self.log_batch_frequency is not None and not isinstance(self.log_batch_frequency, (Integral, float)):
            refuse("log_batch_frequency", "None or a number of batches")
        if not isinstance(self.log_evaluation_frequency, Real):
            refuse("log_evaluation_frequency", "a number of epochs (0: once, at the end)")
        masks = "segmentation_mask" in (self.input_type, self.output_type)
        if masks and self.colors is not None and self.colors.ndim != 2:
            refuse("class_colors", "one (red, green, blue) row of values 0 to 1 for each class", ValueError)

    def _looks_upwards(self) -> bool:
        words = self.monitor.lower().removeprefix("val_")
        return any(words.startswith(name) for name in _HIGHER_IS_BETTER)


#: Options that legacy code finds under a private name.
_PRIVATE = (
    "validation_indexes",
    "validation_row_processor",
    "prediction_row_processor",
    "infer_missing_processors",
    "log_evaluation_frequency",
)

#: The 26 legacy names, in order. ``keys`` is ours, and by keyword only.
NAMES = tuple(field.name for field in fields(Options) if field.name != "keys")

_DEFAULTS = {field.name: field.default for field in fields(Options)}


def default_attributes(monitor: str | None) -> dict[str, Any]:
    """The attributes of a callback made with no argument but *monitor*, under the names legacy code reads."""
    options = Options() if monitor is None else Options(monitor=monitor)
    return {attribute: value for name in (*NAMES, "keys") for attribute, value in options.attributes(name).items()}
