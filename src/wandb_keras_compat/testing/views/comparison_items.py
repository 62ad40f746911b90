"""Prepares media and contents to be shown, one or two of them side by side."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..number_texts import plural
from ..safe_text import plain
from ..trace.align import paired
from ..trace.differences import ABSENT, Difference
from ..trace.paths import Path, text_of
from .describe import both, describe, kind_of, number, shortened
from .findings import Findings
from .image_diff import PixelDifference, data_uri, pixel_difference

_ROWS_THAT_DIFFER, _OTHER_ROWS = 200, 20
_TEXT = 20_000


@dataclass(frozen=True)
class ShownValue:
    """One value as text, and as a picture where it is one."""

    text: str
    picture: str | None = None


@dataclass(frozen=True)
class Pair:
    """The values that both traces have at one path, side by side.

    Attributes:
        differs: whether the comparison found a difference there.
        step: set for values of a history.
    """

    path: str
    title: str
    old: ShownValue | None
    new: ShownValue | None
    findings: Sequence[Difference] = ()
    step: int | None = None
    pixels: PixelDifference | None = None
    note: str = ""

    @property
    def differs(self) -> bool:
        return bool(self.findings)


@dataclass(frozen=True)
class Grid:
    """A table: pairs in rows, some left out."""

    headings: Sequence[Pair]
    rows: Sequence[tuple[int, Sequence[Pair]]]
    left_out: str = ""


@dataclass(frozen=True)
class ComparisonItem:
    """One image list, table, graph, file or other value, with a title.

    Attributes:
        kind: which of the other fields the page draws.
        description: both values as text.
    """

    kind: str
    title: str
    path: str
    findings: Sequence[Difference]
    description: Pair
    images: Sequence[Pair] = ()
    grid: Grid | None = None
    texts: tuple[str | None, str | None] = (None, None)
    step: int | None = None

    @property
    def differs(self) -> bool:
        return bool(self.findings)


@dataclass
class ItemBuilder:
    """Makes items, each part of which is marked by what the findings say of it."""

    findings: Findings = field(default_factory=Findings)
    comparing: bool = False

    def pair(self, parts: Path, old: Any, new: Any, *, title: str = "", step: int | None = None) -> Pair:
        """Any two values side by side as text, images as pictures too."""
        found = self.findings.touching(*parts)
        shown = [
            None if value is ABSENT else ShownValue(text, data_uri(value) if kind_of(value) == "image" else None)
            for value, text in zip((old, new), both(old, new) if found else map(_bare, (old, new)))
        ]
        pixels = pixel_difference(old, new) if kind_of(old) == kind_of(new) == "image" and found else None
        title = title or str(parts[-1])
        return Pair(text_of(parts), title, shown[0], shown[1], found, step, pixels, _captions(old, new))

    def item(self, parts: Path, old: Any, new: Any, *, title: str, step: int | None = None) -> ComparisonItem:
        """One value of either side, or :data:`~..trace.differences.ABSENT`, of any kind of the schema."""
        kinds = {kind_of(value) for value in (old, new) if value is not ABSENT}
        kind = kinds.pop() if len(kinds) == 1 else "images" if kinds == {"image", "images"} else "other"
        more: dict[str, Any] = {}
        if kind in {"image", "images"}:
            kind, more = "images", {"images": self._images(parts, old, new, step)}
        elif kind == "table":
            more = {"grid": self._table(parts, old, new)}
        elif kind == "graph":
            more = {"grid": self._graph(parts, old, new)}
        elif kind == "weights":
            more = {"grid": self._weights(parts, old, new)}
        elif kind in {"text", "json"}:
            more = {"texts": (_full_text(old), _full_text(new))}
        description = self.pair(parts, old, new, title=title)
        return ComparisonItem(
            kind, title, text_of(parts), self.findings.touching(*parts), description, step=step, **more
        )

    def _images(self, parts: Path, old: Any, new: Any, step: int | None) -> list[Pair]:
        if not isinstance(old, list) and not isinstance(new, list):
            return [*self._one_image(parts, old, new, step)]
        found: list[Pair] = []
        for index, first, second in paired(_listed(old), _listed(new)):
            found += self._one_image((*parts, index), first, second, step)
        return found

    def _one_image(self, parts: Path, old: Any, new: Any, step: int | None) -> list[Pair]:
        """The image, and its masks after it."""
        found = [self.pair(parts, old, new, title=" ", step=step)]
        masks = [(value.get("masks") or {}) if isinstance(value, Mapping) else {} for value in (old, new)]
        for name in sorted({*masks[0], *masks[1]}):
            inner = [side[name]["image"] if name in side else ABSENT for side in masks]
            found.append(self.pair((*parts, "masks", name, "image"), *inner, title=f"mask {name}", step=step))
        return found

    def _table(self, parts: Path, old: Any, new: Any) -> Grid:
        heads = [value["columns"] if value is not ABSENT else [] for value in (old, new)]
        bodies = [value["rows"] if value is not ABSENT else [] for value in (old, new)]
        headings = self._row((*parts, "columns"), *heads)
        rows = [
            (index, self._row((*parts, "rows", index), first, second))
            for index, (first, second) in self._chosen((*parts, "rows"), bodies)
        ]
        return Grid(headings, rows, _left_out(len(rows), max(map(len, bodies)), "row"))

    def _graph(self, parts: Path, old: Any, new: Any) -> Grid:
        """Its nodes as a table of their attributes; edges are in the description of the item."""
        nodes = [value["nodes"] if value is not ABSENT else [] for value in (old, new)]
        keys = list(dict.fromkeys(key for side in nodes for node in side for key in node))
        rows = []
        for index, sides in self._chosen((*parts, "nodes"), nodes):
            cells = [self.pair((*parts, "nodes", index, key), *(_get(side, key) for side in sides)) for key in keys]
            rows.append((index, cells))
        headings = [Pair("", key, ShownValue(str(key)), ShownValue(str(key))) for key in keys]
        return Grid(headings, rows, _left_out(len(rows), max(map(len, nodes)), "node"))

    def _weights(self, parts: Path, old: Any, new: Any) -> Grid:
        sides = [value["weights"] if value is not ABSENT else {} for value in (old, new)]
        heads = ["tensor", "shape", "dtype", "values", *(["largest difference"] if self.comparing else [])]
        headings = [Pair("", head, ShownValue(head), ShownValue(head)) for head in heads]
        rows = []
        for index, name in enumerate(sorted({*sides[0], *sides[1]})):
            place = (*parts, "weights", name)
            first, second = (side.get(name, ABSENT) for side in sides)
            cells = [Pair(text_of(place), name, ShownValue(name), ShownValue(name), self.findings.touching(*place))]
            cells += [self.pair((*place, key), _get(first, key), _get(second, key)) for key in ("shape", "dtype")]
            found = [f for key in ("values", "sketch", "sha256") for f in self.findings.touching(*place, key)]
            cells.append(Pair(text_of(place), name, _range(first), _range(second), found))
            if self.comparing:
                away = ShownValue(_distance(first, second))
                cells.append(Pair(text_of(place), name, away, away, found))
            rows.append((index, cells))
        return Grid(headings, rows)

    def _row(self, parts: Path, old: Any, new: Any) -> list[Pair]:
        cells = paired(_listed(old), _listed(new))
        return [self.pair((*parts, index), first, second) for index, first, second in cells]

    def _chosen(self, parts: Path, sides: Sequence[Sequence[Any]]) -> Iterable[tuple[int, tuple[Any, Any]]]:
        """The rows that differ, and the first of the others, in order."""
        differing = others = 0
        for index, *pair in paired(sides[0], sides[1]):
            if self.findings.touching(*parts, index):
                differing += 1
                if differing <= _ROWS_THAT_DIFFER:
                    yield index, (pair[0], pair[1])
            else:
                others += 1
                if others <= _OTHER_ROWS:
                    yield index, (pair[0], pair[1])


def _bare(value: Any) -> str:
    """A description without quotes around text: quotes tell text from numbers where two values differ."""
    return plain(shortened(value)) if isinstance(value, str) else describe(value)


def _listed(value: Any) -> list[Any]:
    if value is ABSENT or value is None:
        return []
    return value if isinstance(value, list) else [value]


def _get(value: Any, key: str | int) -> Any:
    return value.get(key, ABSENT) if value is not ABSENT else ABSENT


def _left_out(shown: int, there: int, noun: str) -> str:
    return f"{plural(there - shown, noun)} of {there:,} not shown." if there > shown else ""


def _captions(old: Any, new: Any) -> str:
    """The caption of an image, of both where they are not the same."""
    texts = [str(value["caption"]) for value in (old, new) if kind_of(value) == "image" and value.get("caption")]
    return " → ".join(dict.fromkeys(texts))


def _full_text(content: Any) -> str | None:
    if content is ABSENT:
        return None
    text = content["text"] if "text" in content else json.dumps(content["value"], indent=2, ensure_ascii=False)
    return shortened(str(text), _TEXT)


def _numbers(weight: Any) -> list[float]:
    values = weight.get("values") if weight is not ABSENT else None
    return [value for value in values or [] if isinstance(value, (int, float)) and math.isfinite(value)]


def _range(weight: Any) -> ShownValue | None:
    if weight is ABSENT:
        return None
    values = _numbers(weight)
    if values:
        return ShownValue(f"{number(min(values))} to {number(max(values))}, mean {number(sum(values) / len(values))}")
    sketch = weight.get("sketch")
    return ShownValue(f"norm {describe(sketch[0])}" if sketch else f"SHA-256 {weight['sha256'][:12]}")


def _distance(old: Any, new: Any) -> str:
    first, second = _numbers(old), _numbers(new)
    if not first or len(first) != len(second):
        return ""
    return number(max(abs(a - b) for a, b in zip(first, second)))
