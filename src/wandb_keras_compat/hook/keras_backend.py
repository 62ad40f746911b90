"""Functions of Keras 2 that tf_keras has removed, most of them from ``keras.backend``. Imported on first use."""

from __future__ import annotations

from typing import Any

import tensorflow as tf
from tf_keras.src import backend
from tf_keras.src.engine.keras_tensor import KerasTensor

__all__ = [
    "control_dependencies",
    "image_dim_ordering",
    "is_tensor",
    "is_variable",
    "relu6",
    "set_image_dim_ordering",
    "size",
    "slice",
]

control_dependencies = tf.control_dependencies
_ORDERINGS = {"tf": "channels_last", "th": "channels_first"}


def image_dim_ordering() -> str:
    """Keras 1's name of the image data format: "tf" or "th"."""
    return next(name for name, data_format in _ORDERINGS.items() if data_format == backend.image_data_format())


def set_image_dim_ordering(dim_ordering: str) -> None:
    """Sets the image data format by Keras 1's name.

    Raises:
        ValueError: it is neither "tf" nor "th".
    """
    if dim_ordering not in _ORDERINGS:
        raise ValueError(f"Unknown dim_ordering: {dim_ordering}")
    backend.set_image_data_format(_ORDERINGS[dim_ordering])


def is_tensor(x: Any) -> bool:
    """Whether *x* is a tensor, symbolic or not, or a variable."""
    return isinstance(x, (tf.Tensor, tf.Variable, tf.SparseTensor, tf.RaggedTensor, KerasTensor))


def is_variable(x: Any) -> bool:
    """Whether *x* is a variable."""
    return isinstance(x, tf.Variable)


def relu6(x: Any) -> Any:
    """The activation that saved models of MobileNet name; it was in ``keras.applications.mobilenet``."""
    return backend.relu(x, max_value=6)


def size(x: Any, name: str | None = None) -> Any:
    """The number of elements of a tensor."""
    return tf.size(x, name=name)


def slice(x: Any, start: Any, size: Any) -> Any:  # noqa: A001
    """The part of a tensor from *start* of shape *size*."""
    return tf.slice(x, start, size)
