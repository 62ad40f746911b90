"""The weights in a saved model, read without Keras and without executing anything that is in it.

Each array has its own name from the file. The state of the optimizer is kept, under names that begin with
``optimizer/`` in every format that sets it apart: a model saved without it cannot go on training, so a trace must
tell. A ledger may leave it out with ``weights["optimizer/*"]``. Configurations (layers, losses) are not kept.

``format`` tells full models (``h5``, ``keras``) from weights alone (``weights.h5``, ``checkpoint``).
"""

from __future__ import annotations

import functools
import hashlib
import io
import tempfile
import zipfile
from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from .canonical import Content, number

SMALL = 64
"""Arrays of up to so many elements are kept as they are."""

PROJECTIONS = 16
_LARGEST = 2**32  # bytes; what unpacks to more is not looked into
_CHUNK = 2**16
_SEED = 20240229


class UnreadableError(Exception):
    """The bytes hold no weights that can be read here."""


def from_h5(data: bytes) -> Content:
    """The weights in a ``.h5``, ``.hdf5`` or ``.weights.h5`` file of any Keras.

    Raises:
        UnreadableError: it is none, or h5py is not installed.
    """
    return _content(*_from_h5(data))


def from_archive(data: bytes) -> Content:
    """The weights in a ``.keras`` file.

    Raises:
        UnreadableError: it is none, or h5py is not installed.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            member = archive.getinfo("model.weights.h5")
            if member.file_size > _LARGEST:
                raise UnreadableError("its weights are too large")
            inner = archive.read(member)
    except (zipfile.BadZipFile, KeyError, OSError, NotImplementedError, RuntimeError, EOFError) as error:
        raise UnreadableError(str(error)) from error
    return _content("keras", _from_h5(inner)[1])


def from_checkpoint(index: bytes, shards: Mapping[str, bytes]) -> Content:
    """The variables of a TensorFlow checkpoint: *shards* are by the end of their names, ``data-00000-of-00001``.

    Raises:
        UnreadableError: it is none, or TensorFlow is not installed.
    """
    if find_spec("tensorflow") is None:
        raise UnreadableError("TensorFlow is not installed")
    train = import_module("tensorflow").train
    arrays: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "checkpoint.index").write_bytes(index)
        for end, data in shards.items():
            Path(folder, f"checkpoint.{Path(end).name}").write_bytes(data)
        try:
            reader = train.load_checkpoint(str(Path(folder, "checkpoint")))
            for name in reader.get_variable_to_shape_map():
                if name != "_CHECKPOINTABLE_OBJECT_GRAPH":
                    arrays[name] = reader.get_tensor(name)
        except Exception as error:  # TensorFlow has errors of its own for each way to be damaged
            raise UnreadableError(str(error)) from error
    return _content("checkpoint", {_variable(name): array for name, array in arrays.items()})


def weight(array: Any) -> dict[str, Any]:
    """One array as the trace has it; *array* is a NumPy array of numbers, booleans or strings."""
    array = np.asarray(array)
    if array.dtype.kind in "OSU":
        data = b"\0".join(item if isinstance(item, bytes) else str(item).encode() for item in array.ravel().tolist())
        return {"shape": list(array.shape), "dtype": "string", "sha256": hashlib.sha256(data).hexdigest()}
    array = np.ascontiguousarray(array.astype(array.dtype.newbyteorder("<"))).reshape(array.shape)
    kept = {
        "shape": list(array.shape),
        "dtype": array.dtype.name,
        "sha256": hashlib.sha256(array.tobytes()).hexdigest(),
    }
    if array.dtype.kind not in "biuf":
        return kept
    flat = array.ravel()
    if flat.size <= SMALL:
        return {**kept, "values": [number(float(item)) for item in flat.tolist()]}
    return {**kept, "sketch": sketch(flat)}


def sketch(flat: Any) -> list[Any]:
    """The norm of *flat*, how many of its elements are not finite, and its projections on fixed vectors of signs.

    With signs drawn independently, the mean square of the differences of two arrays' projections estimates the
    square of their distance (Johnson and Lindenstrauss; Achlioptas 2003), without bias and with a relative standard
    deviation of at most sqrt(2 / PROJECTIONS). What is not finite counts as zero in norm and projections.
    """
    sums = np.zeros(PROJECTIONS)
    square, not_finite = 0.0, 0
    for at, start in enumerate(range(0, flat.size, _CHUNK)):
        part = flat[start : start + _CHUNK].astype(np.float64)
        finite = np.isfinite(part)
        not_finite += int((~finite).sum())
        part = np.where(finite, part, 0.0)
        square += float(part @ part)
        sums += _signs(at)[:, : part.size] @ part
    return [number(float(np.sqrt(square))), not_finite, *(number(float(item)) for item in sums)]


@functools.lru_cache(maxsize=16)
def _signs(chunk: int) -> Any:
    """Signs ``(PROJECTIONS, _CHUNK)``; of a bit generator NumPy promises the raw stream for good, so of that."""
    raw = np.random.PCG64(np.random.SeedSequence([_SEED, chunk])).random_raw(PROJECTIONS * _CHUNK // 64)
    bits = np.unpackbits(raw.astype("<u8").view(np.uint8))
    return bits.reshape(PROJECTIONS, _CHUNK).astype(np.int8) * 2 - 1


def _from_h5(data: bytes) -> tuple[str, dict[str, Any]]:
    if find_spec("h5py") is None:
        raise UnreadableError("h5py is not installed")
    h5py = import_module("h5py")
    arrays: dict[str, Any] = {}

    def visit(name: str, item: Any) -> None:
        """Each object once; links are not followed, so nothing outside of *data* is read."""
        if not isinstance(item, h5py.Dataset) or item.is_virtual or item.external:
            return
        if sum(array.nbytes for array in arrays.values()) + item.nbytes > _LARGEST:
            raise UnreadableError("its weights are too large")
        arrays[name] = item[()]

    try:
        with h5py.File(io.BytesIO(data), "r") as file:
            full = "model_weights" in file or "model_config" in file.attrs
            file.visititems(visit)
    except (OSError, ValueError, KeyError, RuntimeError, TypeError) as error:
        raise UnreadableError(str(error)) from error
    return ("h5" if full else "weights.h5"), {_h5_name(name): array for name, array in arrays.items()}


def _h5_name(name: str) -> str:
    name = name.removeprefix("model_weights/").removesuffix(":0")
    return "optimizer/" + name.removeprefix("optimizer_weights/") if name.startswith("optimizer_weights/") else name


def _variable(name: str) -> str:
    """``a/b`` of ``a/b/.ATTRIBUTES/VARIABLE_VALUE``; a slot of the optimizer begins with ``optimizer/``."""
    name = name.removesuffix("/.ATTRIBUTES/VARIABLE_VALUE")
    variable, is_slot, slot = name.partition("/.OPTIMIZER_SLOT/")
    return f"{slot}/{variable}" if is_slot else name


def _content(kind: str, arrays: Mapping[str, Any]) -> Content:
    return Content(_type="weights", format=kind, weights={name: weight(arrays[name]) for name in sorted(arrays)})
