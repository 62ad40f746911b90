"""SQL's LIKE, in at most as many steps as the lengths of pattern and text multiplied."""

from __future__ import annotations


def like(pattern: str, text: str) -> bool:
    """Whether all of *text* matches: ``%`` is any number of any characters, ``_`` is one."""
    first, *rest = pattern.split("%")
    if not rest:
        return len(text) == len(first) and _here(first, text, 0)
    *middle, last = rest
    end = len(text) - len(last)
    if end < len(first) or not _here(first, text, 0) or not _here(last, text, end):
        return False
    place = len(first)
    for part in middle:  # the first place of each is the best: it leaves the most to the others
        while place + len(part) <= end and not _here(part, text, place):
            place += 1
        place += len(part)
        if place > end:
            return False
    return True


def _here(part: str, text: str, place: int) -> bool:
    if "_" not in part:
        return text.startswith(part, place)
    return all(letter in {"_", text[place + number]} for number, letter in enumerate(part))
