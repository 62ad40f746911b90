"""Activation functions, as layers and as the ``activation`` of one."""

from __future__ import annotations

from typing import Any

from .calls import Call, size

#: Operations for each element.
PER_ELEMENT = {
    **dict.fromkeys(("elu", "exponential", "leaky_relu", "linear", "log_softmax", "relu", "relu6", "selu"), 0),
    **dict.fromkeys(("sigmoid", "softplus", "softsign", "tanh"), 0),
    **dict.fromkeys(("hard_shrink", "mish", "tanh_shrink"), 1),
    **dict.fromkeys(("hard_sigmoid", "hard_tanh", "log_sigmoid", "silu"), 2),
    "hard_silu": 3,
    **dict.fromkeys(("gelu", "soft_shrink", "sparse_sigmoid", "squareplus"), 4),
    **dict.fromkeys(("celu", "softmax", "sparse_plus"), 5),
}


def of_layer(call: Call, elements: int) -> int:
    """The operations of the ``activation`` of a layer on so many elements; 0 where it has none."""
    activation = getattr(call.layer, "activation", None)
    if activation is None:
        return 0
    if not getattr(activation, "__module__", "").startswith("keras."):
        raise call.uncountable("has an activation of the program's own")
    if hasattr(activation, "compute_output_spec"):  # a layer as an activation
        raise call.uncountable("has a layer as its activation")
    name = getattr(activation, "__name__", type(activation).__name__)
    if name not in PER_ELEMENT:
        raise call.uncountable(f"has the activation {name}, for which there is no rule")
    return PER_ELEMENT[name] * elements


def _activation(call: Call) -> int:
    return 0  # that of the layer is counted wherever there is one


def _relu(call: Call) -> int:
    layer = call.layer
    slope, highest, threshold = (_number(getattr(layer, name)) for name in ("negative_slope", "max_value", "threshold"))
    if slope and not threshold and highest is None:
        return 0  # one operation, which is not counted
    each = 3 if slope else 0
    if threshold:
        each += 2 if slope else 1
    if highest is not None and (threshold or highest != 6):
        each += 2
    return each * size(call.outputs[0])


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _elu(call: Call) -> int:
    return 0 if float(call.layer.alpha) == 1 else 2 * size(call.outputs[0])


def _prelu(call: Call) -> int:
    return 3 * size(call.outputs[0]) + size(call.layer.alpha.shape)


def _softmax(call: Call) -> int:
    return softmax(call.outputs[0], call.layer.axis)


def softmax(shape: tuple[int, ...], axis: Any) -> int:
    """A softmax over one axis or several of an array of this *shape*."""
    axes = list(axis) if isinstance(axis, (list, tuple)) else [axis]
    elements = size(shape)
    if len(axes) > 1:  # written with a logarithm of sums
        sums = elements
        for each in axes:
            sums //= shape[each]
        return 3 * elements + sums
    if axes[0] in (-1, len(shape) - 1):
        return 5 * elements
    # Another axis is swapped with the last one, by its number: some arithmetic of single numbers.
    return 5 * elements + (2 if axes[0] >= 0 else 5)


RULES = {
    "Activation": _activation,
    "ELU": _elu,
    "LeakyReLU": _activation,
    "PReLU": _prelu,
    "ReLU": _relu,
    "Softmax": _softmax,
}
