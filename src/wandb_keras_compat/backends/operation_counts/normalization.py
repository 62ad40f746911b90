"""Normalization over a batch, a layer, groups of channels."""

from __future__ import annotations

from .calls import Call, product, size


def _batch(call: Call) -> int:
    layer, shape = call.layer, call.outputs[0]
    channels = shape[int(layer.axis)]
    return 2 * size(shape) + (6 if layer.scale else 5) * channels


def _layer(call: Call) -> int:
    """Mean and variance, four for an element; then what shifts and scales, an element or a group each."""
    layer, shape = call.layer, call.outputs[0]
    axes = [layer.axis] if isinstance(layer.axis, int) else list(layer.axis)
    elements = size(shape)
    groups = elements // product(shape[axis] for axis in axes)
    scaling = 3 * elements if layer.scale else elements + groups
    return 5 * elements + 4 * groups + scaling + (elements if layer.center else 0)


def _groups(call: Call) -> int:
    layer, shape = call.layer, call.outputs[0]
    elements, channels, groups = size(shape), shape[int(layer.axis)], int(layer.groups)
    scaling = 2 * channels if layer.scale else groups
    return 6 * elements + 4 * groups + scaling + (channels if layer.center else 0)


def _unit(call: Call) -> int:
    shape, axis = call.outputs[0], call.layer.axis
    axes = [axis] if isinstance(axis, int) else list(axis)
    elements = size(shape)
    return 3 * elements + 2 * (elements // product(shape[each] for each in axes))


def _root_mean_square(call: Call) -> int:
    shape, axis = call.outputs[0], call.layer.axis
    axes = [axis] if isinstance(axis, int) else list(axis)
    elements = size(shape)
    return 4 * elements + 3 * (elements // product(shape[each] for each in axes))


RULES = {
    "BatchNormalization": _batch,
    "LayerNormalization": _layer,
    "GroupNormalization": _groups,
    "UnitNormalization": _unit,
    "RMSNormalization": _root_mean_square,
}
