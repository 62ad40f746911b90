"""The bytes of a file to what the trace says of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from . import media, weights
from .canonical import Content, from_json, plain

_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp")
_TEXT = 2**18  # bytes; a longer text is told apart by its digest


def content_of(path: str, data: bytes) -> Content:
    """A picture, JSON, a text or, failing all of these, the size and digest."""
    name = path.lower()
    if name.endswith(_PICTURES):
        return media.image(data) or opaque(data)
    if name.endswith(".json") and (value := from_json(data)) is not None:
        return Content(_type="json", value=plain(value))
    return text(data) or opaque(data)


def model(path: str, data: bytes) -> Content | None:
    """The weights in *data* if its name is one of a Keras model; what cannot be read is bytes."""
    readers: tuple[tuple[tuple[str, ...], Callable[[bytes], Content]], ...] = (
        ((".h5", ".hdf5"), weights.from_h5),
        ((".keras",), weights.from_keras),
    )
    for ends, reader in readers:
        if path.lower().endswith(ends):
            try:
                return reader(data)
            except weights.UnreadableError:
                return opaque(data)
    return None


def text(data: bytes) -> Content | None:
    """*data* as a text, with ``\\n`` at the end of lines; None for what is none, or is long."""
    if len(data) > _TEXT or b"\0" in data:
        return None
    try:
        return Content(_type="text", text=data.decode("utf-8").replace("\r\n", "\n"))
    except UnicodeDecodeError:
        return None


def opaque(data: bytes) -> Content:
    """Size and digest."""
    return Content(_type="bytes", size=len(data), sha256=hashlib.sha256(data).hexdigest())
