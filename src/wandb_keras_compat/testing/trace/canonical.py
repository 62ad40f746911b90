"""Numbers and JSON in the one form that a trace has for them."""

from __future__ import annotations

import json
import math
from typing import Any

_EXACT = 2**53  # above it a float does not tell integers apart


class Content(dict[str, Any]):
    """A finished object of the trace, such as an image: no rule looks inside again."""


def number(value: float) -> Any:
    """A number as the trace has it: NaN and the infinities as objects, integral floats as integers.

    ``-0.0`` becomes 0, as wandb-core sends it; from 2**53 on a float stays one.
    """
    if isinstance(value, float):
        if math.isnan(value):
            return Content(_type="number", **{"is": "NaN"})
        if math.isinf(value):
            return Content(_type="number", **{"is": "Infinity" if value > 0 else "-Infinity"})
        if value.is_integer() and abs(value) < _EXACT:
            return int(value)
    return value


def plain(value: Any) -> Any:
    """A JSON value with its numbers in the form of the trace, and nothing else changed."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, float):
        return number(value)
    return value


def from_json(data: bytes | None) -> Any:
    """What JSON *data* holds, NaN allowed; None when it is no JSON."""
    try:
        return None if data is None else json.loads(data)
    except (ValueError, RecursionError):
        return None


def float_of(value: Any) -> float:
    """The number that a number of the trace stands for."""
    return float(value["is"]) if isinstance(value, dict) else float(value)


def is_number(value: Any) -> bool:
    """Whether *value* is a number in the form of the trace; a boolean is none."""
    if isinstance(value, dict):
        return value.get("_type") == "number"
    return isinstance(value, (int, float)) and not isinstance(value, bool)
