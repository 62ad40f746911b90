"""The little SVG that charts are made of: elements, scales and ticks.

Colours, strokes and fonts come from the style sheet of the page by class, so that a chart follows its light and dark.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from ..safe_text import plain

__all__ = ["Scale", "element", "path", "plain_number", "scale_for", "spread"]


def element(tag: str, *children: object, **attributes: object) -> Markup:
    """One element; text children and attribute values are escaped. ``class_`` is class, ``_`` in a name ``-``."""
    written = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(_attribute(value))}"'
        for name, value in attributes.items()
        if value is not None
    )
    inner = Markup("").join(_child(child) for child in children)
    return Markup(f"<{tag}{written}>{inner}</{tag}>" if inner else f"<{tag}{written}/>")  # noqa: S704 - made of escaped parts


def path(points: Iterable[tuple[float, float]], *, close: bool = False) -> str:
    """The ``d`` of a line through *points*; a point that is not finite is a gap."""
    text, drawing = [], False
    for x, y in points:
        if not (math.isfinite(x) and math.isfinite(y)):
            drawing = False
            continue
        text.append(f"{'L' if drawing else 'M'}{x:.1f} {y:.1f}")
        drawing = True
    return " ".join(text) + (" Z" if close and text else "")


def plain_number(value: float) -> str:
    """A tick's label; the infinities and NaN by their names."""
    if not math.isfinite(value):
        return str(value)
    if value == 0:
        return "0"
    if abs(value) >= 1e6 or abs(value) < 1e-4:
        mantissa, exponent = f"{value:.6e}".split("e")
        return f"{float(mantissa):g}e{int(exponent)}"
    return f"{value:.6g}"


@dataclass(frozen=True)
class Scale:
    """From values to pixels: *low* is drawn at *start*, *high* at *end*."""

    low: float
    high: float
    start: float
    end: float
    ticks: Sequence[float]
    logarithmic: bool = False

    def __call__(self, value: float) -> float:
        if not math.isfinite(value) or (self.logarithmic and value <= 0):
            return math.nan
        low, high, at = self.low, self.high, value
        if self.logarithmic:
            low, high, at = math.log10(low), math.log10(high), math.log10(value)
        # Halved first: the difference of two very large numbers need not be a number.
        share = (at / 2 - low / 2) / (high / 2 - low / 2)
        return self.start + share * (self.end - self.start)


def scale_for(values: Iterable[float], start: float, end: float, *, whole: bool = False, log: bool = False) -> Scale:
    """A scale that holds all finite *values*, with about five ticks at round numbers.

    Args:
        whole: ticks at whole numbers only, and the ends where the values end (for steps).
        log: use a logarithmic scale if every value is positive and they span more than three decades.
    """
    finite = [float(value) for value in values if math.isfinite(value)] or [0.0]
    low, high = min(finite), max(finite)
    if log and low > 0 and high / low > 1e3 and math.isfinite(high / low):
        exponents = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
        every = math.ceil(len(exponents) / 6)
        powers = [10.0**exponent for exponent in exponents if -324 < exponent <= 308]  # others are 0 or no float
        # The least and the greatest floats are beyond the last powers that are floats.
        return Scale(min(low, powers[0]), max(high, powers[-1]), start, end, powers[::every], logarithmic=True)
    if low / 2 == high / 2:  # as a scale compares them; of the smallest floats halves are equal
        # Of a very large number, as of nanoseconds, one more or less is the same float.
        room = 1.0 if whole and abs(low) < 2**50 else abs(low) / 10 or 1.0
        low, high = low - room, high + room
        if low == high or not math.isfinite(high - low):
            low, high = -1.0, 1.0
    ticks = _ticks(low, high, whole)
    if whole:
        return Scale(low, high, start, end, ticks)
    step = ticks[1] - ticks[0] if len(ticks) > 1 else 0
    if step and low < ticks[0]:
        ticks = [ticks[0] - step, *ticks]
    if step and high > ticks[-1]:
        ticks = [*ticks, ticks[-1] + step]
    return Scale(min(low, ticks[0]), max(high, ticks[-1]), start, end, ticks)


def spread(count: int, most: int, always: Iterable[int] = ()) -> list[int]:
    """At most *most* of the indices below *count*: those in *always* first, the others evenly, in order."""
    if count <= most:
        return list(range(count))
    chosen = list(dict.fromkeys(index for index in always if index < count))[:most]
    left = most - len(chosen)
    evenly = [round(index * (count - 1) / max(left - 1, 1)) for index in range(left)]
    return sorted({*chosen, *evenly})


def _ticks(low: float, high: float, whole: bool) -> list[float]:
    width = high / 5 - low / 5
    if not math.isfinite(width) or width <= 0:
        return [low, high]
    base = 10.0 ** math.floor(math.log10(width))
    step = next(base * factor for factor in (1, 2, 2.5, 5, 10) if base * factor >= width * 0.999)
    if whole:
        step = max(1.0, step if step != 2.5 else 5.0)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [index * step for index in range(first, last + 1)] or [low, high]


def _attribute(value: object) -> str:
    return f"{value:.1f}" if isinstance(value, float) else plain(str(value))


def _child(child: object) -> Markup:
    return child if isinstance(child, Markup) else escape(plain(str(child)))
