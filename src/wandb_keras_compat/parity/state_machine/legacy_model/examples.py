"""*Examples*: images of samples, with predictions and references, once per epoch."""

from __future__ import annotations

from typing import Any

import numpy as np
import wandb

from ..data import Samples
from .arithmetic import predictions
from .pictures import UndrawableError, picture
from .rules import DiesError
from .state import LegacyState

#: W&B keeps no more images of a list.
MOST_IMAGES = 108
#: The types that are drawn.
DRAWN = ("image", "images", "segmentation_mask")


def guess_types(owner: LegacyState) -> None:
    """``auto``, and an output type that was not given, from the shapes that the network has."""
    options, shapes = owner.options, owner.play.net.shapes
    if options["input_type"] == "auto":
        options["input_type"] = _guessed(shapes["in"])
    if options["input_type"] and options["output_type"] is None:
        options["output_type"] = _guessed(shapes[owner.play.net.layers[-1].name])


def _guessed(shape: tuple[int, ...]) -> str:
    """A vector is a label; what has one, three or four channels an image, what has others a mask."""
    if len(shape) == 1:
        return "label"
    return "image" if shape[-1] in (1, 3, 4) else "segmentation_mask"


def row_part(owner: LegacyState) -> dict[str, Any]:
    """What an epoch's row has of it."""
    options, rules = owner.options, owner.rules
    if (options["input_type"] not in DRAWN and options["output_type"] not in DRAWN) or owner.examples_failed:
        return {}
    if options["predictions"] < 1 and rules.differs("KD-008"):
        return {}
    given = _data(owner)
    if given is None:
        owner.say("No validation_data set, pass a generator to the callback.")
        return {}
    if options["predictions"] < 1:
        raise DiesError("ValueError")
    x, y = given
    # Which ones are drawn of many is left to chance; they are alike then.
    count = min(len(x), options["predictions"], 100)
    try:
        return {"examples": _images(owner, x[:count], y[:count])[:MOST_IMAGES]}
    except UndrawableError:
        rules.dies("KD-054", "TypeError or ValueError")
        owner.examples_failed = True
        return {}


def _data(owner: LegacyState) -> Any:
    """This epoch's x and y: a generator's next batch, else the same samples each time."""
    options, net, rules = owner.options, owner.play.net, owner.rules
    source: Samples | None = options["generator"] or options["validation_data"]
    if source is None:
        return None
    if source.form in ("dataset", "sequence"):
        rules.dies("KD-051", "TypeError")
    if source.form not in ("forever", "finite", "iterated"):
        return source.arrays(net)
    batches = source.batches(net)
    at, owner.batches_read = owner.batches_read, owner.batches_read + 1
    if at >= len(batches) and source.form == "iterated":
        raise DiesError("StopIteration")
    if at >= len(batches) and source.form == "finite":
        rules.dies("KD-052", "StopIteration")
        return batches[-1]
    owner.batch_drawn = batches[at % len(batches)]
    return owner.batch_drawn


def _images(owner: LegacyState, x: Any, y: Any) -> list[Any]:
    options = owner.options
    input_type, output_type = options["input_type"], options["output_type"]
    predicted = predictions(owner.play.net, owner.version, x)
    captions: list[Any] | None = None
    if input_type in DRAWN and output_type not in DRAWN:
        columns = [x]
        captions = _captions(owner, predicted) if output_type == "label" else None
    else:
        columns = [_drawn(owner, predicted, output_type), _drawn(owner, y, output_type)]
        if input_type in DRAWN:
            columns = [_drawn(owner, x, input_type), *columns]
        elif input_type == "label":
            captions = _captions(owner, x)
    return [
        picture(column[at], None if captions is None else captions[at], owner.rules)
        for at in range(len(x))
        for column in columns
    ]


def _drawn(owner: LegacyState, pixels: Any, kind: str) -> Any:
    """Of a mask, the colour of the class that is most likely; of one channel, that is grey already."""
    if kind != "segmentation_mask" or pixels.shape[-1] == 1:
        return pixels
    colors = owner.options["class_colors"]
    colors = np.array(wandb.util.class_colors(pixels.shape[-1]) if colors is None else colors)
    return colors[np.argmax(pixels, axis=-1)]


def _captions(owner: LegacyState, logits: Any) -> list[Any]:
    """The label of the highest value, or its number; of a single value the label for false or true, or the value."""
    if owner.rules.defaults_are_objects and owner.play.arguments.get("labels", ()) is None:
        owner.rules.dies("KD-059", "TypeError")
    labels = owner.options["labels"] or []
    if logits.shape[-1] > 1:
        best = [int(row.argmax()) for row in logits]
        return [labels[at] if at < len(labels) else at for at in best]
    scores = [float(row[0]) for row in logits]
    if len(labels) != 2:
        if labels:
            owner.say(
                "keras model is producing a single output, so labels should be a length two array: "
                '["False label", "True label"].'
            )
        return scores
    decisions = [score > 0.5 for score in scores]
    if len(set(decisions)) > 1 and not owner.rules.differs("KD-053"):
        decisions = decisions[:1] * len(decisions)
    return [labels[int(decision)] for decision in decisions]
