"""*Weights*: a histogram for each array of a layer that has one or two."""

from __future__ import annotations

from typing import Any

import numpy as np

from .state import LegacyState
from .values import histogram


def histograms(owner: LegacyState) -> dict[str, Any]:
    """One array is called weights; of two the second is the bias; layers with more or none are left out."""
    net = owner.play.net
    parts: dict[str, Any] = {}
    for layer, arrays in zip(net.layers, net.arrays(owner.version)):
        if len(arrays) > 2:
            continue
        for name, values in zip(("weights", "bias"), arrays):
            parts |= part(owner, f"parameters/{layer.name}.{name}", values)
    return parts


def part(owner: LegacyState, key: str, values: Any) -> dict[str, Any]:
    """The histogram of the finite *values*, if there are any."""
    finite = values[np.isfinite(values)]
    if finite.size < values.size:
        owner.rules.dies("KD-048", "ValueError")
    return {key: histogram(finite)} if finite.size else {}
