"""Long literals of constants, blanked out before a module is parsed: no rule reads them, and they cost the most.

A list of two million characters is half a million nodes of a syntax tree. Numbers, strings and brackets bind no name
and name nothing; what may be a key or an import path is kept. The text keeps its length, so offsets stay what they are.
"""

from __future__ import annotations

import re

_FROM = 20_000
"""Characters from which a literal is long. What a person has written is shorter."""
_OPENING = re.compile(r"[\[({]")
_PIECE = re.compile(
    r"""(?P<open>[\[({])|(?P<close>[\])}])|[\s.,:+-]+|\d[\w.]*|'[^'\\\n]*'|"[^"\\\n]*"|(?:True|False|None)\b"""
)
_READ = re.compile(r"wandb|keras|_target_|['\"](?:val_\w+|loss|acc|accuracy|metric|epoch)['\"]")
"""What rules read in strings: import paths, and keys."""


def without_long_literals(text: str) -> str:
    """The text with each long literal of constants replaced by a short one and spaces."""
    if len(text) < _FROM:
        return text
    parts: list[str] = []
    done = position = 0
    while (opening := _OPENING.search(text, position)) is not None:
        start = opening.start()
        end = _end_of_constants(text, start)
        if end is None:
            position = start + 1
            continue
        position = end
        if end - start >= _FROM and _READ.search(text, start, end) is None:
            parts += (text[done : start + 1], "0", " " * (end - start - 3), text[end - 1])
            done = end
    return "".join((*parts, text[done:]))


def _end_of_constants(text: str, start: int) -> int | None:
    """Where the brackets that open at *start* close; None if there is anything but constants in them."""
    depth = 0
    position = start
    while (piece := _PIECE.match(text, position)) is not None:
        position = piece.end()
        if piece["open"]:
            depth += 1
        elif piece["close"]:
            depth -= 1
            if depth == 0:
                return position
    return None
