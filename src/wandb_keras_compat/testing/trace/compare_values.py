"""Compares single values of two traces."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Any

import numpy as np

from . import media
from .canonical import is_number
from .paths import Path
from .tolerances import Tolerances


class Leaf(enum.Enum):
    """What a number means, where it is not just a number."""

    EDGE = "edge"
    EXACT = "count"


def is_set(path: Path) -> bool:
    """Whether the list at *path* has no order: tags, telemetry, terminal, aliases, and kinds of summary of a metric."""
    if len(path) == 3:
        return path[2] in {"tags", "telemetry", "terminal"}
    if len(path) == 5:
        return path[2] == "metrics" and path[4] == "summary"
    return len(path) == 6 and path[2] == "artifacts" and path[5] == "aliases"


def difference_of_leaves(
    old: Any, new: Any, tolerances: Tolerances, leaf: Leaf | None = None, width: float = 0.0
) -> str | None:
    """The kind of difference between two values, or None when they are the same."""
    if is_number(old) and is_number(new):
        if leaf is Leaf.EDGE:
            same = tolerances.same_edge(old, new, width)
        elif leaf is Leaf.EXACT:
            same = old == new
        else:
            same = tolerances.same_number(old, new)
        return None if same else (leaf.value if leaf else "number")
    if type(old) is not type(new):
        return "type"
    if old == new:
        return None
    return "text" if isinstance(old, str) else "value"


def pixels_differ(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """How many pixels of two images of one size and mode differ; empty when none does."""
    if old["png"] == new["png"]:
        return ""
    try:
        pictures = media.pixels(old), media.pixels(new)
    except ValueError as error:
        return str(error)
    if pictures[0].shape != pictures[1].shape:
        return "a PNG that is not of the size or mode it is said to have"
    gaps = pictures[0] != pictures[1]
    places = gaps.any(axis=-1) if gaps.ndim == 3 else gaps
    if not places.any():
        return ""
    row, column = np.argwhere(places)[0]
    return f"{int(places.sum())} of {places.size} pixels, the first in row {row}, column {column}"
