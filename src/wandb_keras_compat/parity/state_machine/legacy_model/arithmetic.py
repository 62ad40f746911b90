"""What the networks of plays compute, in NumPy: predictions, and gradients of the mean squared error."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..nets import Layer, Net

#: What Keras adds to a variance.
EPSILON = 1e-3


def outputs(net: Net, version: int, x: Any, training: bool = False) -> dict[str, Any]:
    """The output of each layer, by name, float64; *x* is that of the input."""
    found = {"in": np.asarray(x, "float64")}
    for index, (layer, weights) in enumerate(zip(net.layers, net.arrays(version))):
        found[layer.name] = _output(net, layer, weights, [found[name] for name in net.sources(index)], training)
    return found


def predictions(net: Net, version: int, x: Any) -> Any:
    """What ``predict`` gives, float32."""
    return outputs(net, version, x)[net.layers[-1].name].astype("float32")


def _output(net: Net, layer: Layer, weights: list[Any], given: list[Any], training: bool) -> Any:
    x = given[0]
    if layer.kind == "batch_norm":
        gamma, beta, mean, variance = (array.astype("float64") for array in weights)
        return gamma * _normalized(x, *(() if training else (mean, variance)))[0] + beta
    if layer.is_dense:
        y = x @ weights[0].astype("float64") + (weights[1] if len(weights) > 1 else 0.0)
        if layer.kind == "softmax":
            powers = np.exp(y - y.max(axis=-1, keepdims=True))
            return powers / powers.sum(axis=-1, keepdims=True)
        return {"relu": lambda: np.maximum(y, 0.0), "sigmoid": lambda: 1 / (1 + np.exp(-y))}.get(
            layer.kind, lambda: y
        )()
    if layer.kind == "concatenate":
        return np.concatenate(given, axis=-1)
    if layer.kind == "add":
        return sum(given)
    if layer.kind in ("flatten", "reshape"):
        return x.reshape(len(x), *net.shapes[layer.name])
    raise NotImplementedError(layer.kind)


def _normalized(x: Any, *statistics: Any) -> tuple[Any, Any]:
    """*x* without the mean, in units of the deviation, and that; of a batch, unless they are given."""
    rows = tuple(range(x.ndim - 1))
    mean, variance = statistics or (x.mean(rows), x.var(rows))
    deviation = np.sqrt(variance + EPSILON)
    return (x - mean) / deviation, deviation


def gradients(net: Net, version: int, x: Any, y: Any, weights: Any = None) -> dict[str, Any]:
    """By name of the variable, the gradient over one batch; layers are dense, normalize batches or join."""
    at = outputs(net, version, x, training=True)
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
        if layer.kind == "batch_norm":
            normal, deviation = _normalized(at[sources[0]])
            found[f"{layer.name}/gamma"], found[f"{layer.name}/beta"] = (slope * normal).sum(axis=0), slope.sum(axis=0)
            slope = slope * arrays[0].astype("float64")
            back[sources[0]] += (slope - slope.mean(axis=0) - normal * (slope * normal).mean(axis=0)) / deviation
            continue
        if layer.kind == "relu":
            slope = slope * (at[layer.name] > 0)
        found[f"{layer.name}/kernel"] = at[sources[0]].T @ slope
        if len(arrays) > 1:
            found[f"{layer.name}/bias"] = slope.sum(axis=0)
        back[sources[0]] += slope @ arrays[0].astype("float64").T
    return found
