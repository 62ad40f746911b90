"""Real offline runs to log to, and the legacy class where the installed wandb has one that works."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def offline_run() -> Iterator[Any]:
    """A run in a temporary folder that never asks a server anything; its files are gone afterwards."""
    import wandb

    quiet = wandb.Settings(console="off", silent=True)
    with tempfile.TemporaryDirectory(prefix="wandb-keras-compat-benchmark-") as folder:
        run = wandb.init(mode="offline", project="benchmarks", dir=folder, settings=quiet)
        try:
            yield run
        finally:
            run.finish()


def legacy_class() -> type[Any] | None:
    """wandb's own ``WandbCallback``, or None where wandb has none or it cannot train on this Keras.

    On Keras 3 it still exists beside wandb 0.18 to 0.27, and dies in the first batch.
    """
    import tensorflow as tf

    if hasattr(tf.keras, "ops"):
        return None
    try:
        from wandb.integration.keras.keras import WandbCallback
    except (ImportError, AttributeError):
        return None
    found: type[Any] = WandbCallback
    return None if found.__module__.startswith("wandb_keras_compat") else found


NO_LEGACY = "no legacy class that trains on this Keras and wandb"
