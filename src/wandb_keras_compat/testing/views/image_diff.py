"""Images of a trace as ``data:`` URIs for a browser, and the pixel differences of two of them."""

from __future__ import annotations

import base64
import binascii
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageChops

_MOST_PIXELS = 64_000_000
_SHOWABLE = {"1", "L", "LA", "P", "RGB", "RGBA"}


@dataclass(frozen=True)
class PixelDifference:
    """How two images of one size differ: *picture* is brightest where they differ most."""

    picture: str
    pixels: int
    largest: int


def data_uri(image: Mapping[str, Any]) -> str | None:
    """A ``data:`` address of the pixels; None when they cannot be decoded.

    The picture is written anew from its pixels, so whatever else was in the file stays behind.
    """
    opened = _open(image)
    return None if opened is None else _uri(opened)


def pixel_difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> PixelDifference | None:
    """None when the sizes differ, nothing differs, or one cannot be decoded."""
    first, second = _open(old), _open(new)
    if first is None or second is None or first.size != second.size:
        return None
    channels = ImageChops.difference(first.convert("RGBA"), second.convert("RGBA")).split()
    most = channels[0]
    for channel in channels[1:]:
        most = ImageChops.lighter(most, channel)
    largest = max(level for level, count in enumerate(most.histogram()) if count)
    if not largest:
        return None
    differing = sum(most.histogram()[1:])
    return PixelDifference(_uri(most.point([round(level * 255 / largest) for level in range(256)])), differing, largest)


def _open(image: Mapping[str, Any]) -> Image.Image | None:
    try:
        picture = Image.open(io.BytesIO(base64.b64decode(image["png"], validate=True)), formats=["PNG"])
        if picture.width * picture.height > _MOST_PIXELS:
            return None
        picture.load()
    except (binascii.Error, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    if picture.mode not in _SHOWABLE:
        low, high = picture.getextrema()[:2]
        if picture.mode.startswith(("I", "F")) and isinstance(low, (int, float)) and isinstance(high, (int, float)):
            return picture.convert("F").point(lambda value: (value - low) * (255 / ((high - low) or 1))).convert("L")
        return picture.convert("RGB")
    return picture


def _uri(picture: Image.Image) -> str:
    written = io.BytesIO()
    clean = picture.copy()
    clean.info = {key: value for key, value in picture.info.items() if key == "transparency"}
    clean.save(written, format="PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(written.getvalue()).decode()
