"""What a folder that a callback saved predicts, whatever it is: a SavedModel, a file of a model, or one of weights."""

from __future__ import annotations

import contextlib
import pathlib
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

from .frameworks import keras


def values(tensor: Any) -> Any:
    """As an array; PyTorch's tensors, which keep a graph, want to be let go of it."""
    return np.asarray(tensor.detach() if hasattr(tensor, "detach") else tensor)


def predictions_from(folder: pathlib.Path, x: Any, model_of: Callable[[], Any]) -> Any:
    """Of *x* by the model in *folder*; None where nothing there can be loaded.

    Args:
        model_of: makes a model that weights can be loaded into.
    """
    files = [path for path in folder.rglob("*") if path.is_file()]
    named = {path.name: path for path in files}
    if "saved_model.pb" in named:
        tf: Any = import_module("tensorflow")
        loaded = tf.saved_model.load(str(named["saved_model.pb"].parent))
        return np.asarray(next(iter(loaded.signatures["serving_default"](tf.constant(x)).values())))
    indexes = [path for path in files if path.suffix == ".index"]
    for path in [*(str(index.with_suffix("")) for index in indexes), *map(str, files)]:
        with contextlib.suppress(Exception):
            return values(keras.models.load_model(path, compile=False)(x))
        fresh = model_of()
        fresh.set_weights([np.zeros_like(w) for w in fresh.get_weights()])
        with contextlib.suppress(Exception):
            status = fresh.load_weights(path)
            if hasattr(status, "expect_partial"):
                status.expect_partial()
            return values(fresh(x))
    return None
