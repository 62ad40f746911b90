"""Which scenarios are played in which form by default: all in the usual one, and a share drawn for each of the others.

A draw is the same wherever it is made. What was not drawn is played too, in cells (``-m 'not cell'``).
"""

from __future__ import annotations

import functools
import random

from wandb_keras_compat.parity.forms import FORMS, USUAL
from wandb_keras_compat.parity.scenarios import SCENARIOS
from wandb_keras_compat.parity.uses import cover
from wandb_keras_compat.parity.uses.axes import AXES

#: So many scenarios that have data to draw or tabulate in ``fit`` alone, where the form matters most, and of the others.
SHARES = {
    "before": (4, 5), "function": (1, 1), "subclass": (2, 2), "copied": (2, 2),
    "run": (2, 1), "install": (2, 1), "notebook": (2, 1),
}  # fmt: skip

#: Long ones, and what needs processes of its own: not by default.
_NOT_DRAWN = {"two_workers", "everything", "mirrored"}


def all_in(form: str) -> list[str]:
    """The scenarios that can be played in a form."""
    return [
        name
        for name, scenario in SCENARIOS.items()
        if form == USUAL or not (scenario.not_written if FORMS[form].started else scenario.only)
    ]


@functools.cache
def share(form: str) -> list[str]:
    """Those drawn for it."""
    chance = random.Random(form)
    names = [name for name in all_in(form) if name not in _NOT_DRAWN]
    of_fit = [name for name in names if "_of_fit" in name]
    others = [name for name in names if name not in of_fit and SCENARIOS[name].arguments.get("save_model") is False]
    first, second = SHARES[form]
    return [*chance.sample(of_fit, first), *chance.sample(others, second)]


def rest(form: str) -> list[str]:
    """Those that can be played in it and were not drawn."""
    return [name for name in all_in(form) if name not in share(form)]


#: Programs of :mod:`.uses` by default, for each way of starting them.
USES = 2


@functools.cache
def uses() -> list[int]:
    """The numbers of those drawn."""
    rows = cover.rows()
    return [
        number
        for started in AXES["start"]
        for number in random.Random(started).sample(
            [number for number, row in enumerate(rows) if row["start"] == started and row["logs"] in _QUICK], USES
        )
    ]


#: What saves no model.
_QUICK = {"no model", "monitor", "images", "courses", "histograms", "gradients", "table", "batches"}
