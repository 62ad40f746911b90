"""Formats counts and sizes in bytes, for all commands and views. Standard library only."""

from __future__ import annotations

import math

_UNITS = ("KiB", "MiB", "GiB", "TiB")


def plural(count: int, noun: str) -> str:
    """``1 row``, ``2 rows``, ``1,000 entries``."""
    if count != 1:
        noun = f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2] not in "aeiou" else f"{noun}s"
    return f"{count:,} {noun}"


def size(count: float) -> str:
    """A number of bytes in the largest unit of which there is one: ``12 B``, ``1.5 MiB``."""
    if count < 1024:
        return f"{count:.0f} B"
    exponent = min(int(math.log(count, 1024)), len(_UNITS))
    return f"{count / 1024**exponent:.1f} {_UNITS[exponent - 1]}"
