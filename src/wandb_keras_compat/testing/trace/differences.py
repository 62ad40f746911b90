"""The results of comparing two traces: a single difference, and all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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


@dataclass(frozen=True)
class Diff:
    """The differences between two traces that no ledger accounts for.

    Attributes:
        left_out: pattern that a side is blind to, to how many values it kept from being compared.
        known: id in the ledger to the differences it accounts for.
        unused: ids that hold for these versions and account for nothing here.
        ignored: pattern that was to be ignored, to how many differences it took out.
    """

    differences: tuple[Difference, ...]
    left_out: Mapping[str, int] = field(default_factory=dict)
    known: Mapping[str, tuple[Difference, ...]] = field(default_factory=dict)
    unused: tuple[str, ...] = ()
    ignored: Mapping[str, int] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Difference]:
        return iter(self.differences)

    def __len__(self) -> int:
        return len(self.differences)

    def __bool__(self) -> bool:
        return bool(self.differences)

    def paths(self) -> list[str]:
        """Where the differences are, in the order of the document."""
        return [difference.path for difference in self.differences]
