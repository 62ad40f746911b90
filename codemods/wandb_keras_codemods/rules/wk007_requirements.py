"""Say where a project's dependencies need the package; nothing is edited.

A line ``wandb…`` in a ``requirements*.txt`` beside migrated code, and a ``!pip install wandb`` in a migrated
notebook, is reported with what to add. Which version
to pin, and in which file, is the project's decision.
"""

from __future__ import annotations

import re

from .context import Rule
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


_PIP = re.compile(r"^[ \t]*[!%][ \t]*pip3?\b[^\n]*\binstall\b[^\n]*\bwandb\b(?![-\w])[^\n]*", re.MULTILINE)


def pip_lines(text: str) -> list[tuple[int, str]]:
    """Offset and text of the lines of a notebook cell that install wandb and not the package."""
    if "wandb-keras-compat" in text:
        return []
    return [(match.start(), match.group().strip()) for match in _PIP.finditer(text)]


RULE = Rule(ID, "requirements", 1, None, __doc__)
