"""What an axis is made of: its values, each a few lines of a program and what they can stand beside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Value:
    """One value of an axis.

    Attributes:
        says: what it is, in words.
        parts: lines of a program, by the place they go to; see :mod:`.compose`.
        needs: of other axes, the values beside which it makes a program; all where nothing is said.
    """

    says: str
    parts: Mapping[str, str] = field(default_factory=dict)
    needs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


Axis = dict[str, Value]
