"""What the program's Keras computes with, as far as that can be told without importing anything."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

#: What Keras 3 computes with beside TensorFlow.
OTHERS = ("jax", "torch", "openvino")
#: What it can train with.
TRAINING = ("tensorflow", "jax", "torch")


def chosen_backend(environment: Mapping[str, str], home: Path) -> tuple[str, str]:
    """What Keras 3 will compute with, and what says so: ``KERAS_BACKEND``, the path of ``keras.json``, "the default".

    Args:
        environment: the variables to go by.
        home: the folder that has the user's ``.keras``.
    """
    if named := environment.get("KERAS_BACKEND"):
        return named, "KERAS_BACKEND"
    folder = Path(environment["KERAS_HOME"]) if environment.get("KERAS_HOME") else home / ".keras"
    try:
        named = json.loads((folder / "keras.json").read_text(encoding="utf-8"))["backend"]
    except (OSError, ValueError, KeyError, TypeError):
        return "tensorflow", "the default"
    return str(named), str(folder / "keras.json")


def present_backend() -> str:
    """What the program's choice says, if it is installed, else what is; "tensorflow" where nothing is.

    KERAS_BACKEND is a choice in any case. keras.json is not: Keras itself writes its default into it.
    """
    chosen, said_by = chosen_backend(os.environ, Path.home())
    if said_by == "KERAS_BACKEND":
        return chosen
    return next((name for name in (chosen, *TRAINING) if find_spec(name) is not None), "tensorflow")


def computes_without_tensorflow() -> bool:
    """Whether TensorFlow is not imported and will not be: Keras computes with something else, or none is there."""
    if sys.modules.get("tensorflow") is not None:
        return False
    return _backend() in OTHERS or find_spec("tensorflow") is None


def _backend() -> str:
    """The backend of the Keras that is loaded, or that the program has chosen."""
    backend = getattr(getattr(sys.modules.get("keras"), "backend", None), "backend", None)
    with suppress(Exception):  # a Keras that is being imported, or another program's module of that name
        if backend is not None:
            return str(backend())
    return chosen_backend(os.environ, Path.home())[0]
