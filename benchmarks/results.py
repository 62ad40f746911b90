"""One line of the report, and how long a measurement may take."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import Any, Literal

from .measure import Clock, Spread

Verdict = Literal["kept", "within noise", "MISSED"]


@dataclass(frozen=True)
class Row:
    """A measured number, or a reason why there is none."""

    measurement: str
    subject: str
    compared: str
    """What the number is, e.g. ``shim / bare``."""
    value: Spread | None = None
    unit: Literal["x", "ms"] = "x"
    limit: float | None = None
    """The most the project allows itself; None for numbers that are shown for comparison."""
    note: str = ""

    @property
    def verdict(self) -> Verdict | None:
        """Whether the limit is kept; None where there is no limit or no number.

        Two sides that do the same work are above 1 in every second measurement: ``within noise`` is a median
        above the limit in rounds that would look like this on it as well.
        """
        if self.value is None or self.limit is None:
            return None
        if self.value.median <= self.limit:
            return "kept"
        return "MISSED" if self.value.surely_above > self.limit else "within noise"

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "verdict": self.verdict}


@dataclass(frozen=True)
class Effort:
    """How much to measure."""

    rounds: int
    scale: float
    """Share of the full data and repetitions."""
    clock: Clock = time.perf_counter

    def of(self, count: int, at_least: int = 1) -> int:
        """*count*, scaled down."""
        return max(at_least, round(count * self.scale))


FULL = Effort(rounds=15, scale=1.0)
QUICK = Effort(rounds=7, scale=0.25)
