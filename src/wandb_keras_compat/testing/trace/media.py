"""Converts pictures to pixels, and back."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from typing import Any

import numpy as np
from PIL import Image

from .canonical import Content

# Only formats that Pillow reads by itself: its reader of EPS starts Ghostscript on the bytes.
_FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF")
_IN_PNG = ("1", "L", "LA", "RGB", "RGBA", "I;16")


def image(data: bytes | None) -> Content | None:
    """The picture in *data* as an ``image`` of the trace: its pixels as a PNG without anything else in it.

    Returns:
        None for what is no picture, is animated, or has pixels that a PNG cannot hold (floats, CMYK).
    """
    if data is None:
        return None
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
            if getattr(opened, "n_frames", 1) > 1:
                return None
            picture = _canonical(opened)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):  # SyntaxError: Pillow, of a broken PNG
        return None
    if picture.mode not in _IN_PNG:
        return None
    return Content(
        _type="image", width=picture.width, height=picture.height, mode=picture.mode, png=base64_png(picture)
    )


def base64_png(picture: Image.Image) -> str:
    """*picture* as a PNG without metadata, in base64."""
    bare = Image.frombytes(picture.mode, picture.size, picture.tobytes())
    buffer = io.BytesIO()
    bare.save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode("ascii")


def pixels(image: Mapping[str, Any]) -> Any:
    """The pixels of an ``image`` of the trace: an array ``(height, width)`` or ``(height, width, channels)``.

    Raises:
        ValueError: its ``png`` is no PNG.
    """
    try:
        data = base64.b64decode(image["png"], validate=True)
        with Image.open(io.BytesIO(data), formats=("PNG",)) as opened:
            return np.asarray(_canonical(opened))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError(f"it holds no PNG: {error}") from error


def _canonical(opened: Image.Image) -> Image.Image:
    """*picture* without a palette, and with one name for 16 bit grey, which versions of Pillow name differently."""
    if opened.mode == "P":
        return opened.convert("RGBA" if "transparency" in opened.info else "RGB")
    if opened.mode.startswith("I"):
        levels = np.asarray(opened).astype(np.int64)
        if levels.size and np.all((levels >= 0) & (levels < 2**16)):
            return Image.frombytes("I;16", opened.size, levels.astype("<u2").tobytes())
    opened.load()
    return opened
