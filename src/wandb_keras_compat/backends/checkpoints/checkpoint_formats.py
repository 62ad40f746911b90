"""Which file a checkpoint request becomes, and how it is written, on Keras 2 and on Keras 3.

Keras 2 can write everything its users ask for. Keras 3 dropped the SavedModel and the TensorFlow checkpoint;
there each such request becomes the nearest format Keras itself can load again, under a name made by one
rule: *the requested name, with the extension appended*.

=====================  ============================  ===========================================
requested path         Keras 2                       Keras 3
=====================  ============================  ===========================================
``models``             SavedModel folder             ``models.keras``
``models`` and         HDF5 file ``models``          ``models.h5``
``save_format="h5"``
``m.h5``, ``m.hdf5``   as requested                  as requested
``m.keras``            as requested                  as requested
weights, ``w``         TensorFlow checkpoint         ``w.weights.h5``
weights, ``w.h5``      as requested                  as requested, in Keras 2's layout (else
                                                     ``w.h5.weights.h5``)
weights,               as requested                  as requested
``w.weights.h5``
=====================  ============================  ===========================================
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from glob import escape, glob
from typing import Any

from ...atomic_files import written_whole
from ..common import keras3_files
from ..common.keras3_files import keras_2_weights_writer
from .model_checkpoint import WRITES_TENSORFLOW_FORMATS, ZIP_FORMAT

_HDF5 = (".h5", ".hdf5")
#: Names of formats that `save_format=` knows, by the format they stand for (Keras 2's own list).
SAVE_FORMATS = {"tf": "tf", "tensorflow": "tf", "h5": "h5", "hdf5": "h5", "keras": "keras"}


@dataclass(frozen=True)
class CheckpointFormat:
    """Where a checkpoint is written, and in which format.

    Attributes:
        requested: the path as the user gave it, placeholders included.
        filepath: the path that is written, placeholders included.
        accepted_path: a path that the constructor of Keras' ``ModelCheckpoint`` lets pass; Keras 3 checks
            the extension there and refuses some that it can write.
        weights_only: whether only the weights are written.
        save_format: passed on to Keras 2, which is the only one that reads it.
    """

    requested: str
    filepath: str
    accepted_path: str
    weights_only: bool
    save_format: str | None

    def write(self, model: Any, path: str, **arguments: Any) -> None:
        """Write ``model`` to ``path`` (placeholders filled in), making the folder it goes to; whole or not at all."""
        if _written_later(arguments.get("options")):
            self._write(model, path, **arguments)
            return
        with written_whole(path) as partial:
            self._write(model, partial, **arguments)

    def _write(self, model: Any, path: str, **arguments: Any) -> None:
        if self.save_format is not None:
            arguments["save_format"] = self.save_format
        if not self.weights_only:
            if path.endswith(".keras"):
                arguments.pop("options", None)  # Keras 2.13 passes them on to a writer that refuses them
                if ZIP_FORMAT is not None:
                    arguments["save_format"] = ZIP_FORMAT
            _whole_model_writer(path)(model, path, **arguments)
        elif not WRITES_TENSORFLOW_FORMATS and not path.endswith(".weights.h5"):
            _write_keras_2_weights(model, path)
        else:
            model.save_weights(path, **arguments)


def checkpoint_format(requested: str, weights_only: bool, save_format: str | None) -> CheckpointFormat:
    """Decide what is written for a request, on the Keras in use.

    Args:
        requested: the path, placeholders included.
        weights_only: the argument ``save_weights_only``.
        save_format: a key of :data:`SAVE_FORMATS`, or None. As in Keras, an extension in the path wins.
    """
    format_name = None if save_format is None else SAVE_FORMATS[save_format]
    known = requested.endswith((*_HDF5, ".keras"))
    if WRITES_TENSORFLOW_FORMATS:
        filepath = requested
        if format_name == "keras" and not weights_only and not known:
            filepath = _with_extension(requested, ".keras")
        passed_on = format_name if format_name in ("tf", "h5") and not known else None
        return CheckpointFormat(requested, filepath, filepath, weights_only, passed_on)
    if weights_only:
        filepath = _weights_path(requested)
        accepted = filepath if filepath.endswith(".weights.h5") else filepath + ".weights.h5"
    else:
        filepath = requested if known else _with_extension(requested, ".h5" if format_name == "h5" else ".keras")
        accepted = filepath if filepath.endswith(".keras") else filepath + ".keras"
    return CheckpointFormat(requested, filepath, accepted, weights_only, None)


def check_options(options: Any, weights_only: bool) -> None:
    """Refuse, as Keras 2 does, an ``options`` object of the wrong kind.

    Raises:
        TypeError: when ``options`` is not None and not what the kind of checkpoint takes.
    """
    if options is None:
        return
    tf = sys.modules.get("tensorflow")  # where it is not loaded, no object of its own can have been given
    wanted: Any = () if tf is None else tf.train.CheckpointOptions if weights_only else tf.saved_model.SaveOptions
    if not isinstance(options, wanted):
        name = "tf.train.CheckpointOptions" if weights_only else "tf.saved_model.SaveOptions"
        raise TypeError(f"With save_weights_only={weights_only}, options= must be None or a {name}; it is {options!r}.")


def forgets_optimizer(model: Any, path: str, weights_only: bool) -> bool:
    """Whether ``path``, written for ``model``, is a whole model without the state that its optimizer has."""
    return (
        _whole_model_writer(path) is keras3_files.save_hdf5
        and not weights_only
        and (keras3_files.forgets_optimizer(model))
    )


def was_removed(path: str) -> bool:
    """Whether there is no file, no folder and no TensorFlow checkpoint at the local ``path`` (any more)."""
    return "://" not in path and not os.path.exists(path) and not os.path.exists(f"{path}.index")


def is_tensorflow_checkpoint(path: str) -> bool:
    """Whether ``path`` names a TensorFlow checkpoint, which is a prefix of files and no file itself."""
    return not os.path.exists(path) and os.path.exists(f"{path}.index")


def tensorflow_checkpoint_files(path: str) -> list[str]:
    """The files of the TensorFlow checkpoint ``path``: index, every shard, and the folder's state file.

    The state file, called ``checkpoint``, is what ``tf.train.latest_checkpoint(folder)`` reads.
    """
    state = os.path.join(os.path.dirname(path), "checkpoint")
    shards = sorted(glob(f"{escape(path)}.data-*"))
    return [f"{path}.index", *shards, *([state] if os.path.isfile(state) else [])]


def _whole_model_writer(path: str) -> Callable[..., None]:
    """The function that writes a whole model to ``path``: ``model.save``, or ours where Keras' files have faults."""
    if not WRITES_TENSORFLOW_FORMATS and path.endswith(_HDF5):
        return keras3_files.save_hdf5
    if not WRITES_TENSORFLOW_FORMATS and path.endswith(".keras"):
        return keras3_files.save_zip
    return _save


def _save(model: Any, path: str, **arguments: Any) -> None:
    model.save(path, **arguments)


def _written_later(options: Any) -> bool:
    """Whether TensorFlow goes on writing after the call returns; what it writes cannot be moved at the end then."""
    names = ("enable_async", "experimental_enable_async_checkpoint")
    return any(getattr(options, name, False) for name in names)


def _weights_path(requested: str) -> str:
    if requested.endswith(".weights.h5"):
        return requested
    if requested.endswith(_HDF5) and keras_2_weights_writer() is not None:
        return requested
    return _with_extension(requested, ".weights.h5")


def _with_extension(path: str, extension: str) -> str:
    # A SavedModel is a folder, so "models/" is a fair request; ".keras" alone inside it would not be.
    return (path.rstrip("/" + os.sep) or path) + extension


def _write_keras_2_weights(model: Any, path: str) -> None:
    import h5py  # a dependency of Keras, and slow to import

    writer = keras_2_weights_writer()
    assert writer is not None, "a path of this kind is only planned where the writer exists"
    with h5py.File(path, "w") as file:
        writer(file, model)
