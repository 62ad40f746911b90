"""W&B's three newer Keras callbacks, behaving as documented on every wandb and every Keras.

Each class is a subclass of the installed wandb's own, and adds only what that one lacks. Where Keras computes without
TensorFlow, which wandb's own need, it is a subclass of one of :mod:`..sdk.own_callbacks`, which log the same.
"""

from __future__ import annotations

from .eval_callback import WandbEvalCallback
from .metrics_logger import WandbMetricsLogger
from .model_checkpoint import WandbModelCheckpoint

__all__ = ["WandbEvalCallback", "WandbMetricsLogger", "WandbModelCheckpoint"]
