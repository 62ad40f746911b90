"""The small callbacks that the arguments of a legacy call become, in the order in which they add to a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..names import SHIM
from .arguments import UNKNOWN, Argument, LegacyCall, Refusal

_IMAGE_TYPES = frozenset({"image", "images", "segmentation_mask", "auto"})
_EXAMPLES = {
    name: name
    for name in ("input_type", "output_type", "validation_data", "generator", "labels", "predictions", "class_colors")
}
_TABLES = {
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
_BEST = {"monitor": "monitor", "mode": "mode", "log_best_prefix": "prefix"}
_MODEL = {**_BEST, "save_weights_only": "save_weights_only", "verbose": "verbose"}

DEPENDENT_ARGUMENTS = frozenset({"training_data", *_EXAMPLES, *_TABLES})
"""Arguments that have an effect only together with another one."""


@dataclass(frozen=True)
class NewArgument:
    """An argument of a new callback."""

    name: str
    """Empty for one by position."""
    code: str
    origin: Argument | None = None
    """The legacy argument whose expression it takes; None if the code is new."""

    def __str__(self) -> str:
        return f"{self.name}={self.code}" if self.name else self.code


@dataclass(frozen=True)
class NewCallback:
    """One of the callbacks that stand in place of a legacy one."""

    name: str
    arguments: tuple[NewArgument, ...] = ()
    home: str = SHIM
    """The module it is imported from."""


def row_callbacks(legacy: LegacyCall, *, graph: bool) -> list[NewCallback]:
    """The callbacks that go before the metrics logger, because it closes the row that they add to.

    Raises:
        Refusal: whether one of them is wanted is only known when the program runs.
    """
    callbacks: list[NewCallback] = []
    if legacy.is_on("compute_flops"):
        callbacks.append(NewCallback("WandbFlopsLogger"))
    if graph:
        callbacks.append(NewCallback("WandbGraphLogger"))
    if legacy.is_on("log_weights"):
        callbacks.append(NewCallback("WandbWeightsLogger"))
    if legacy.is_on("log_gradients"):
        if legacy.value("training_data") is None:
            raise Refusal("log_gradients without training_data raises an error when the callback is made")
        callbacks.append(_new_callback("WandbGradientsLogger", legacy, {"training_data": "training_data"}))
    if _may_log_images(legacy):
        examples = _new_callback("WandbExamplesLogger", legacy, _EXAMPLES)
        if "input_type" not in legacy.given:  # the small callback would guess one
            examples = NewCallback(examples.name, (NewArgument("input_type", "None"), *examples.arguments))
        callbacks.append(examples)
    if legacy.is_on("log_evaluation"):
        callbacks.append(_new_callback("WandbPredictionsLogger", legacy, _TABLES))
    return callbacks


def best_summary(legacy: LegacyCall, *, saves: bool) -> NewCallback:
    """The callback for the best value in the summary. It is verbose only where no callback saves the best model."""
    return _new_callback("WandbBestSummary", legacy, _BEST if saves else {**_BEST, "verbose": "verbose"})


def best_model(legacy: LegacyCall) -> NewCallback:
    """The callback that saves the best model under its legacy names."""
    return _new_callback("WandbBestModel", legacy, _MODEL)


def _new_callback(name: str, legacy: LegacyCall, renamed: Mapping[str, str]) -> NewCallback:
    """A callback with those legacy arguments that were given, in the order of the call."""
    found = [
        NewArgument(renamed[argument.name], argument.code, argument)
        for argument in legacy.given.values()
        if argument.name in renamed
    ]
    return NewCallback(name, tuple(found))


def _may_log_images(legacy: LegacyCall) -> bool:
    """Whether example images may be logged: an input or output type is given that draws, or that is not known here."""
    given, predicted = legacy.value("input_type"), legacy.value("output_type")
    if not (given or predicted):
        return False
    if bool(given) and predicted is None:
        return True
    return any(kind is UNKNOWN or (isinstance(kind, str) and kind in _IMAGE_TYPES) for kind in (given, predicted))
