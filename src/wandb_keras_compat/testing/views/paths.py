"""The paths of a trace, as in ``runs[0].files["media/x.png"].content``, taken apart and put together."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import TypeAlias

Part: TypeAlias = "str | int"
Parts: TypeAlias = "tuple[Part, ...]"

_NAME = re.compile(r"[^\W\d]\w*")
_PART = re.compile(r'\.?(?P<name>[^\W\d]\w*)|\[(?P<index>\d+)\]|\[(?P<key>"(?:[^"\\]|\\.)*")\]')


def split(path: str) -> Parts:
    """The keys and indices of *path*; what does not parse becomes one last key, so that no path is ever lost."""
    parts: list[Part] = []
    at = 0
    while at < len(path):
        match = _PART.match(path, at)
        if match is None:
            return (*parts, path[at:])
        if match["index"] is not None:
            parts.append(int(match["index"]))
        elif match["key"] is not None:
            parts.append(_unquoted(match["key"]))
        else:
            parts.append(match["name"])
        at = match.end()
    return tuple(parts)


def join(parts: Iterable[Part]) -> str:
    """The inverse of :func:`split`."""
    text = ""
    for part in parts:
        if isinstance(part, int):
            text += f"[{part}]"
        elif _NAME.fullmatch(part):
            text += f".{part}" if text else part
        else:
            text += f"[{json.dumps(part, ensure_ascii=False)}]"
    return text


def _unquoted(key: str) -> str:
    try:
        return str(json.loads(key, strict=False))
    except ValueError:
        return key[1:-1]
