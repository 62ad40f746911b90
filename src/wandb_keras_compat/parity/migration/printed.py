"""What a program printed: without what is left to chance, and compared with the tolerance of all numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..ledger import TRAININGS

_ADDRESS = re.compile(r"0x[0-9a-fA-F]{6,}")
_FOLDER = re.compile(r"[^\s'\"]*/wandb-recorder-\w+|[^\s'\"]*/wandb/offline-run-[\w-]+")
_DURATION = re.compile(r"\b\d+(?:\.\d+)?\s?(?:[mun]?s|μs)(?:/\w+)?\b")
_TIMED = re.compile(r"^(CPU times|Wall time)")
_NUMBER = re.compile(r"-?\d+\.\d+(?:e[-+]?\d+)?")
_DRAWN = re.compile(r"\x1b\[[0-9;]*[A-Za-z]|\x08")


def lines(text: str) -> list[str]:
    """What stands on each line in the end: how often a progress bar was drawn anew on it, the clock decides.

    So it does how many spaces are at its end, which overwrite what was longer.
    """
    found = [_DRAWN.sub("", line).rstrip("\r") for line in text.split("\n")]
    return [_last_drawn(line) for line in (found if found[-1] else found[:-1])]


def _last_drawn(line: str) -> str:
    _, drawn, last = line.rpartition("\r")
    return last.rstrip() if drawn else last


def normalized(line: str, folder: str, ids: Iterable[str]) -> str:
    """*line* with what stands for addresses, durations, folders and generated run ids."""
    line = _FOLDER.sub("<run folder>", line.replace(folder, "<folder>"))
    line = without_ids(line, ids)
    if _TIMED.match(line):
        return "<time>"
    return _DURATION.sub("<time>", _ADDRESS.sub("<address>", line))


def without_ids(text: str, ids: Iterable[str]) -> str:
    """*text* with the number of the run in place of each id that was generated."""
    generated = [name for name in dict.fromkeys(ids) if re.fullmatch(r"[a-z0-9]{8}", name)]
    for number, name in enumerate(generated):
        text = text.replace(name, f"<run id {number}>")
    return text


def same(one: str, other: str) -> bool:
    """Whether two lines are the same, numbers with a point as near as they have to be in a trace."""
    if _NUMBER.sub("#", one) != _NUMBER.sub("#", other):
        return False
    pairs = zip(_NUMBER.findall(one), _NUMBER.findall(other))
    return all(TRAININGS.same_number(float(a), float(b)) for a, b in pairs)
