"""The ledger of this suite, and how traces of whole trainings are compared."""

from __future__ import annotations

import functools
import pathlib
from collections.abc import Mapping
from typing import Any

from ..testing.trace.compare import diff
from ..testing.trace.differences import Diff
from ..testing.trace.ledger import Ledger
from ..testing.trace.tolerances import Tolerances
from .scenarios import IN_HALF_PRECISION

PATH = pathlib.Path(__file__).with_name("known_differences.yaml")

#: Whole trainings add up the rounding of each step: one digit more than a single pass.
TRAININGS = Tolerances(relative=1e-4, absolute=1e-9, weights=1e-4)
#: Of models that compute in float16, which keeps eleven bits.
IN_HALF = Tolerances(relative=2**-10, absolute=1e-9, weights=2**-10)


@functools.cache
def ledger() -> Ledger:
    """Known differences of the package, read once: that is 0.1 s of YAML, and each judgement asks for them."""
    return Ledger.load(PATH)


def compare(old: Mapping[str, Any], new: Mapping[str, Any], known: Ledger | None = None) -> Diff:
    """What differs between two traces of a scenario, less what *known* accounts for."""
    half = IN_HALF_PRECISION.issuperset(run.get("name") for run in (*old["runs"], *new["runs"]))
    return diff(old, new, known, tolerances=IN_HALF if half else TRAININGS)


def may_end(name: str, made_with: Mapping[str, str], known: Ledger) -> list[str]:
    """The ids that say that, with these versions, the training of the scenario *name* is ended by others."""
    return [
        e.id
        for e in known.entries
        if e.kind == "upstream" and "runs[*]" in e.where and e.is_about(name) and e.holds(made_with)
    ]


def told(found: Diff, most: int = 12) -> str:
    """The first differences in words, for the message of a failed assertion."""
    lines = [f"{item.path} ({item.kind}): {item.old!r:.100} | {item.new!r:.100}" for item in list(found)[:most]]
    return "\n".join([f"{len(found)} differences", *lines])
