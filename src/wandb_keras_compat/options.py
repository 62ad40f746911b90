"""What a callback was given, checked, and the values that follow from it."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import wandb

from . import messages
from .arguments import ARGUMENTS, BY_NAME, DEFAULTS, nearest
from .data import arrays
from .data.kinds import is_generator_like

#: More examples than this are never drawn, whatever ``predictions`` says.
MAX_PREDICTIONS = 100

#: Metric names for which the auto rule picks the wrong direction: higher is better, yet it says "min".
_HIGHER_IS_BETTER = ("auc", "precision", "recall", "f1", "iou", "dice", "cosine_similarity", "r2")


class Options:
    """What ``WandbCallback(...)`` was given, with the defaults of :mod:`.arguments` for the rest.

    :meth:`checked` makes one from a call. Each argument is an attribute of its name.
    """

    def __init__(self, **given: Any) -> None:
        vars(self).update(DEFAULTS)
        vars(self).update(given)

    def __getattr__(self, name: str) -> Any:  # for mypy: the attributes are those of the table
        raise AttributeError(f"{name!r} is no argument of WandbCallback")

    @classmethod
    def checked(
        cls, arguments: Mapping[str, Any], unknown: Mapping[str, Any], callback: str = "WandbCallback"
    ) -> Options:
        """The record of a call, with old names taken over and mistakes refused.

        Unknown keywords are accepted, as they always were; one that looks misspelled is warned of. Two mean something:
        ``data_type`` is the old name of ``input_type``, and ``output_row_processor`` is what the legacy
        documentation called ``prediction_row_processor`` (it never worked there).

        Raises:
            ValueError: legacy's own two (gradients without ``training_data``; ``training_data`` of a
                wrong length), and values that could only fail later.
            TypeError: a value of a type that could only fail later.
        """
        values = {**DEFAULTS, **arguments}
        for keyword in unknown:
            meant = nearest(keyword)
            if meant is not None:
                message = messages.unknown_keyword(keyword, meant)
                wandb.termwarn(messages.from_callback(callback, message), repeat=False)
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
        return bool(self.mode == "max")

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
        return {BY_NAME[name].attribute or name: getattr(self, derived.get(name, name))}

    # --- mistakes ------------------------------------------------------------------------------------

    def _refuse_mistakes(self, callback: str) -> None:
        def refuse(name: str, wanted: str, error: type[Exception]) -> None:
            raise error(messages.from_callback(callback, messages.wrong_argument(name, getattr(self, name), wanted)))

        if self.log_gradients and self.training_data is None:
            raise ValueError(messages.NO_TRAINING_DATA)
        pair = isinstance(self.training_data, (list, tuple))
        if self.log_gradients and pair and len(self.training_data) not in (2, 3):
            raise ValueError(messages.TRAINING_DATA_LENGTH)
        for argument in ARGUMENTS:
            wanted = None if argument.check is None else argument.check(getattr(self, argument.name))
            if wanted is not None:
                refuse(argument.name, wanted, argument.error)
        masks = "segmentation_mask" in (self.input_type, self.output_type)
        if masks and self.colors is not None and self.colors.ndim != 2:
            refuse("class_colors", "one (red, green, blue) row of values 0 to 1 for each class", ValueError)

    def _looks_upwards(self) -> bool:
        words = self.monitor.lower().removeprefix("val_")
        return any(words.startswith(name) for name in _HIGHER_IS_BETTER)


def default_attributes(monitor: str | None) -> dict[str, Any]:
    """The attributes of a callback made with no argument but *monitor*, under the names legacy code reads."""
    options = Options() if monitor is None else Options(monitor=monitor)
    return {attribute: value for name in BY_NAME for attribute, value in options.attributes(name).items()}
