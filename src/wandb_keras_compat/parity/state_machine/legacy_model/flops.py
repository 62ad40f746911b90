"""*FLOPs*: half of what TensorFlow's profiler counts, in 1e9."""

from __future__ import annotations

import math

from ..nets import Net


def gflops(net: Net) -> float:
    """Of one sample: a product of matrices is two for each number in it, a bias one, a softmax five."""
    total = 0
    for index, layer in enumerate(net.layers):
        if layer.is_dense:
            (inner, units), *bias = net.weight_shapes(index)
            each = 2 * inner + len(bias) + 5 * (layer.kind == "softmax")
            total += each * units * math.prod(net.shapes[layer.name][:-1])
    return total / 1e9 / 2
