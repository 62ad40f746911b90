"""Which Keras a program uses, and the backend for a model of it.

Answered from what is loaded, and only where nothing is, from what the program has chosen (``KERAS_BACKEND``,
``keras.json``, ``TF_USE_LEGACY_KERAS``): a framework that the program does not use is never imported, since that takes
seconds, memory and perhaps a device.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ..hook.frameworks import chosen_backend
from ..versions import installed, legacy_keras_requested, minor
from . import messages
from .protocol import Backend

#: The first Keras that this package supports on a framework other than TensorFlow.
FIRST_ON_OTHER_FRAMEWORKS = (3, 3)


def backend_of(model: Any) -> Backend:
    """The backend for the Keras package that *model* comes from; for no Keras model that of :func:`program_keras`.

    Raises:
        ImportError: as :func:`program_keras`.
    """
    family = next((one for one in loaded_families() if isinstance(model, one.Model)), None)
    return _backend_for(program_keras() if family is None else family)


def callback_base() -> type[Any]:
    """``keras.callbacks.Callback`` of :func:`program_keras`."""
    base: type[Any] = program_keras().callbacks.Callback
    return base


def loaded_families() -> list[Any]:
    """Every Keras package that is loaded and has a ``Model``; ``tf.keras`` first, where it may be another module.

    Two can be loaded at once (``tf_keras`` beside Keras 3); a model says which one is its own.
    """
    families = [sys.modules[name] for name in ("keras", "tf_keras") if name in sys.modules]
    if "tensorflow" in sys.modules and not _computes_elsewhere(sys.modules.get("keras")):
        families.insert(0, sys.modules["tensorflow"].keras)
    unique: dict[int, Any] = {}
    for family in families:
        model = getattr(family, "Model", None)
        if model is not None:
            unique.setdefault(id(model), family)
    return list(unique.values())


def program_keras() -> Any:
    """The Keras that the program uses: ``tf.keras``, and where Keras 3 computes with another framework ``keras``.

    Imported if need be.

    Raises:
        ModuleNotFoundError: there is no Keras, or not the framework that it is set to compute with.
        ImportError: the Keras is too old for the framework, or cannot train with it.
    """
    if _computes_elsewhere(sys.modules.get("keras")) and not _tf_keras_is_in_use():
        return _checked(sys.modules["keras"])
    missing = what_is_missing()
    if missing is not None:
        raise missing
    if chosen_framework() == "tensorflow" or legacy_keras_requested():
        return import_module("tensorflow").keras
    return _checked(import_module("keras"))


def what_is_missing() -> ModuleNotFoundError | None:
    """The error that says what is to be installed before the program can use the Keras that it has chosen, or None.

    Nothing is imported.
    """
    framework = chosen_framework()
    if framework == "tensorflow" or legacy_keras_requested():
        if _there("tensorflow"):
            return None
        if not _there("keras"):
            return ModuleNotFoundError(messages.no_keras(), name="keras")
        return ModuleNotFoundError(messages.no_framework("tensorflow", _others()), name="tensorflow")
    if not _there(framework) and framework in ("jax", "torch"):
        return ModuleNotFoundError(messages.no_framework(framework, _others()), name=framework)
    return None


def framework_of(keras: Any) -> str:
    """What the package *keras* computes with: ``tensorflow``, ``jax``, ``torch``, ``numpy``, ``openvino``."""
    return str(keras.config.backend()) if is_keras_3(keras) else "tensorflow"


def is_keras_3(keras: Any) -> bool:
    """Keras 3 is recognized by its operations, which Keras 2 does not have, and not by its version number."""
    return hasattr(keras, "Operation") or hasattr(keras, "ops")


def chosen_framework() -> str:
    """What Keras will compute with once it is imported: as Keras itself finds it out, without importing it."""
    chosen, _ = chosen_backend(os.environ, Path.home())
    if chosen == "tensorflow":
        return chosen
    # Asked last: to look for a version takes longer than all else here.
    version = installed("keras")
    return "tensorflow" if version is None or version.major < 3 else chosen


def _computes_elsewhere(keras: Any) -> bool:
    """Whether *keras* is a loaded Keras 3 that computes with another framework than TensorFlow."""
    return keras is not None and is_keras_3(keras) and framework_of(keras) != "tensorflow"


def _tf_keras_is_in_use() -> bool:
    return legacy_keras_requested() and "tf_keras" in sys.modules


def _backend_for(keras: Any) -> Backend:
    framework = framework_of(keras)
    if not is_keras_3(keras):
        from .tensorflow.keras2 import Keras2

        return Keras2(keras)
    if framework == "tensorflow":
        from .tensorflow.keras3 import Keras3

        return Keras3(keras)
    _checked(keras)
    if framework == "jax":
        from .jax.keras3 import Keras3OnJax

        return Keras3OnJax(keras)
    from .torch.keras3 import Keras3OnTorch

    return Keras3OnTorch(keras)


def _checked(keras: Any) -> Any:
    """*keras*, which computes with another framework than TensorFlow, if it is new enough and can train with it."""
    framework = framework_of(keras)
    if framework not in ("jax", "torch"):
        raise ImportError(messages.framework_cannot_train(framework), name="keras")
    if minor(keras) < FIRST_ON_OTHER_FRAMEWORKS:
        first = ".".join(map(str, FIRST_ON_OTHER_FRAMEWORKS))
        raise ImportError(messages.keras_too_old(keras.__version__, framework, first), name="keras")
    return keras


def _there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ValueError:  # loaded in a way of its own, without a spec
        return True


def _others() -> list[str]:
    """The frameworks that Keras 3 could compute with here."""
    version = installed("keras")
    if version is None or version.release < FIRST_ON_OTHER_FRAMEWORKS:
        return []
    return [name for name in ("jax", "torch") if _there(name)]
