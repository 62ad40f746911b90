"""Float operations of one inference, counted from the shapes of a Keras 3 model's layers alone.

The figure is that of TensorFlow's profiler for the frozen graph, which the legacy class logged, for a model that
computes with TensorFlow: measured with TensorFlow 2.21 and Keras 3.15, layer by layer, and held to it by a test.
Neither a framework nor a run of the model is needed, so it is the same on every backend.

The profiler has its own view of what an operation is. A multiplication with an addition counts two; ``tanh``, ``exp``
and maxima over an axis count nothing, nor does ``MaxPool3D``; a nearest upsampling counts the products that give its
output's shape. The rules below say what it counts, not what a processor does.
"""

from __future__ import annotations

from typing import Any

from .calls import Call, Uncountable, calls_of
from .rules import operations_of

__all__ = ["Uncountable", "count"]


def count(model: Any) -> int:
    """The float operations of *model* on one sample.

    Args:
        model: a Sequential or functional model of Keras 3, built; others may be nested in it.

    Raises:
        Uncountable: no rule tells what the profiler would count; it names the layer.
    """
    return _count(model, None)


def _count(model: Any, inputs: list[tuple[int, ...]] | None) -> int:
    return sum(operations_of(call, _count_call) for call in calls_of(model, inputs))


def _count_call(call: Call) -> int:
    if call.is_model:
        return _count(call.layer, call.inputs)
    return operations_of(call, _count_call)
