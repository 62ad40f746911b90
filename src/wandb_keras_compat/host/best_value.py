"""A monitored value as a number, and the best one that a run has had so far."""

from __future__ import annotations

from typing import Any

import numpy as np


def as_number(value: Any) -> float | None:
    """*value* as a float, or None for what is no single number: None, text, arrays of several values.

    0.0 is a number: the best loss there can be (the legacy class took it for "no value").
    """
    try:
        number = np.asarray(value).item()
        return None if isinstance(number, (str, bytes)) else float(number)
    except (TypeError, ValueError):
        return None


def previous_best(run: Any, prefix: str | None, monitor: str) -> float | None:
    """The best value a resumed run has in its summary, or None where it has no usable one.

    Without a prefix nothing was kept to go on from: the plain metric is the last value, not the best.
    """
    if not prefix:
        return None
    return as_number(run.summary.get(f"{prefix}{monitor}"))
