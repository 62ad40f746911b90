"""Pairs the items of two lists, so that what was left out of one is one difference.

Lists of equal length are paired index by index. Otherwise items are matched in three passes: equal items, items equal
but for their step, and in the gaps that remain the items that have most in common. So a row left out is one difference,
and not one in each row behind it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any, TypeAlias

from .differences import ABSENT

Pair: TypeAlias = "tuple[int | None, int | None]"
_Region: TypeAlias = "tuple[int, int, int, int]"  # of the short list from, to; of the long list from, to

_MANY = 200_000  # pairs to look at in a gap; where there are more, it is paired by index


def align(old: Sequence[Any], new: Sequence[Any]) -> list[Pair]:
    """Pairs of indices in order; None where a side has no such item. Swapping the lists swaps the pairs."""
    if len(old) == len(new):
        return [(index, index) for index in range(len(old))]
    if len(old) > len(new):
        return [(one, other) for other, one in _align(new, old)]
    return _align(old, new)


def paired(old: Sequence[Any], new: Sequence[Any]) -> Iterator[tuple[int, Any, Any]]:
    """For each item of either list its index in paths and both values, :data:`ABSENT` where a side has none.

    The index is that in the longer list where both have the item, so swapping the lists changes no path.
    """
    for i, j in align(old, new):
        name = i if j is None or (i is not None and len(old) >= len(new)) else j
        assert name is not None  # a pair has at least one side
        yield name, ABSENT if i is None else old[i], ABSENT if j is None else new[j]


def _align(short: Sequence[Any], long: Sequence[Any]) -> list[Pair]:
    regions: list[_Region] = [(0, len(short), 0, len(long))]
    matched: list[tuple[int, int]] = []
    for with_step in (True, False):
        keys = [[hash(_key(item, with_step)) for item in side] for side in (short, long)]
        rest: list[_Region] = []
        for region in regions:
            found = _matches(keys[0], keys[1], region)
            matched += found
            rest += _gaps(found, region)
        regions = rest
    for region in regions:
        matched += _nearest(short, long, region)
    return list(_complete(sorted(matched), len(short), len(long)))


def _key(value: Any, with_step: bool = True) -> Any:
    """A hashable key that is the same for values that differ in their last digits only."""
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, dict):
        return tuple((name, _key(value[name])) for name in sorted(value) if with_step or name != "_step")
    if isinstance(value, list):
        return ("list", *map(_key, value))  # an empty one is no empty mapping
    return f"{value:.4g}" if type(value) is int and abs(value) > 9999 else (type(value).__name__, value)


def _matches(a: Sequence[int], b: Sequence[int], region: _Region) -> list[tuple[int, int]]:
    """Matches equal items in order: from both ends, then items unique on each side, then the rest in between."""
    start_a, end_a, start_b, end_b = region
    found: list[tuple[int, int]] = []
    while start_a < end_a and start_b < end_b and a[start_a] == b[start_b]:
        found.append((start_a, start_b))
        start_a, start_b = start_a + 1, start_b + 1
    while start_a < end_a and start_b < end_b and a[end_a - 1] == b[end_b - 1]:
        end_a, end_b = end_a - 1, end_b - 1
        found.append((end_a, end_b))
    inner = (start_a, end_a, start_b, end_b)
    anchors = _once_on_each_side(a, b, inner)
    if anchors:
        for gap in _gaps(anchors, inner):
            found += _matches(a, b, gap)
        return sorted(found + anchors)
    if 0 < (end_a - start_a) * (end_b - start_b) <= _MANY:
        blocks = SequenceMatcher(None, a[start_a:end_a], b[start_b:end_b], autojunk=False).get_matching_blocks()
        found += [(start_a + i + k, start_b + j + k) for i, j, size in blocks for k in range(size)]
    return sorted(found)


def _once_on_each_side(a: Sequence[int], b: Sequence[int], region: _Region) -> list[tuple[int, int]]:
    """The longest sequence of items unique on each side that is in the same order on both."""
    start_a, end_a, start_b, end_b = region
    counts = [Counter(side) for side in (a[start_a:end_a], b[start_b:end_b])]
    places = {b[j]: j for j in range(start_b, end_b)}
    pairs = [(i, places[a[i]]) for i in range(start_a, end_a) if counts[0][a[i]] == counts[1][a[i]] == 1]
    ends: list[int] = []  # of the best chains of each length, the places in b they end at
    best: list[int] = []
    before: list[int | None] = []
    for at, (_, j) in enumerate(pairs):
        length = bisect_left(ends, j)
        before.append(best[length - 1] if length else None)
        ends[length : length + 1] = [j]
        best[length : length + 1] = [at]
    chain: list[tuple[int, int]] = []
    step = best[-1] if best else None
    while step is not None:
        chain.append(pairs[step])
        step = before[step]
    return chain[::-1]


def _gaps(matched: Sequence[tuple[int, int]], region: _Region) -> list[_Region]:
    start_a, end_a, start_b, end_b = region
    gaps: list[_Region] = []
    for i, j in [*matched, (end_a, end_b)]:
        if start_a < i and start_b < j:
            gaps.append((start_a, i, start_b, j))
        start_a, start_b = i + 1, j + 1
    return gaps


def _nearest(short: Sequence[Any], long: Sequence[Any], region: _Region) -> list[tuple[int, int]]:
    """The pairing, in order, of every item of the smaller side in which most is in common: by dynamic programming."""
    start_a, end_a, start_b, end_b = region
    rows, columns = end_a - start_a, end_b - start_b
    if rows > columns:
        return [(i, j) for j, i in _nearest(long, short, (start_b, end_b, start_a, end_a))]
    spare = columns - rows
    if spare == 0 or rows * (spare + 1) > _MANY:
        return list(zip(range(start_a, end_a), range(start_b, end_b)))

    def common(i: int, ahead: int) -> float:
        return _in_common(short[start_a + i], long[start_b + i + ahead])

    # best[i][ahead]: of what lies from item i on, when so many items of the longer side were left out before it.
    best = [[0.0] * (spare + 2) for _ in range(rows + 1)]
    pair = [[0.0] * (spare + 1) for _ in range(rows)]
    for i in range(rows - 1, -1, -1):
        for ahead in range(spare, -1, -1):
            pair[i][ahead] = common(i, ahead) + best[i + 1][ahead]
            best[i][ahead] = max(pair[i][ahead], best[i][ahead + 1])
    found: list[tuple[int, int]] = []
    ahead = 0
    for i in range(rows):
        while pair[i][ahead] < best[i][ahead]:
            ahead += 1
        found.append((start_a + i, start_b + i + ahead))
    return found


def _in_common(one: Any, other: Any) -> float:
    """From 0 to 1: the share of keys, or of positions, at which both are alike."""
    if isinstance(one, dict) and isinstance(other, dict):
        names = one.keys() | other.keys()
        alike: int = sum(name in one and name in other and _key(one[name]) == _key(other[name]) for name in names)
        shared = len(one.keys() & other.keys())
        return (0.8 * alike + 0.2 * shared) / max(1, len(names))
    if isinstance(one, list) and isinstance(other, list):
        alike = sum(_key(a) == _key(b) for a, b in zip(one, other))
        return alike / max(1, len(one), len(other))
    if isinstance(one, str) and isinstance(other, str):
        return SequenceMatcher(None, one[:200], other[:200]).ratio()
    return float(_key(one) == _key(other))


def _complete(matched: Sequence[tuple[int, int]], length_a: int, length_b: int) -> Iterator[Pair]:
    """*matched* with the items without a partner added at their places."""
    a = b = 0
    for i, j in [*matched, (length_a, length_b)]:
        yield from ((missing, None) for missing in range(a, i))
        yield from ((None, added) for added in range(b, j))
        if i < length_a:
            yield i, j
        a, b = i + 1, j + 1
