"""Relay connections: a list in pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .arguments import number, text
from .http_errors import RefusedError
from .json_types import Arguments, Object


def connection(nodes: Sequence[Any], arguments: Arguments, **more: Any) -> Object:
    """The page of *nodes* that ``first`` and ``after`` ask for; a cursor is a place in the list.

    Raises:
        RefusedError: 400, ``first`` is no whole number, or ``after`` no cursor of this backend.
    """
    after = text(arguments, "after") or "0"
    if not (after.isascii() and after.isdigit() and len(after) < 20):
        raise RefusedError(400, f"{after!r:.60} is no cursor of this backend")
    start, first = int(after), number(arguments, "first")
    end = len(nodes) if first is None else start + first
    edges = [{"node": node, "cursor": str(place)} for place, node in enumerate(nodes[start:end], start + 1)]
    info = {
        "__typename": "PageInfo",
        "endCursor": str(start + len(edges)),
        "hasNextPage": end < len(nodes),
        "hasPreviousPage": start > 0,
        "startCursor": str(start),
    }
    return {"edges": edges, "pageInfo": info, "totalCount": len(nodes), **more}
