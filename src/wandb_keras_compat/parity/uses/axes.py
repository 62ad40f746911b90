"""The ways in which people use ``WandbCallback``: seven axes, from which everything else here is made.

Gathered from 641 public files and W&B's documentation. A value of an axis is a few lines of a program; :mod:`.compose`
puts them together.
"""

from __future__ import annotations

from collections.abc import Mapping

from .axis import Axis, Value
from .callback_axes import IMPORT, LOGS, STYLE
from .program_axes import RUN, START
from .training_axes import DATA, MODEL, ONE_INPUT

__all__ = ["AXES", "DATA", "IMPORT", "LOGS", "MODEL", "ONE_INPUT", "RUN", "START", "STYLE", "Axis", "Value", "fits"]

AXES: dict[str, Axis] = {
    "data": DATA, "model": MODEL, "logs": LOGS, "style": STYLE, "import": IMPORT, "run": RUN, "start": START,
}  # fmt: skip


def fits(row: Mapping[str, str]) -> bool:
    """Whether the values, of some of the axes or all, make a program together."""
    return all(
        row[other] in allowed
        for axis, name in row.items()
        for other, allowed in AXES[axis][name].needs.items()
        if other in row
    )
