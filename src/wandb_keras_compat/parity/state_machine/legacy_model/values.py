"""Values as a trace has them: what W&B makes of what is logged, which is not the callback's business."""

from __future__ import annotations

from typing import Any

import numpy as np

from ....testing.trace.canonical import Content, number


def canonical(value: Any) -> Any:
    """The trace's form of a value to log: numbers of any kind, arrays as lists, mappings."""
    if isinstance(value, Content):
        return value
    if isinstance(value, dict):
        return {str(name): canonical(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [canonical(item) for item in value]
    if hasattr(value, "dtype"):
        return canonical(np.asarray(value).tolist())
    return number(value)


def histogram(values: Any) -> Content:
    """64 bins of equal width from the least to the greatest value."""
    counts, edges = np.histogram(values, bins=64)
    return Content(_type="histogram", bins=canonical(edges), counts=canonical(counts))
