"""The line that says that the plays of a property agreed: written by the program, read by the compatibility matrix.

Needs neither TensorFlow nor anything else, since who reads it may have nothing installed.
"""

from __future__ import annotations

import re

_LINE = re.compile(r"^(\w+): \d+ plays agreed in [\d.]+ s$", re.MULTILINE)


def line(name: str, plays: int, seconds: float) -> str:
    """What the program prints after the plays of the property *name*."""
    return f"{name}: {plays} plays agreed in {seconds:.1f} s"


def names_in(text: str) -> list[str]:
    """The properties whose plays agreed, in what the program printed."""
    return _LINE.findall(text)
