"""Say where a project's dependencies need the package; nothing is edited.

A line ``wandb…`` in a ``requirements*.txt`` beside migrated code is reported with the line to add. Which version
to pin, and in which file, is the project's decision.
"""

from __future__ import annotations

import re

from ..context import Rule
from ..records import Location, Record

ID = "WK007"
_WANDB = re.compile(r"^[ \t]*wandb(?![\w.-])(?:\[[\w, -]*\])?[ \t]*(?P<spec>[<>=!~][^#;\r\n]*)?", re.MULTILINE)


def is_requirements(name: str) -> bool:
    return name.startswith("requirements") and name.endswith((".txt", ".in"))


def notes(file: str, text: str) -> list[Record]:
    """What to say about a requirements file."""
    match = _WANDB.search(text)
    if match is None or "wandb-keras-compat" in text:
        return []
    line = text.count("\n", 0, match.start()) + 1
    pinned = (
        f" ({match.group().strip()} is pinned for the old import, perhaps: the pin can go)"
        if match["spec"] and "<" in match["spec"]
        else ""
    )
    reason = f"migrated code needs a line `wandb-keras-compat` here{pinned}"
    return [Record(file, Location(line), ID, "note", reason, match.group().strip())]


RULE = Rule(ID, "requirements", 1, None, __doc__)
