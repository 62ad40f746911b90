"""What Keras 2 and Keras 3 on TensorFlow have in common."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from ..common.any_keras import AnyKeras
from ..protocol import GradientPass
from .random_state import eager_stream_beside
from .variables import preserved, raw


class TensorFlowKeras(AnyKeras):
    """The part of :class:`~..protocol.Backend` that is the same for Keras 2 and Keras 3 on TensorFlow."""

    def float_operations(self, model: Any) -> int:
        from .flops import float_operations  # what it imports is slow to import

        return float_operations(model, self.inputs(model) or [])

    def gradient_pass(self, model: Any) -> GradientPass:
        from .gradients import TensorFlowGradientPass

        return TensorFlowGradientPass(model, self)

    def preserved_states(self, model: Any) -> AbstractContextManager[None]:
        import tensorflow as tf

        states = tf.nest.flatten([layer.states for layer in self.stateful_layers(model)])
        return preserved([raw(state) for state in states if state is not None])

    def stream_beside(self, state: Any) -> Any:
        eager, *others = state  # of Keras 2 and of Keras 3
        return eager_stream_beside(eager), *others
