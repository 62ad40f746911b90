"""Rows of epochs and batches: for drawn plays the same from the real class, the shim and the model."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from .state_machine import pools
from .state_machine.contestants import Arena
from .state_machine.events import Play
from .state_machine.judge import judge
from .state_machine.properties import property_of

FREQUENCIES = (None, 0, 1, 2, 3, 2.0)


@st.composite
def plays(draw: Any) -> Play:
    names = pools.some_names(draw)
    usual = pools.logs_of(names, pools.ANYTHING)
    logs = pools.many if pools.rarely(draw) else st.one_of(usual, st.none()) if pools.rarely(draw) else usual
    user = pools.logs_of([*names, "mine"], pools.NUMBERS)
    events = pools.trainings(logs, user=user, hooks=("on_train_batch_end", "on_train_batch_end", "on_batch_end"))
    # Nothing is monitored that could be there: which epoch is best is another test's.
    arguments = {"monitor": "not there", "log_batch_frequency": draw(st.sampled_from(FREQUENCIES))}
    return Play({**arguments, "save_model": False, "save_graph": False}, draw(events))


@property_of("metrics", plays(), share=3)
def test_rows(arena: Arena, play: Play) -> None:
    judge(arena, play)
