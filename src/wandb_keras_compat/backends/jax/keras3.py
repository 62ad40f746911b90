"""The backend for Keras 3 on JAX."""

from __future__ import annotations

import inspect
import sys
from typing import Any

import jax

from .. import messages
from ..common.keras3 import AnyKeras3
from ..protocol import GradientPass, LocalCopy, NoCopy, Unavailable
from . import holes
from .gradients import JaxGradientPass
from .prediction import data_shards, values_put_back_on_failure


class Keras3OnJax(AnyKeras3):
    """Implements :class:`~..protocol.Backend` for models of Keras 3 on JAX, which has no random state of its own."""

    name = "keras3 on jax"
    holes = holes.HOLES

    def gradient_pass(self, model: Any) -> GradientPass:
        return JaxGradientPass(model, self)

    def predict(self, model: Any, inputs: Any, batch_size: int | None = None) -> Any:
        with values_put_back_on_failure(model):
            return super().predict(model, inputs, batch_size)

    def data_shards(self) -> int:
        return data_shards(self._keras)

    def save_inference_model(self, model: Any, folder: str) -> None:
        if "tensorflow" not in sys.modules:  # Keras would load it
            hole = holes.SAVED_MODEL
            raise Unavailable(messages.unavailable(hole.lost, "jax", hole.reason, hole.instead))
        quiet = {"verbose": False} if "verbose" in inspect.signature(model.export).parameters else {}
        model.export(folder, format="tf_saved_model", **quiet)

    def spans_workers(self, model: Any) -> bool:
        return int(jax.process_count()) > 1

    def local_copy(self, model: Any) -> LocalCopy:
        raise NoCopy(NotImplementedError(holes.SEVERAL_PROCESSES.reason))
