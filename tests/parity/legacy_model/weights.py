"""*Weights*: a histogram for each array of a layer that has one or two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .values import histogram

if TYPE_CHECKING:
    from .callback import LegacyModel


def histograms(owner: LegacyModel) -> dict[str, Any]:
    """One array is called weights; of two the second is the bias; layers with more or none are left out."""
    net, parts = owner.play.net, {}
    for layer, arrays in zip(net.layers, net.arrays(owner.version)):
        if len(arrays) > 2:
            continue
        for name, values in zip(("weights", "bias"), arrays):
            finite = values[np.isfinite(values)]
            if finite.size < values.size:
                owner.rules.dies("KD-048", "ValueError")
            if finite.size:
                parts[f"parameters/{layer.name}.{name}"] = histogram(finite)
    return parts
