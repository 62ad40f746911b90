"""Makes text from a traced program safe to print: all of it is treated as hostile."""

from __future__ import annotations

import re

# Control characters, line and paragraph separators, changes of direction, surrogates that are alone, and no characters.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def plain(text: str, *, keep: str = "") -> str:
    """*text* with control characters and characters that change the writing direction shown as escapes.

    Args:
        keep: characters that stay, such as a newline.
    """
    return _UNSAFE.sub(lambda found: found[0] if found[0] in keep else _escaped(found[0]), text)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode()
