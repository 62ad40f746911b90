"""Converts the bytes of a file to its form in a trace."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable
from typing import Any

from . import media, weights
from .canonical import Content, from_json, plain

_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp")
_VALUES = 4096  # of an array; a larger one is told apart by its digest
_HDF5 = b"\x89HDF\r\n\x1a\n"
_TEXT = 2**18  # bytes; a longer text is told apart by its digest


def content_of(path: str, data: bytes) -> Content:
    """A picture, arrays, JSON, a text or, failing all of these, the size and digest."""
    name = path.lower()
    if name.endswith(_PICTURES):
        return media.image(data) or opaque(data)
    if name.endswith(".npz") and (found := arrays(data)) is not None:
        return found
    if name.endswith(".json") and (value := from_json(data)) is not None:
        return Content(_type="json", value=plain(value))
    return text(data) or opaque(data)


def model(path: str, data: bytes) -> Content | None:
    """The weights in *data* if its name is one of a Keras model; what cannot be read is bytes."""
    readers: tuple[tuple[tuple[str, ...], Callable[[bytes], Content]], ...] = (
        ((".h5", ".hdf5"), weights.from_h5),
        # Keras up to 2.12 writes HDF5 under that name.
        ((".keras",), weights.from_h5 if data.startswith(_HDF5) else weights.from_archive),
    )
    for ends, reader in readers:
        if path.lower().endswith(ends):
            try:
                return reader(data)
            except weights.UnreadableError:
                return opaque(data)
    return None


def arrays(data: bytes) -> Content | None:
    """The arrays in the bytes of an ``.npz`` file, whose compression and times are the writer's; None for none.

    Nothing is unpickled. Values are nested lists, of large arrays the digest of their little endian bytes.
    """
    import numpy as np

    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as held:
            return Content(_type="json", value={name: _array(held[name]) for name in held.files})
    except (ValueError, OSError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def _array(values: Any) -> dict[str, Any]:
    about = {"dtype": values.dtype.name, "shape": list(values.shape)}
    if values.size <= _VALUES:
        return {**about, "values": plain(values.tolist())}
    little = values.astype(values.dtype.newbyteorder("<"), copy=False)
    return {**about, "sha256": hashlib.sha256(little.tobytes()).hexdigest()}


def text(data: bytes) -> Content | None:
    """*data* as a text, with ``\\n`` at the end of lines; None for binary or long data."""
    if len(data) > _TEXT or b"\0" in data:
        return None
    try:
        return Content(_type="text", text=data.decode("utf-8").replace("\r\n", "\n"))
    except UnicodeDecodeError:
        return None


def opaque(data: bytes) -> Content:
    """Size and digest."""
    return Content(_type="bytes", size=len(data), sha256=hashlib.sha256(data).hexdigest())
