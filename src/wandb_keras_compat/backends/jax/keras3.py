"""The backend for Keras 3 on JAX."""

from __future__ import annotations

from typing import Any

import jax

from ... import messages
from ..common.keras3 import AnyKeras3
from ..protocol import GradientPass, LocalCopy, NoCopy, Unavailable
from . import holes
from .gradients import JaxGradientPass


class Keras3OnJax(AnyKeras3):
    """Implements :class:`~..protocol.Backend` for models of Keras 3 on JAX, which has no random state of its own."""

    name = "keras3 on jax"
    holes = holes.HOLES

    def gradient_pass(self, model: Any) -> GradientPass:
        return JaxGradientPass(model, self)

    def save_inference_model(self, model: Any, folder: str) -> None:
        hole = holes.SAVED_MODEL
        raise Unavailable(messages.unavailable(hole.lost, "jax", hole.reason, hole.instead))

    def spans_workers(self, model: Any) -> bool:
        return int(jax.process_count()) > 1

    def local_copy(self, model: Any) -> LocalCopy:
        raise NoCopy(NotImplementedError(holes.SEVERAL_PROCESSES.reason))
