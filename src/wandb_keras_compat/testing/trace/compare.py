"""Compares two traces and lists the differences by path.

Only content is compared: not ``schema``, ``door`` and ``made_with``. What either side is blind to is left out and
counted. Swapping the traces swaps ``old`` and ``new`` and changes no path: where lists differ in length, an item that
both have is named by its index in the longer one, and an item that one side has by its index there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from .align import paired
from .canonical import object_type
from .compare_values import Leaf, difference_of_leaves, is_set, pixels_differ
from .differences import ABSENT, Diff, Difference
from .ledger import Ledger
from .paths import Path, Patterns, text_of
from .tolerances import DEFAULT, Tolerances, span


def diff(
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    ledger: Ledger | None = None,
    *,
    tolerances: Tolerances = DEFAULT,
    ignore: Patterns | None = None,
) -> Diff:
    """The differences between two traces, less those in *ledger*, in the order of the document.

    Args:
        old, new: traces as :func:`.validate.load` or :func:`.trace_of` give them.
        ledger: known differences; the versions of *new* decide which of its entries hold.
        tolerances: how far apart two values may be, see :class:`.Tolerances`.
        ignore: differences at these places are left out, and counted, before the ledger is asked.
    """
    comparison = _Comparison(Patterns([*old["blind"], *new["blind"]]), tolerances)
    comparison.lists(("runs",), old["runs"], new["runs"])
    comparison.lists(("sweeps",), old.get("sweeps", []), new.get("sweeps", []))
    found, ignored = _less(comparison.found, ignore or Patterns(()))
    if ledger is None:
        return Diff(found, dict(comparison.left_out), ignored=ignored)
    account = ledger.account_for(found, new["made_with"], [run["name"] for run in new["runs"]])
    return Diff(account.unknown, dict(comparison.left_out), account.known, account.unused, ignored)


def _less(found: Iterable[Difference], ignore: Patterns) -> tuple[tuple[Difference, ...], dict[str, int]]:
    """What of *found* is nowhere in *ignore*, and how many each of its patterns took out."""
    ignored: Counter[str] = Counter()
    kept = []
    for item in found:
        pattern = ignore.find(item.parts)
        if pattern is None:
            kept.append(item)
        else:
            ignored[pattern.text] += 1
    return tuple(kept), dict(ignored)


class _Comparison:
    """Goes through both documents at once."""

    def __init__(self, blind: Patterns, tolerances: Tolerances) -> None:
        self.found: list[Difference] = []
        self.left_out: Counter[str] = Counter()
        self._blind = blind
        self._tolerances = tolerances

    def values(self, path: Path, old: Any, new: Any) -> None:
        """Any two values at *path*; :data:`ABSENT` where a side has none."""
        hidden = self._blind.find(path)
        if hidden is not None:
            self.left_out[hidden.text] += 1
        elif old is ABSENT or new is ABSENT:
            self._report(path, old, new, "missing" if new is ABSENT else "added")
        elif isinstance(old, dict) and isinstance(new, dict):
            self._objects(path, old, new)
        elif isinstance(old, list) and isinstance(new, list):
            self.lists(path, old, new)
        else:
            self._leaves(path, old, new)

    def lists(self, path: Path, old: list[Any], new: list[Any]) -> None:
        if is_set(path):
            self._sets(path, Counter(old), Counter(new))
            return
        for name, one, other in paired(old, new):
            self.values((*path, name), one, other)

    def _sets(self, path: Path, old: Counter[str], new: Counter[str]) -> None:
        for item in sorted(old.keys() | new.keys()):
            if (item in old) != (item in new):
                self.values((*path, item), *(item if item in side else ABSENT for side in (old, new)))
            elif old[item] != new[item]:
                self._report((*path, item), old[item], new[item], "number of times")

    def _objects(self, path: Path, old: dict[str, Any], new: dict[str, Any]) -> None:
        kind = object_type(old)
        if kind != object_type(new):
            self._report(path, old, new, "type")
        elif kind == "number":
            self._leaves(path, old, new)
        elif kind == "image":
            self._images(path, old, new)
        elif kind == "histogram":
            self._histograms(path, old, new)
        elif kind == "weights":
            self._members(path, old, new, ["format"])
            self._models((*path, "weights"), old["weights"], new["weights"])
        else:
            self._members(path, old, new, sorted(old.keys() | new.keys()))

    def _members(self, path: Path, old: dict[str, Any], new: dict[str, Any], names: list[str]) -> None:
        for name in names:
            self.values((*path, name), old.get(name, ABSENT), new.get(name, ABSENT))

    def _images(self, path: Path, old: dict[str, Any], new: dict[str, Any]) -> None:
        captions = [caption for side in (old, new) if isinstance(caption := side.get("caption"), str)]
        same = len(captions) == 2 and self._tolerances.same_caption(*captions)
        self._members(path, old, new, sorted((old.keys() | new.keys()) - {"png", *(["caption"] if same else [])}))
        shapes = ({name: side.get(name) for name in ("width", "height", "mode")} for side in (old, new))
        if len({tuple(shape.items()) for shape in shapes}) == 1 and (note := pixels_differ(old, new)):
            self._report((*path, "pixels"), old, new, "pixels", note)

    def _histograms(self, path: Path, old: dict[str, Any], new: dict[str, Any]) -> None:
        width = span((old, new))
        for name, kind in (("bins", Leaf.EDGE), ("counts", Leaf.EXACT)):
            if len(old[name]) != len(new[name]):
                self._report((*path, name), old[name], new[name], "length")
                continue
            for index, (a, b) in enumerate(zip(old[name], new[name])):
                self._leaves((*path, name, index), a, b, kind, width)

    def _models(self, path: Path, old: dict[str, Any], new: dict[str, Any]) -> None:
        for name in sorted(old.keys() | new.keys()):
            if name in old and name in new and self._blind.find((*path, name)) is None:
                self._weights((*path, name), old[name], new[name])
            else:
                self.values((*path, name), old.get(name, ABSENT), new.get(name, ABSENT))

    def _weights(self, path: Path, old: dict[str, Any], new: dict[str, Any]) -> None:
        """Compares weights by their numbers, and by digest, which shows no distance, where neither side has them."""
        self._members(path, old, new, ["dtype", "shape"])
        if old["shape"] != new["shape"]:
            return
        for name, same in (("values", self._tolerances.same_values), ("sketch", self._tolerances.same_sketch)):
            if name in old and name in new and len(old[name]) == len(new[name]):
                if not same(old[name], new[name]):
                    self._report((*path, name), old[name], new[name], "weights")
            elif name in old or name in new:
                self._report((*path, name), old.get(name, ABSENT), new.get(name, ABSENT), "weights")
        if not {"values", "sketch"} & (old.keys() | new.keys()):
            self._members(path, old, new, ["sha256"])

    def _leaves(self, path: Path, old: Any, new: Any, leaf: Leaf | None = None, width: float = 0.0) -> None:
        kind = difference_of_leaves(old, new, self._tolerances, leaf, width)
        if kind is not None and self._blind.find(path) is None:
            self._report(path, old, new, kind)

    def _report(self, path: Path, old: Any, new: Any, kind: str, note: str = "") -> None:
        self.found.append(Difference(text_of(path), old, new, kind, note, path))
