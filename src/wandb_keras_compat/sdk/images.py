"""Makes images as every wandb up to 0.19 made them, and guesses what a batch holds as wandb does."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import wandb


def guess_data_type(shape: Any, risky: bool = False) -> str | None:
    """W&B's guess at what a batch of *shape* holds: ``label``, ``image``, ``segmentation_mask`` or None.

    The rules are those of ``wandb.util.guess_data_type``, with their known mistake: a mask of 3 or 4 classes is guessed
    to be an image.
    """
    kind: str | None = wandb.util.guess_data_type(tuple(shape), risky=risky)
    return kind


def image(pixels: Any, **details: Any) -> wandb.Image:
    """A ``wandb.Image`` of *pixels*, whatever their range, as every wandb up to 0.19 made it.

    From 0.20.0 on the rule is another with each few releases: all are spread over 0 to 255, or only those from -1
    to 1 are, or none: images of values 0 to 1, the usual input of a network, come out black. There they are
    brought to 0 to 255 first, and wandb is told to leave them so.

    Args:
        pixels: array of shape (height, width) or (height, width, channels), of any numeric dtype.
        details: passed on: ``caption``, ``grouping``, ``masks``.
    """
    array = np.asarray(pixels)
    if not hasattr(wandb.Image, "to_uint8"):  # the legacy rule went with this method
        array = _in_255(array)
        if "normalize" in inspect.signature(wandb.Image.__init__).parameters:
            details["normalize"] = False
    return wandb.Image(array, **details)


def _in_255(pixels: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Scales to 0..255 by W&B's legacy rule: negative values make it 0..1 first, a maximum of 1 makes it times 255."""
    if pixels.size == 0 or not np.issubdtype(pixels.dtype, np.number):
        return pixels
    low, high = pixels.min(), pixels.max()
    if low < 0 and high > low:
        pixels = (pixels - low) / (high - low)
    if pixels.max() <= 1:
        # In the floats' own precision, so that what was divided by 255 comes back: 0.1 less is cut off to 1 less.
        floats = pixels if np.issubdtype(pixels.dtype, np.floating) else pixels.astype(np.float64)
        pixels = floats * 255
    return pixels.clip(0, 255).astype(np.uint8)
