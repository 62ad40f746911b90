"""What each legacy argument becomes beside the metrics logger: the small callbacks, in the order of a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..names import SHIM
from .arguments import UNKNOWN, Argument, Asked, Refusal

_DRAWN = frozenset({"image", "images", "segmentation_mask", "auto"})
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

ONLY_WITH = frozenset({"training_data", *_EXAMPLES, *_TABLES})
"""Arguments that have an effect only together with another one."""


@dataclass(frozen=True)
class Carried:
    """An argument of a new callback."""

    name: str
    """Empty for one by position."""
    code: str
    origin: Argument | None = None
    """The legacy argument whose expression it carries over; None for a text of our own."""

    def __str__(self) -> str:
        return f"{self.name}={self.code}" if self.name else self.code


@dataclass(frozen=True)
class Part:
    """One of the callbacks that stand in place of a legacy one."""

    name: str
    arguments: tuple[Carried, ...] = ()
    home: str = SHIM
    """The module it is imported from."""


def row_parts(asked: Asked, *, graph: bool) -> list[Part]:
    """The callbacks that go before the metrics logger, because it closes the row that they add to.

    Raises:
        Refusal: whether one of them is wanted is only known when the program runs.
    """
    parts: list[Part] = []
    if asked.on("compute_flops"):
        parts.append(Part("WandbFlopsLogger"))
    if graph:
        parts.append(Part("WandbGraphLogger"))
    if asked.on("log_weights"):
        parts.append(Part("WandbWeightsLogger"))
    if asked.on("log_gradients"):
        if asked.value("training_data") is None:
            raise Refusal("log_gradients without training_data raises an error when the callback is made")
        parts.append(_part("WandbGradientsLogger", asked, {"training_data": "training_data"}))
    if _draws(asked):
        examples = _part("WandbExamplesLogger", asked, _EXAMPLES)
        if "input_type" not in asked.given:  # the small callback would guess one
            examples = Part(examples.name, (Carried("input_type", "None"), *examples.arguments))
        parts.append(examples)
    if asked.on("log_evaluation"):
        parts.append(_part("WandbPredictionsLogger", asked, _TABLES))
    return parts


def best_summary(asked: Asked, *, saves: bool) -> Part:
    """What keeps the best value; where the model is saved, that says so in the terminal."""
    return _part("WandbBestSummary", asked, _BEST if saves else {**_BEST, "verbose": "verbose"})


def best_model(asked: Asked) -> Part:
    """What saves the best model under its legacy names."""
    return _part("WandbBestModel", asked, _MODEL)


def _part(name: str, asked: Asked, renamed: Mapping[str, str]) -> Part:
    """A callback with those legacy arguments that were given, in the order of the call."""
    found = [
        Carried(renamed[argument.name], argument.code, argument)
        for argument in asked.given.values()
        if argument.name in renamed
    ]
    return Part(name, tuple(found))


def _draws(asked: Asked) -> bool:
    """Whether there can be example images: what is neither given nor known is guessed from the model, or is None."""
    given, predicted = asked.value("input_type"), asked.value("output_type")
    if not (given or predicted):
        return False
    if bool(given) and predicted is None:
        return True
    return any(kind is UNKNOWN or (isinstance(kind, str) and kind in _DRAWN) for kind in (given, predicted))
