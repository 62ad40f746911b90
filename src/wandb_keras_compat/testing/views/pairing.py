"""Which item of a list is shown beside which: the same as the comparison takes for its paths."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..trace.align import align
from ..trace.differences import ABSENT


def paired(old: Sequence[Any], new: Sequence[Any]) -> list[tuple[int, Any, Any]]:
    """For each item of either list its index in paths and both values, :data:`ABSENT` where a side has none."""
    found = []
    for i, j in align(old, new):
        name = i if j is None or (i is not None and len(old) >= len(new)) else j
        assert name is not None  # a pair has at least one side
        found.append((name, ABSENT if i is None else old[i], ABSENT if j is None else new[j]))
    return found
