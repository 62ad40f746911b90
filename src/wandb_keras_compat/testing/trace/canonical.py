"""The canonical form of numbers and JSON values in a trace."""

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


_MEMBERS: dict[str, dict[str, type]] = {
    "number": {"is": str},
    "image": {"width": int, "height": int, "mode": str, "png": str},
    "histogram": {"bins": list, "counts": list},
    "table": {"columns": list, "rows": list},
    "graph": {"nodes": list, "edges": list},
    "weights": {"format": str, "weights": dict},
    "json": {"value": object},
    "text": {"text": str},
    "bytes": {"size": int, "sha256": str},
    "reference": {"uri": str},
    "media": {"media": str, "content": object},
}


def object_type(value: Any) -> str | None:
    """The ``_type`` of an object of the trace; None for a mapping of the user's, which may have such a key too."""
    kind = value.get("_type") if isinstance(value, dict) else None
    members = _MEMBERS.get(kind) if isinstance(kind, str) else None
    if members is None or not all(name in value and isinstance(value[name], of) for name, of in members.items()):
        return None
    return str(kind)


def has_type(value: Any, name: str) -> bool:
    """Whether *value* is an object of SDK JSON with that ``_type``."""
    return isinstance(value, dict) and value.get("_type") == name


def is_number(value: Any) -> bool:
    """Whether *value* is a number in the form of the trace; a boolean is none."""
    if isinstance(value, dict):
        return value.get("_type") == "number"
    return isinstance(value, (int, float)) and not isinstance(value, bool)
