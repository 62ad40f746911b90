"""Histograms over the steps of one or two runs: a ridge for each step, both runs on one base line."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias

from markupsafe import Markup

from .svg import Scale, element, path, plain_number, scale_for, spread

# Points (value, density).
Outline: TypeAlias = "list[tuple[float, float]]"

_WIDTH, _LEFT, _RIGHT, _TOP, _BOTTOM = 360, 58, 12, 8, 40
_RIDGE, _PITCH = 44, 26
_MOST = 12
_FEWEST_BINS = 10
_SVG = "http://www.w3.org/2000/svg"


@dataclass(frozen=True)
class Ridge:
    """The histograms of one step, as in the trace (``bins`` edges and ``counts``); *differs* draws the step in bold."""

    label: str
    old: Mapping[str, Any] | None
    new: Mapping[str, Any] | None = None
    differs: bool = False


def ridge_chart(title: str, ridges: Sequence[Ridge]) -> Markup:
    """An SVG figure: old filled, new a dashed outline over it. Heights are densities, on one scale for all steps.

    Of more than twelve steps twelve are drawn, those that differ first; the figure says so. Where a histogram has few
    values for its bins, neighbouring bins are drawn as one: sixteen values in 64 bins show no shape.
    """
    chosen = [ridges[i] for i in spread(len(ridges), _MOST, (i for i, ridge in enumerate(ridges) if ridge.differs))]
    shapes = [(_density(ridge.old), _density(ridge.new)) for ridge in chosen]
    points = [point for pair in shapes for shape in pair for point in shape]
    x = scale_for((point[0] for point in points), _LEFT, _WIDTH - _RIGHT)
    highest = max((point[1] for point in points), default=0) or 1.0
    bottom = _TOP + _RIDGE + _PITCH * (len(chosen) - 1)
    parts: list[Markup] = [element("title", f"{title}, histograms of {len(chosen)} of {len(ridges)} steps")]
    for number, (ridge, pair) in enumerate(zip(chosen, shapes)):
        base = _TOP + _RIDGE + _PITCH * number
        parts += _drawn(ridge, pair, x, base, highest)
    parts += _value_axis(x, bottom)
    note = "value" if len(chosen) == len(ridges) else f"value; {len(chosen)} of {len(ridges)} steps"
    parts.append(element("text", note, x=(_LEFT + _WIDTH - _RIGHT) / 2, y=bottom + 34, class_="name middle"))
    middle = f"translate(13 {(_TOP + bottom) / 2:.1f}) rotate(-90)"
    parts.append(element("text", "step", transform=middle, class_="name middle"))
    return element("svg", *parts, viewBox=f"0 0 {_WIDTH} {bottom + _BOTTOM}", role="img", class_="chart", xmlns=_SVG)


def _drawn(ridge: Ridge, pair: Iterable[Outline], x: Scale, base: float, highest: float) -> list[Markup]:
    label = f"≠ {ridge.label}" if ridge.differs else ridge.label
    parts = [
        element("line", x1=_LEFT, x2=_WIDTH - _RIGHT, y1=base, y2=base, class_="grid"),
        element("text", label, x=_LEFT - 6, y=base + 3, class_=f"tick end{' differs' if ridge.differs else ''}"),
    ]
    for style, shape in zip(("old", "new"), pair):
        if shape:
            placed = [(x(at), base - _RIDGE * height / highest) for at, height in shape]
            parts.append(element("path", d=path(placed, close=True), class_=f"ridge {style}"))
    return parts


def _value_axis(x: Scale, bottom: float) -> list[Markup]:
    parts = [element("line", x1=x.start, x2=x.end, y1=bottom, y2=bottom, class_="axis")]
    for tick in x.ticks:
        parts.append(element("line", x1=x(tick), x2=x(tick), y1=bottom, y2=bottom + 4, class_="axis"))
        parts.append(element("text", plain_number(tick), x=x(tick), y=bottom + 17, class_="tick middle"))
    return parts


def _density(histogram: Mapping[str, Any] | None) -> Outline:
    """The outline of a histogram as points (value, share of the total per unit of value), base line to base line."""
    if histogram is None:
        return []
    edges, counts = histogram["bins"], histogram["counts"]
    if len(edges) != len(counts) + 1 or not all(_finite(number) for number in (*edges, *counts)):
        return []
    total = sum(abs(count) for count in counts)
    width = abs(edges[-1] - edges[0])
    if not total or not math.isfinite(width):
        return []
    edges, counts = _pooled(edges, counts, max(_FEWEST_BINS, math.ceil(2 * math.sqrt(total))))
    least = width / 1e3 or max(abs(edges[0]), 1.0) / 1e3  # a bin of no width is drawn as a needle
    outline = [(edges[0], 0.0)]
    for low, high, count in zip(edges, edges[1:], counts):
        height = count / total / max(high - low, least)
        outline += [(low, height), (max(high, low + least), height)]
    return [*outline, (outline[-1][0], 0.0)]


def _pooled(edges: list[float], counts: list[float], most: int) -> tuple[list[float], list[float]]:
    """The histogram in at most *most* bins, neighbours taken together."""
    groups = min(most, len(counts))
    starts = [round(group * len(counts) / groups) for group in range(groups + 1)]
    return [edges[start] for start in starts], [sum(counts[a:b]) for a, b in pairwise(starts)]


def _finite(value: Any) -> bool:
    return isinstance(value, (int, float)) and math.isfinite(value)
