"""Writes and removes values in nested mappings by path, as wandb's service does.

To wandb-core a mapping that was set as one value is one value, however it looks: writing below it replaces it.
The Python service of wandb up to 0.16 adds to it. ``run.summary["a"] = {"x": 1}`` and then
``run.summary["a"]["y"] = 2`` ends as ``{"y": 2}`` with the one and as ``{"x": 1, "y": 2}`` with the other.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeAlias

KeyPath: TypeAlias = tuple[str, ...]


class Nested:
    """Writes to *values* by path.

    Args:
        values: the mapping to write to; it stays plain.
        whole: whether a mapping set as one value is replaced when something is written below it.
        keep_none: whether ``None`` is a value, and not what removes one.
    """

    def __init__(self, values: dict[str, Any], *, whole: bool, keep_none: bool = True) -> None:
        self.values = values
        self._keep_none = keep_none
        self._keeps_whole = whole
        self._whole: set[KeyPath] = set()

    def put(self, path: Sequence[str], value: Any) -> None:
        """Sets *value* at *path*, making the mappings on the way."""
        if value is None and not self._keep_none:
            self.drop(path)
            return
        place = self.values
        for depth, name in enumerate(path[:-1], 1):
            child = place.get(name)
            here = tuple(path[:depth])
            if not isinstance(child, dict) or here in self._whole:
                child = place[name] = {}
                self._whole.discard(here)
            place = child
        place[path[-1]] = value
        if self._keeps_whole:
            self._mark(tuple(path), isinstance(value, dict))

    def _mark(self, path: KeyPath, whole: bool) -> None:
        if self._whole:
            self._whole = {old for old in self._whole if old[: len(path)] != path}
        if whole:
            self._whole.add(path)

    def drop(self, path: Sequence[str]) -> None:
        """Removes what is at *path*; nothing happens where nothing is."""
        place: Any = self.values
        for name in path[:-1]:
            place = place.get(name) if isinstance(place, dict) else None
        if isinstance(place, dict):
            place.pop(path[-1], None)

    def apply(self, update: Iterable[Any], remove: Iterable[Any] = ()) -> None:
        """Applies the items of a summary, config or history record, in order."""
        for item in update:
            self.put(path_of(item), value_of(item))
        for item in remove:
            self.drop(path_of(item))


def path_of(item: Any) -> KeyPath:
    """Where a protobuf item belongs: it fills one of ``nested_key`` and ``key``."""
    return tuple(item.nested_key) or (item.key,)


def value_of(item: Any) -> Any:
    """The value of a protobuf item. Newer wandb can send typed values, but only beside the JSON."""
    return json.loads(item.value_json)


def leaves(values: dict[str, Any], above: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Every value in *values* that is no mapping, with its path; an empty mapping has none."""
    for key, value in values.items():
        if isinstance(value, dict):
            yield from leaves(value, (*above, key))
        else:
            yield (*above, key), value
