"""What W&B makes of pixels, in the trace's form."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import wandb
from PIL import Image

from ....testing.trace.canonical import Content
from ....testing.trace.media import base64_png
from .rules import Rules
from .values import canonical


class UndrawableError(ValueError):
    """No picture has so many channels."""


def picture(pixels: Any, caption: Any, rules: Rules) -> Content:
    """An image of pixels of shape (height, width, channels), with a caption if there is one.

    The real class leaves the pixels to the installed wandb, whose rule is not legacy's any more from 0.20 on.

    Raises:
        UndrawableError: there are no one, three or four channels.
    """
    if np.shape(pixels)[-1] not in (1, 3, 4):
        raise UndrawableError
    if rules.images_are_others and not rules.differs("KD-062"):
        drawn: Any = wandb.Image(np.asarray(pixels)).image
    else:
        levels = in_255(np.asarray(pixels))
        drawn = Image.fromarray(levels[..., 0] if levels.shape[-1] == 1 else levels)
    content = Content(_type="image", width=drawn.width, height=drawn.height, mode=drawn.mode, png=base64_png(drawn))
    if caption not in (None, ""):
        content["caption"] = caption if isinstance(caption, str) else json.dumps(canonical(caption))
    return content


def in_255(pixels: Any) -> Any:
    """With a negative one, all are spread over 0 to 1; what is at most 1 is times 255; what is outside is cut off."""
    low, high = pixels.min(), pixels.max()
    if low < 0 and high > low:
        pixels = (pixels - low) / (high - low)
    if pixels.max() <= 1:
        pixels = (pixels * 255).astype(np.int32)
    return pixels.clip(0, 255).astype(np.uint8)
