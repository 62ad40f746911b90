"""Which versions are installed.

Nothing here imports what it asks about: versions are read from the installed metadata.
"""

from __future__ import annotations

import os
import sys
from functools import cache
from importlib import metadata
from types import ModuleType

from packaging.version import InvalidVersion, Version

#: Distributions that provide the module of the same meaning, in the order they are looked for.
_DISTRIBUTIONS = {
    "tensorflow": ("tensorflow", "tensorflow-cpu", "tensorflow-cpu-aws", "tensorflow-macos", "tf-nightly"),
    "keras": ("keras", "keras-nightly"),
    "tf-keras": ("tf-keras",),
    "wandb": ("wandb",),
}


_ABSENT = "not installed"


@cache
def installed(package: str) -> Version | None:
    """The installed version of *package*, or None where it is absent or says nothing readable.

    Raises:
        OSError: the metadata is there and cannot be read, for example since too many files are open.
    """
    if package == "python":
        return Version(".".join(map(str, sys.version_info[:3])))
    for distribution in _DISTRIBUTIONS.get(package, (package,)):
        try:
            return Version(metadata.version(distribution))
        except (metadata.PackageNotFoundError, InvalidVersion, TypeError):
            continue
    return None


def minor(module: ModuleType) -> tuple[int, ...]:
    """Major and minor version of a package that is loaded, as it says itself."""
    return tuple(int(part) for part in module.__version__.split(".")[:2])


def legacy_keras_requested() -> bool:
    """Whether ``TF_USE_LEGACY_KERAS`` makes ``tf.keras`` mean the tf-keras package."""
    return os.environ.get("TF_USE_LEGACY_KERAS", "").lower() in {"1", "true"}


def keras_package() -> str:
    """The distribution that ``tf.keras`` means: ``keras`` or ``tf-keras``."""
    return "tf-keras" if legacy_keras_requested() and installed("tf-keras") else "keras"


def keras_version() -> str:
    """The version of the Keras that ``tf.keras`` means."""
    return str(installed(keras_package()))


def describe(*frameworks: str) -> str:
    """The versions a bug report needs, in one line for the end of a message; never raises.

    Beside TensorFlow it names what is loaded of the others, and *frameworks* (``"jax"``, ``"torch"``), loaded or not.

    Once read they are remembered. Whoever may have to say them when nothing works any more, calls this before.

    Example:
        ``TensorFlow 2.21.0, Keras 3.15.1, wandb 0.31.0, Python 3.13.0``
    """
    try:
        keras = keras_package()
    except OSError:
        keras = "keras"
    others = [
        (label, name) for label, name in (("JAX", "jax"), ("PyTorch", "torch")) if name in {*sys.modules, *frameworks}
    ]
    tensorflow = ("TensorFlow", "tensorflow")
    named = [tensorflow, *others, ("Keras" if keras == "keras" else keras, keras), ("wandb", "wandb")]
    said = {label: _said(package) for label, package in named}
    if others and said["TensorFlow"] == _ABSENT:
        del said["TensorFlow"]
    return ", ".join([*(f"{label} {version}" for label, version in said.items()), f"Python {installed('python')}"])


def _said(package: str) -> str:
    try:
        return str(installed(package) or _ABSENT)
    except OSError:
        return "of a version that cannot be read"
