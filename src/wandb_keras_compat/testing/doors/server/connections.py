"""Relay connections: a list in pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def connection(nodes: Sequence[Any], arguments: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """The page of *nodes* that ``first`` and ``after`` ask for; a cursor is a place in the list."""
    start = int(arguments["after"]) if str(arguments.get("after") or "").isdecimal() else 0
    first = arguments.get("first")
    end = start + first if isinstance(first, int) and first > 0 else len(nodes)
    edges = [{"node": node, "cursor": str(place)} for place, node in enumerate(nodes[start:end], start + 1)]
    info = {"__typename": "PageInfo", "endCursor": str(start + len(edges)), "hasNextPage": end < len(nodes)}
    return {"edges": edges, "pageInfo": info, "totalCount": len(nodes), **more}
