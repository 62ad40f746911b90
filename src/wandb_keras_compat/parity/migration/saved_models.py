"""Saved models of any format, for the question whether two hold the same weights.

The formats name them differently, and a SavedModel has counters of its own; so weights are told apart by shape and
numbers. The optimizer's are left out: each format keeps another part of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

_NOT_THE_MODELS = re.compile(
    r"optimizer|save_counter|keras_api|seed_generator|(^|/)metrics?(/|$)|compile_metrics|loss_tracker"
)


def weights_of(contents: Iterable[Any]) -> dict[str, Any] | None:
    """One ``weights`` of a trace, with a name for each array that no format decides; None where nothing can be read."""
    found: dict[str, Any] = {}
    arrays: list[Mapping[str, Any]] = []
    for content in contents:
        if isinstance(content, dict) and content.get("_type") == "weights":
            arrays += [array for name, array in content["weights"].items() if not _NOT_THE_MODELS.search(name)]
    if not arrays:
        return None
    alike = {str(_rank(array)): array for array in arrays}  # a SavedModel has those of frozen layers twice
    for number, array in enumerate(sorted(alike.values(), key=_rank)):
        found[f"weight {number}"] = dict(array)
    return {"_type": "weights", "format": "any", "weights": found}


def _rank(array: Mapping[str, Any]) -> tuple[Any, ...]:
    numbers = array.get("values") or array.get("sketch") or []
    return array["shape"], [round(value, 4) if isinstance(value, (int, float)) else 0 for value in numbers]
