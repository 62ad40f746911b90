"""How properties over plays are run: by pytest, or by a program in its own process.

    python -m wandb_keras_compat.parity.state_machine [NAME...] [--examples N] [--seed S]

runs the properties of the capabilities named, all of them by default. :func:`check` does the same in a process that
has its own plans. Only wandb, tensorflow, hypothesis and pytest need to be installed.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from .contestants import Arena
from .events import Play

#: One for each capability, by the name it has everywhere, and the one that mixes them.
NAMES = ("metrics", "best", "checkpoint", "weights", "gradients", "graph", "flops", "examples", "evaluation", "joint")

#: How many examples a property has, times its share. ``deep`` draws more than ten thousand over all of them.
settings.register_profile("plays", max_examples=30)
settings.register_profile("deep", max_examples=1060)
PROFILE = settings.get_profile("deep" if os.environ.get("WANDB_KERAS_COMPAT_HYPOTHESIS") == "deep" else "plays")

Judge = Callable[[Arena, Play], object]


class Property:
    """What is drawn, and who judges it."""

    def __init__(self, name: str, plays: st.SearchStrategy[Play], judge: Judge, share: float) -> None:
        self.name = name
        self.plays = plays
        self.judge = judge
        self.share = share


_PROPERTIES: dict[str, Property] = {}


def property_of(name: str, plays: st.SearchStrategy[Play], *, share: float = 1.0) -> Callable[[Judge], Any]:
    """Makes a function of an arena and a play the property *name*, and a test of it.

    Args:
        share: how many examples it has, of those that a profile gives to each property.
    """

    def decorate(judge: Judge) -> Any:
        _PROPERTIES[name] = Property(name, plays, judge, share)

        @pytest.mark.timeout(3600)
        def test(arena: Arena) -> None:
            check(name, arena=arena)

        test.__name__, test.__doc__, test.__module__ = judge.__name__, judge.__doc__, judge.__module__
        return test

    return decorate


def named(name: str) -> Property:
    """The property *name*; its module is imported when first asked for."""
    if name not in _PROPERTIES:
        importlib.import_module(f"tests.parity.test_{name}")
    return _PROPERTIES[name]


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
        wanted.judge(stage, play)

    judged.__name__, judged.__qualname__ = f"{name}_agrees", f"{name}_agrees"
    count = PROFILE.max_examples if examples is None else examples
    own = settings(
        max_examples=max(1, round(count * wanted.share)),
        print_blob=True,
        deadline=None,
        database=PROFILE.database if seed_of is None else None,
        report_multiple_bugs=False,
        phases=[*(Phase.explicit, Phase.reuse, Phase.generate), *[Phase.shrink] * shrink],
        suppress_health_check=list(HealthCheck),
    )
    run: Any = own(judged)
    (run if seed_of is None else seed(seed_of)(run))()


#: For properties of single functions, which cost nothing.
SINGLE = settings(
    max_examples=4 * PROFILE.max_examples, deadline=None, print_blob=True, suppress_health_check=list(HealthCheck)
)
