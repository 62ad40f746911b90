"""The bases of our three newer callbacks in a program whose Keras computes without TensorFlow.

wandb's own begin with ``import tensorflow``. These are made from Keras' callbacks, have the names, arguments, methods
and attributes that wandb documents, and log the same. Like wandb's, they write by calling functions of their module's
global ``wandb`` from their methods: :mod:`..proxy` depends on that.
"""

from __future__ import annotations

from .eval_callback import WandbEvalCallback
from .metrics_logger import WandbMetricsLogger
from .model_checkpoint import WandbModelCheckpoint

__all__ = ["WandbEvalCallback", "WandbMetricsLogger", "WandbModelCheckpoint"]
