"""A metric over the steps of one or two runs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from .svg import Scale, element, path, plain_number, scale_for

_WIDTH, _HEIGHT = 360, 210
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 12, 12, 40
_MOST_MARKERS = 60


@dataclass(frozen=True)
class Line:
    """One run's points (step, value). *style* is the class of its stroke and marker: ``old`` or ``new``."""

    style: str
    label: str
    points: Sequence[tuple[float, float]]


def curve_chart(title: str, lines: Sequence[Line], *, x_name: str = "step", y_name: str = "") -> Markup:
    """An SVG figure. Values that are not finite are crosses at the foot of the chart.

    Old is a solid line with round markers, new a dashed one with square markers, whatever the colours.
    """
    lines = [line for line in lines if line.points]
    x = scale_for((p[0] for line in lines for p in line.points), _LEFT, _WIDTH - _RIGHT, whole=True)
    y = scale_for((p[1] for line in lines for p in line.points), _HEIGHT - _BOTTOM, _TOP, log=True)
    parts: list[Markup] = [element("title", _alternative_text(title, lines)), *axes(x, y, x_name, y_name)]
    for line in lines:
        placed = [(x(at), y(value)) for at, value in line.points]
        parts.append(element("path", d=path(placed), class_=f"line {line.style}"))
        if len(placed) <= _MOST_MARKERS:
            parts += [_marker(line.style, *point) for point in placed if math.isfinite(point[1])]
        parts += [
            _cross(line.style, place[0], value)
            for place, (_, value) in zip(placed, line.points)
            if not math.isfinite(place[1])
        ]
    return element("svg", *parts, viewBox=f"0 0 {_WIDTH} {_HEIGHT}", role="img", class_="chart", xmlns=_SVG)


def axes(x: Scale, y: Scale, x_name: str, y_name: str) -> list[Markup]:
    """Both axes with ticks, grid lines and names; a logarithmic one says so."""
    parts: list[Markup] = []
    bottom, left = y.start, x.start
    for tick in y.ticks:
        at = y(tick)
        parts.append(element("line", x1=left, x2=x.end, y1=at, y2=at, class_="grid"))
        parts.append(element("text", plain_number(tick), x=left - 6, y=at + 4, class_="tick end"))
    for tick in x.ticks:
        at = x(tick)
        parts.append(element("line", x1=at, x2=at, y1=bottom, y2=bottom + 4, class_="axis"))
        parts.append(element("text", plain_number(tick), x=at, y=bottom + 17, class_="tick middle"))
    parts.append(element("path", d=path([(left, y.end), (left, bottom), (x.end, bottom)]), class_="axis"))
    parts.append(element("text", x_name, x=(left + x.end) / 2, y=bottom + 34, class_="name middle"))
    y_name += " (log)" if y.logarithmic else ""
    if y_name:
        place = f"translate(13 {(y.start + y.end) / 2:.1f}) rotate(-90)"
        parts.append(element("text", y_name, transform=place, class_="name middle"))
    return parts


def legend_key(style: str) -> Markup:
    """The small piece of line and marker that stands for a run in a legend."""
    parts = [element("path", d="M1 8 L31 8", class_=f"line {style}"), _marker(style, 16.0, 8.0)]
    return element("svg", *parts, viewBox="0 0 32 16", class_="key", aria_hidden="true", xmlns=_SVG)


def _marker(style: str, x: float, y: float) -> Markup:
    if style == "new":
        return element("rect", x=x - 3, y=y - 3, width=6, height=6, class_="marker new")
    return element("circle", cx=x, cy=y, r=3, class_="marker old")


def _cross(style: str, x: float, value: float) -> Markup:
    at = _HEIGHT - _BOTTOM - 5
    shape = f"M{x - 3:.1f} {at - 3} L{x + 3:.1f} {at + 3} M{x - 3:.1f} {at + 3} L{x + 3:.1f} {at - 3}"
    return element("path", element("title", str(value)), d=shape, class_=f"line lost {style}")


def _alternative_text(title: str, lines: Sequence[Line]) -> str:
    series = [
        f"{line.label}: {len(line.points)} values from {plain_number(line.points[0][1])} "
        f"to {plain_number(line.points[-1][1])}"
        for line in lines
    ]
    return f"{title}. {'; '.join(series)}"


_SVG = "http://www.w3.org/2000/svg"
