"""What of a diff is structure: keys, kinds, counts and names, and not the numbers that a training came to.

Two trainings that began with other random numbers log other numbers everywhere, and the same structure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .canonical import is_number
from .differences import ABSENT, Diff, Difference
from .paths import Path

#: Kinds of difference that are of numbers only. "count" is that of a histogram's bin.
_OF_NUMBERS = {"number", "edge", "count", "pixels", "weights"}
#: Texts that a training's numbers decide: what a model sees in a picture, the digest of a file with weights in it.
_OF_A_TRAINING = {"caption", "sha256", "digest"}
_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?(?:e[-+]?\d+)?|\binf\b|\bnan\b)", re.IGNORECASE)
_TERMINAL = 2  # the place of "terminal" in runs[0].terminal["..."]

#: From this share of the numbers in the rows on, they are said to differ nearly everywhere.
_NEARLY_ALL = 0.5


def structure_of(found: Diff, old: Mapping[str, Any], new: Mapping[str, Any]) -> Diff:
    """*found* less the differences of numbers, and less sentences and texts that differ in nothing but numbers.

    Args:
        old, new: the traces that were compared.
    """
    said = [_sentences(trace) for trace in (old, new)]
    kept = tuple(item for item in found if not _of_numbers(item, *said))
    return replace(found, differences=kept)


def _of_numbers(item: Difference, *said: Mapping[int, set[str]]) -> bool:
    if item.kind in _OF_NUMBERS:
        return True
    if item.kind == "text":
        return item.parts[-1] in _OF_A_TRAINING or _without_numbers(item.old) == _without_numbers(item.new)
    if _is_sentence(item.parts):
        sentence = _without_numbers(str(item.parts[-1]))
        run = item.parts[1]
        return isinstance(run, int) and all(sentence in side.get(run, ()) for side in said)
    return False


def _is_sentence(path: Path) -> bool:
    return len(path) > _TERMINAL + 1 and path[_TERMINAL] == "terminal"


def _sentences(trace: Mapping[str, Any]) -> dict[int, set[str]]:
    """What was said in each run, without its numbers."""
    return {at: set(map(_without_numbers, run.get("terminal", ()))) for at, run in enumerate(trace["runs"])}


def _without_numbers(text: str) -> str:
    return _NUMBER.sub("#", text)


def numbers_differ_everywhere(found: Diff, old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether most numbers of the rows differ, all in all, while the structure agrees: as after another random seed."""
    if not found or structure_of(found, old, new):
        return False
    places = {
        (run, row, key)
        for trace in (old, new)
        for run, each in enumerate(trace["runs"])
        for row, values in enumerate(each["history"])
        for key, value in values.items()
        if key != "_step" and isinstance(value, float)
    }
    differ = {
        (item.parts[1], item.parts[3], item.parts[4])
        for item in found
        if len(item.parts) == 5 and item.parts[2] == "history" and _both_numbers(item)
    }
    return bool(places) and len(differ & places) >= _NEARLY_ALL * len(places)


def _both_numbers(item: Difference) -> bool:
    return item.old is not ABSENT and item.new is not ABSENT and is_number(item.old) and is_number(item.new)
