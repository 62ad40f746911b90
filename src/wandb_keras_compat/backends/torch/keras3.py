"""The backend for Keras 3 on PyTorch."""

from __future__ import annotations

from typing import Any

from .. import messages
from ..common.keras3 import AnyKeras3
from ..protocol import GradientPass, Unavailable
from . import holes
from .gradients import TorchGradientPass
from .random_state import restore_torch_random_state, torch_random_state


class Keras3OnTorch(AnyKeras3):
    """Implements :class:`~..protocol.Backend` for models of Keras 3 on PyTorch."""

    name = "keras3 on torch"
    holes = holes.HOLES

    def gradient_pass(self, model: Any) -> GradientPass:
        return TorchGradientPass(model, self)

    def random_state(self, model: Any) -> Any:
        return torch_random_state(), super().random_state(model)

    def restore_random_state(self, state: Any) -> None:
        of_torch, of_keras = state
        restore_torch_random_state(of_torch)
        super().restore_random_state(of_keras)

    def save_inference_model(self, model: Any, folder: str) -> None:
        hole = holes.SAVED_MODEL
        raise Unavailable(messages.unavailable(hole.lost, "torch", hole.reason, hole.instead))
