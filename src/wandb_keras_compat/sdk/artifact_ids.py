"""Each artifact has an id of its own, whatever seed a program sets.

By its client id wandb finds the artifact that a row of a table refers to, and the server tells one artifact from
another. wandb 0.23.1, and no other version, draws it from Python's ``random``: two artifacts that are made at the same
state of that are one to it, and a table that refers to the first is looked for in the second and lost with a KeyError.
The same state comes again where a program sets a seed, and within a training, since callbacks leave its random numbers
as they found them.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

import wandb


def have_ids_of_their_own() -> None:
    """Has wandb draw the ids of artifacts as its other versions do, from what no seed decides."""
    artifacts: Any = sys.modules[wandb.Artifact.__module__]
    if _follows_the_seed(getattr(artifacts, "generate_fast_id", None)):
        artifacts.generate_fast_id = import_module("wandb.sdk.lib.runid").generate_id


def _follows_the_seed(draw: Callable[[int], str] | None) -> bool:
    if draw is None:
        return False
    state = random.getstate()
    first = draw(128)
    random.setstate(state)
    second = draw(128)
    random.setstate(state)
    return first == second
