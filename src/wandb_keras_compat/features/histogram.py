"""Histograms of whatever numbers there are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import wandb
from numpy.typing import NDArray

from .. import messages

#: So many numbers are made float64 at a time: half a megabyte, which stays in the processor's cache.
PART = 1 << 16


def float64_histogram(key: str, values: Any, warn: Callable[[str, str], None]) -> wandb.Histogram | None:
    """What :func:`histogram` makes of *values* as float64, without the time and memory of a copy of a large array."""
    array = np.asarray(values)
    if array.dtype.kind == "f" and array.size > PART:
        try:
            return wandb.Histogram(np_histogram=_in_parts(array.reshape(-1)))
        except (ValueError, IndexError):  # as in histogram, which says what was left out
            pass
    return histogram(key, array.astype(np.float64, copy=False), warn)


def _in_parts(array: NDArray[np.floating]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """``np.histogram`` of *array* in 64 bins: counts and edges, which are the same for each part."""
    ends = float(array.min()), float(array.max())
    parts = (array[start : start + PART].astype(np.float64, copy=False) for start in range(0, array.size, PART))
    counts, edges = zip(*(np.histogram(part, bins=64, range=ends) for part in parts))
    return np.sum(counts, axis=0), edges[0]


def histogram(key: str, values: Any, warn: Callable[[str, str], None]) -> wandb.Histogram | None:
    """A W&B histogram (64 bins) of the finite numbers in *values*, or None where there are none.

    Args:
        key: what the histogram is logged under, for the warnings.
        values: array of any shape and numeric dtype.
        warn: called with a message and *key* where something was left out.
    """
    array = np.asarray(values)
    if array.dtype.kind not in "iufc":
        if array.dtype.name != "bfloat16":  # which NumPy knows only as an opaque extension type
            warn(messages.non_numeric(key), key)
            return None
        array = array.astype(np.float32)
    if array.size == 0:
        return None
    try:
        return wandb.Histogram(array)
    except (ValueError, IndexError):  # NumPy finds what it cannot bin; looking first would cost every epoch
        finite = np.isfinite(array)
    if not finite.all():
        warn(messages.not_finite(key, int(array.size - finite.sum()), array.size), key)
        array = array[finite]
    if array.size == 0:
        return None
    for dtype in (array.dtype, np.dtype(np.float64)):
        try:
            with np.errstate(all="ignore"):
                made = wandb.Histogram(array.astype(dtype, copy=False))
        except (ValueError, IndexError):  # which of the two depends on the NumPy
            continue  # values so close that this dtype has no 64 distinct bin edges between them
        if np.isfinite(made.bins).all():
            return made
    # No dtype has: too close together, or so far apart that their difference overflows.
    return wandb.Histogram(np_histogram=([array.size], [float(array.min()), float(array.max())]))
