"""Which epoch is best, and what the summary says of it: for drawn plays the same from everyone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wandb_keras_compat.parity.state_machine.contestants import Arena
from wandb_keras_compat.parity.state_machine.events import EpochEnd, Play, TrainBegin, TrainEnd
from wandb_keras_compat.parity.state_machine.judge import judge
from wandb_keras_compat.parity.state_machine.properties import PROFILE, SINGLE, check


@pytest.mark.timeout(3600)
def test_best(arena: Arena) -> None:
    check("best", arena=arena)


@settings(SINGLE, max_examples=PROFILE.max_examples)
@given(
    losses=st.lists(st.floats(width=32), min_size=1, max_size=6),
    mode=st.sampled_from(["min", "max"]),
    resumed=st.none() | st.floats(allow_nan=False, allow_infinity=False),
)
def test_best_of_any_numbers(arena: Arena, losses: list[float], mode: str, resumed: float | None) -> None:
    events = (TrainBegin(), *(EpochEnd(at, {"loss": loss}) for at, loss in enumerate(losses)), TrainEnd())
    arguments = {"monitor": "loss", "mode": mode, "save_model": False, "save_graph": False}
    judge(arena, Play(arguments, events, resumed=None if resumed is None else {"best_loss": resumed}))
