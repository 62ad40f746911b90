"""*Evaluation*: the columns inferred from what an example is like."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .pictures import picture
from .rules import Rules


def inferred(example: Any, labels: list[Any], rules: Rules) -> dict[str, Callable[[Any], Any]]:
    """For values like *example*, how the cell of each column is made; a link to a label is its number."""
    if example.ndim in (2, 3):
        return {"image": lambda value: picture(value, None, rules)}
    if example.ndim != 1:
        return {}
    one_hot = set(np.unique(example).tolist()) == {0, 1}
    if labels and len(example) == len(labels):
        found: dict[str, Callable[[Any], Any]] = {"max_class": lambda value: int(value.argmax())}
        if not one_hot:
            found["score"] = lambda value: {str(label): value[at] for at, label in enumerate(labels)}
        return found
    if len(example) == 1 and example.dtype.kind in "iu":
        return {"class" if labels else "val": lambda value: value[0]}
    found = {"node": lambda value: value} if len(example) <= 10 else {}
    found["argmax"] = lambda value: int(value.argmax())
    if not one_hot:
        found["argmin"] = lambda value: int(value.argmin())
    return found
