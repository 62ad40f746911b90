"""Which rule counts a call."""

from __future__ import annotations

from collections.abc import Callable

from . import activations, attention, layers, normalization, operations
from .calls import Call, keras_class, size

Rule = Callable[[Call], int]

OF_LAYERS: dict[str, Rule] = {
    **layers.RULES,
    **activations.RULES,
    **normalization.RULES,
    **attention.RULES,
}
#: Layers that compute something else where a mask reaches them.
_READ_MASKS = frozenset(
    {"AdditiveAttention", "Attention", "GlobalAveragePooling1D", "MultiHeadAttention", "Softmax", "TimeDistributed"}
)


def operations_of(call: Call, count: Callable[[Call], int]) -> int:
    """The float operations of one *call*.

    Args:
        call: of a layer, an operation or a model.
        count: counts the call of a layer inside this one.

    Raises:
        Uncountable: there is no rule.
    """
    if "mask" in call.arguments:
        raise call.uncountable("is given a mask")
    if call.is_model:
        return count(call)
    kind, name = keras_class(call.layer)
    if kind == "operation":
        return operations.operations_of(call, name)
    if call.masked and name in _READ_MASKS:
        raise call.uncountable("is given a mask")
    if getattr(call.layer, "lora_enabled", False) or getattr(call.layer, "quantization_mode", None):
        raise call.uncountable("has low-rank or quantized weights")
    if name == "TimeDistributed":
        return _over_time(call, count)
    if name == "SpectralNormalization":  # it divides the kernel while it trains
        return count(Call(call.layer.layer, call.inputs, call.outputs))
    if name in layers.RECURRENT:
        raise call.uncountable("is recurrent: of the loop over its steps TensorFlow's profiler counts a part of one")
    rule = OF_LAYERS.get(name)
    if rule is None:
        raise call.uncountable("is a layer for which there is no rule")
    return rule(call) + activations.of_layer(call, size(call.outputs[0]))


def _over_time(call: Call, count: Callable[[Call], int]) -> int:
    (whole,), (made,) = call.inputs, call.outputs
    step = Call(call.layer.layer, [(1, *whole[2:])], [(1, *made[2:])])
    return whole[1] * count(step)
