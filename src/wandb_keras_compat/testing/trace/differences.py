"""One difference between two traces."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from .paths import Path


class Absent:
    """Stands for a value that a side does not have. It is false, and there is one, :data:`ABSENT`."""

    def __repr__(self) -> str:
        return "absent"

    def __bool__(self) -> bool:
        return False


ABSENT: Final = Absent()


@dataclass(frozen=True)
class Difference:
    """Two values that should be the same.

    Attributes:
        path: where, as text.
        old, new: the values; :data:`ABSENT` on a side that has none. For pixels both images.
        kind: ``missing`` (only *old* has it), ``added`` (only *new* has it), ``type``, or what was compared:
            ``number``, ``text``, ``pixels``, ``weights``, ``edge``, ``count`` and so on.
        note: what the values do not show, e.g. how many pixels differ.
        parts: the path as keys and indices.
    """

    path: str
    old: Any
    new: Any
    kind: str
    note: str = ""
    parts: Path = field(default=(), repr=False, compare=False)

    def __hash__(self) -> int:
        return hash((self.path, self.kind))  # values are JSON, which has no hash

    def __str__(self) -> str:
        note = f" ({self.note})" if self.note else ""
        return f"{self.path}: {self.kind}{note}"
