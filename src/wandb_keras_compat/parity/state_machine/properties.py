"""How properties over plays are run: by pytest, or by a program in its own process.

    python -m wandb_keras_compat.parity.state_machine [NAME...] [--examples N] [--seed S]

runs the properties of the capabilities named, all of them by default. :func:`check` does the same in a process that
has its own plans. Only wandb, tensorflow and the extra ``parity`` need to be installed.
"""

from __future__ import annotations

import importlib
import os
from typing import Any

from .contestants import Arena
from .drawing import HealthCheck, Phase, given, seed, settings
from .events import Play
from .judge import judge
from .property import Property

#: One for each capability, by the name it has everywhere, and the one that mixes them.
NAMES = ("metrics", "best", "checkpoint", "weights", "gradients", "graph", "flops", "examples", "evaluation", "joint")

#: How many examples a property has, times its share. ``deep`` draws more than ten thousand over all of them.
settings.register_profile("plays", max_examples=30)
settings.register_profile("deep", max_examples=1060)
#: ``same`` draws the same ones in each run of the same code, for a check that must not depend on luck.
settings.register_profile("same", max_examples=30, derandomize=True)
_WANTED = os.environ.get("WANDB_KERAS_COMPAT_HYPOTHESIS")
PROFILE = settings.get_profile(_WANTED if _WANTED in {"deep", "same"} else "plays")


def named(name: str) -> Property:
    """The property *name*; its module is imported when first asked for."""
    found: Property = importlib.import_module(f"{__package__}.plays.{name}").PROPERTY
    return found


def check(
    name: str,
    *,
    arena: Arena | None = None,
    examples: int | None = None,
    seed_of: int | None = None,
    shrink: bool = True,
) -> None:
    """Runs the property *name*.

    Args:
        arena: one that is open; None for one of its own.
        examples: how many to draw; None is what the profile says.
        seed_of: the same seed draws the same examples, where versions are the same.
        shrink: whether to look for a smaller example once one fails.

    Raises:
        Exception: an example fails. Its notes have the play, and a line that reproduces it.
    """
    if arena is None:
        with Arena() as own:
            check(name, arena=own, examples=examples, seed_of=seed_of, shrink=shrink)
        return
    wanted, stage = named(name), arena

    @given(play=wanted.plays)
    def judged(play: Play) -> None:
        judge(stage, play)

    judged.__name__, judged.__qualname__ = f"{name}_agrees", f"{name}_agrees"
    count = PROFILE.max_examples if examples is None else examples
    limits = settings(
        max_examples=max(1, round(count * wanted.share)),
        print_blob=True,
        deadline=None,
        database=PROFILE.database if seed_of is None else None,
        derandomize=PROFILE.derandomize and seed_of is None,
        report_multiple_bugs=False,
        phases=[*(Phase.explicit, Phase.reuse, Phase.generate), *[Phase.shrink] * shrink],
        suppress_health_check=list(HealthCheck),
    )
    run: Any = limits(judged)
    (run if seed_of is None else seed(seed_of)(run))()


#: For properties of single functions, which cost nothing.
SINGLE = settings(
    max_examples=4 * PROFILE.max_examples,
    deadline=None,
    derandomize=PROFILE.derandomize,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)
