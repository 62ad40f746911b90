"""Whether ``keras="tf_keras"`` can be chosen here and now; nothing is imported to find out."""

from __future__ import annotations

import os
import sys
from importlib import metadata

from . import keras_messages
from .keras_finder import REAL, path_of

CHOICES = ("tf_keras",)

#: Distributions that bring TensorFlow.
_TENSORFLOW = ("tensorflow", "tensorflow-cpu", "tensorflow-intel", "tensorflow-macos", "tensorflow-rocm", "tf-nightly")
#: From this TensorFlow on tf_keras can take the place of its Keras.
_FIRST = (2, 15)


class KerasOptionError(RuntimeError):
    """The option cannot be chosen; the message is one sentence and says what to do."""


def check(value: str, entered: str | None) -> None:
    """Raises:
    KerasOptionError: the value is none, it comes too late, or what it needs is not installed.
    """
    if value not in CHOICES:
        raise KerasOptionError(keras_messages.unknown_value(value, CHOICES))
    if entered is not None:
        return
    backend = os.environ.get("KERAS_BACKEND", "tensorflow")
    if backend != "tensorflow":
        raise KerasOptionError(keras_messages.other_backend(backend))
    _installed()
    loaded = _loaded_already()
    if loaded:
        raise KerasOptionError(keras_messages.too_late(loaded))


def _loaded_already() -> str:
    """The module that has made Keras 3 the Keras of this process, or nothing."""
    if "keras" in sys.modules:
        return "keras"
    tensorflow = sys.modules.get("tensorflow")
    if tensorflow is not None and not getattr(tensorflow, "_tf_uses_legacy_keras", False):
        return "tensorflow"
    return ""


def _installed() -> None:
    if path_of("tensorflow") is None:
        raise KerasOptionError(keras_messages.no_tensorflow())
    version = next(filter(None, map(_version, _TENSORFLOW)), "")
    minor = ".".join(version.split(".")[:2])
    if version and tuple(map(int, minor.split("."))) < _FIRST:
        raise KerasOptionError(keras_messages.keras_2_already(version))
    if path_of(REAL) is None:
        raise KerasOptionError(keras_messages.no_tf_keras(minor))
    found = _version("tf-keras")
    if version and found and not f"{found}.".startswith(f"{minor}."):
        raise KerasOptionError(keras_messages.other_minor(found, minor))


def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return ""
