"""What the networks of plays compute, in NumPy: predictions, and gradients of the mean squared error."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..machine.nets import Layer, Net


def outputs(net: Net, version: int, x: Any) -> dict[str, Any]:
    """The output of each layer, by name, float64; *x* is that of the input."""
    found = {"in": np.asarray(x, "float64")}
    for index, (layer, weights) in enumerate(zip(net.layers, net.arrays(version))):
        found[layer.name] = _output(net, layer, weights, [found[name] for name in net.sources(index)])
    return found


def predictions(net: Net, version: int, x: Any) -> Any:
    """What ``predict`` gives, float32."""
    return outputs(net, version, x)[net.layers[-1].name].astype("float32")


def _output(net: Net, layer: Layer, weights: list[Any], given: list[Any]) -> Any:
    x = given[0]
    if layer.is_dense:
        y = x @ weights[0].astype("float64") + (weights[1] if len(weights) > 1 else 0.0)
        if layer.kind == "softmax":
            powers = np.exp(y - y.max(axis=-1, keepdims=True))
            return powers / powers.sum(axis=-1, keepdims=True)
        return {"relu": lambda: np.maximum(y, 0.0), "sigmoid": lambda: 1 / (1 + np.exp(-y))}.get(layer.kind, lambda: y)()
    if layer.kind == "concatenate":
        return np.concatenate(given, axis=-1)
    if layer.kind == "add":
        return sum(given)
    if layer.kind in ("flatten", "reshape"):
        return x.reshape(len(x), *net.shapes[layer.name])
    raise NotImplementedError(layer.kind)


def gradients(net: Net, version: int, x: Any, y: Any, weights: Any = None) -> dict[str, Any]:
    """By name of the variable, the gradient over one batch; layers are dense or joined."""
    at = outputs(net, version, x)
    last = net.layers[-1].name
    share = 1.0 if weights is None else np.asarray(weights, "float64")[:, None]
    back: dict[str, Any] = {name: np.zeros_like(value) for name, value in at.items()}
    back[last] = share * 2.0 * (at[last] - y) / at[last].size
    found = {}
    for index in reversed(range(len(net.layers))):
        layer, arrays, sources = net.layers[index], net.arrays(version)[index], net.sources(index)
        slope = back[layer.name]
        if layer.kind == "concatenate":
            start = 0
            for name in sources:
                width = at[name].shape[-1]
                back[name] += slope[..., start : start + width]
                start += width
            continue
        if layer.kind == "relu":
            slope = slope * (at[layer.name] > 0)
        found[f"{layer.name}/kernel"] = at[sources[0]].T @ slope
        if len(arrays) > 1:
            found[f"{layer.name}/bias"] = slope.sum(axis=0)
        back[sources[0]] += slope @ arrays[0].astype("float64").T
    return found
