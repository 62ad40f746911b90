"""Tolerances: how far apart two values may be and still count as the same, for each kind of value.

Exact are integers, steps, counts, pixels, text, keys, names, shapes and the order of rows. What is a set (tags,
aliases, telemetry, the kinds of a summary) has no order. The remaining kinds are floats, which move in their last
digits with threads, instruction sets and versions of TensorFlow:

========== =====================================================================================================
kind       the same when
========== =====================================================================================================
number     ``|a - b| <= max(relative * max(|a|, |b|), absolute)``, and one of both is no integer
bins       each edge is as near as ``relative`` times the span of both histograms, or times the edge
weights    the distance of both arrays is at most ``weights`` times the larger of their norms; large arrays are
           known by projections only, which estimate it (see :func:`.weights.sketch`)
caption    as number, if both captions read as numbers; else as text
========== =====================================================================================================
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .canonical import float_of


@dataclass(frozen=True)
class Tolerances:
    """The tolerances that can be set.

    Attributes:
        relative: of numbers and edges. Float32 keeps seven digits; sums over a batch lose one or two of them.
        absolute: of numbers near zero.
        weights: of arrays, relative to their norm.
    """

    relative: float = 1e-5
    absolute: float = 1e-12
    weights: float = 1e-5

    def same_number(self, old: Any, new: Any) -> bool:
        """Of two numbers of the trace."""
        if isinstance(old, dict) or isinstance(new, dict):
            return bool(old == new)
        if isinstance(old, int) and isinstance(new, int):
            return old == new
        try:
            return math.isclose(old, new, rel_tol=self.relative, abs_tol=self.absolute)
        except OverflowError:  # an integer beyond all floats
            return False

    def same_edge(self, old: Any, new: Any, span: float) -> bool:
        """Of two edges of histograms that reach over *span*."""
        if isinstance(old, dict) or isinstance(new, dict):
            return bool(old == new)
        return math.isclose(old, new, rel_tol=self.relative, abs_tol=self.relative * span)

    def same_values(self, old: Sequence[Any], new: Sequence[Any]) -> bool:
        """Of two flat arrays of equal length."""
        pairs = [(a, b) for a, b in zip(old, new) if not isinstance(a, dict) and not isinstance(b, dict)]
        if any(a != b for a, b in zip(old, new) if isinstance(a, dict) or isinstance(b, dict)):
            return False
        distance = math.dist([a for a, _ in pairs], [b for _, b in pairs])
        norm = max(math.hypot(*(a for a, _ in pairs)), math.hypot(*(b for _, b in pairs)))
        return distance <= self.weights * norm

    def same_sketch(self, old: Sequence[Any], new: Sequence[Any]) -> bool:
        """Of two sketches: norm, number of elements that are not finite, projections."""
        if old[1] != new[1] or len(old) != len(new):
            return False
        old_floats, new_floats = ([float_of(item) for item in (side[0], *side[2:])] for side in (old, new))
        gaps = [a - b for a, b in zip(old_floats, new_floats)]
        estimate = math.hypot(*gaps[1:]) / math.sqrt(max(1, len(gaps) - 1))
        return max(abs(gaps[0]), estimate) <= self.weights * max(old_floats[0], new_floats[0])

    def same_caption(self, old: str, new: str) -> bool:
        """Of two captions."""
        if old == new:
            return True
        try:
            return math.isclose(float(old), float(new), rel_tol=self.relative, abs_tol=self.absolute)
        except ValueError:
            return False


DEFAULT = Tolerances()


def span(histograms: Sequence[Mapping[str, Any]]) -> float:
    """From the least to the greatest finite edge of *histograms*."""
    edges = [edge for histogram in histograms for edge in histogram["bins"] if not isinstance(edge, dict)]
    return float(max(edges) - min(edges)) if edges else 0.0
