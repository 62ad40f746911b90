"""Checks whether ``keras="tf_keras"`` can be chosen in this process, without importing anything."""

from __future__ import annotations

import os
import sys
from importlib import metadata

from . import keras_messages
from .choices import KERAS_CHOICES
from .keras_finder import REAL, path_of

#: Distributions that bring TensorFlow, all to the same place: of two, the one installed last has won.
TENSORFLOWS = ("tensorflow", "tensorflow-cpu", "tensorflow-intel", "tensorflow-macos", "tensorflow-rocm", "tf-nightly")
#: From this TensorFlow on tf_keras can take the place of its Keras.
_FIRST = (2, 15)


class KerasOptionError(RuntimeError):
    """The option cannot be chosen; the message is one sentence and says what to do."""


def check(value: str, entered: str | None) -> None:
    """Raises:
    KerasOptionError: the value is none, it comes too late, or what it needs is not installed.
    """
    if value not in KERAS_CHOICES:
        raise KerasOptionError(keras_messages.unknown_value(value, KERAS_CHOICES))
    if entered is not None:
        if entered != value:
            raise KerasOptionError(keras_messages.chosen_already(entered, value))
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
    problem = installation()
    if problem:
        raise KerasOptionError(problem)


def installation() -> str:
    """The sentence about a missing or unfit package, with the command that mends it; "" if all is well."""
    if path_of("tensorflow") is None:
        return keras_messages.no_tensorflow()
    version = next(filter(None, map(version_of, TENSORFLOWS)), "")
    minor = ".".join(version.split(".")[:2])
    if version and tuple(map(int, minor.split("."))) < _FIRST:
        return keras_messages.keras_2_already(version)
    if path_of(REAL) is None:
        return keras_messages.no_tf_keras(minor)
    found = version_of("tf-keras")
    if version and found and not f"{found}.".startswith(f"{minor}."):
        return keras_messages.other_minor(found, minor)
    return ""


def version_of(distribution: str) -> str:
    """The installed version, "" if there is none."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return ""
