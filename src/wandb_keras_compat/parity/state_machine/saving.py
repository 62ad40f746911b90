"""Files of models in no time: a real SavedModel takes half a second.

A saved model is the number of its weights (:class:`.events.Trained`), under the name that the real file was to have.
That real files are right, the scenarios of the suite say.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest import mock


def content(version: int, whole: bool) -> bytes:
    """What is in a file of a model, or of its weights only."""
    return json.dumps({"weights": version, "whole": whole}).encode()


#: The file in a SavedModel.
SAVED_MODEL = "model.json"


def mark(model: Any, version: int) -> None:
    """Makes *model* save that its weights are number *version*."""

    def save(path: Any, *_: Any, **options: Any) -> None:
        path = Path(path)
        if path.suffix not in (".h5", ".keras"):
            path.mkdir(parents=True, exist_ok=True)
            path /= SAVED_MODEL
        path.write_bytes(content(version, whole=True))

    def save_weights(path: Any, *_: Any, **__: Any) -> None:
        Path(path).write_bytes(content(version, whole=False))

    # Past Keras, which looks into what is set on a model.
    object.__setattr__(model, "save", save)
    object.__setattr__(model, "save_weights", save_weights)


@contextmanager
def quick() -> Iterator[None]:
    """Makes a marked model save itself quickly too where the shim does not go through ``model.save``."""
    import tensorflow as tf

    from ...backends.tensorflow.keras3 import Keras3

    whole = tf.saved_model.save

    def saved_model(model: Any, folder: str, *args: Any, **options: Any) -> None:
        if "save" in vars(model):
            model.save(os.path.join(folder))
        else:
            whole(model, folder, *args, **options)

    def weights(_: Any, model: Any, path: str) -> None:
        model.save_weights(path)

    with ExitStack() as changed:
        changed.enter_context(mock.patch.object(tf.saved_model, "save", saved_model))
        changed.enter_context(mock.patch.object(Keras3, "save_weights_h5", weights))
        yield
