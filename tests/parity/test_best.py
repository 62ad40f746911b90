"""Which epoch is best, and what the summary says of it: for drawn plays the same from everyone."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from wandb_keras_compat.parity.state_machine import pools
from wandb_keras_compat.parity.state_machine.contestants import Arena
from wandb_keras_compat.parity.state_machine.events import EpochEnd, Play, TrainBegin, TrainEnd
from wandb_keras_compat.parity.state_machine.judge import judge
from wandb_keras_compat.parity.state_machine.properties import PROFILE, SINGLE, property_of

PREFIXES = ("best_", "best_", "top_", "val_", "", None)


@st.composite
def plays(draw: Any) -> Play:
    names = pools.some_names(draw, at_most=2)
    # What is no number ends the training with the real class: seldom, or little else would be seen.
    logs = pools.logs_of(names, pools.ANYTHING if pools.rarely(draw) else pools.SCALARS)
    arguments = {
        "monitor": draw(st.sampled_from([*names, *names, *names, "not there"])),
        "mode": draw(st.sampled_from(["auto", "auto", "auto", "min", "max", "best"])),
        "log_best_prefix": draw(st.sampled_from(PREFIXES)),
        "verbose": draw(st.sampled_from([0, 1, 2])),
    }
    return Play(
        {**arguments, "save_model": False, "save_graph": False},
        draw(pools.trainings(logs, batches=0, new_runs=True)),
        resumed=draw(st.none() | summaries(names, arguments["log_best_prefix"])),
    )


def summaries(names: list[str], prefix: str | None) -> st.SearchStrategy[dict[str, Any]]:
    """What a run that is resumed may have left: a best one under the prefix, or under another, or something odd."""
    keys = [f"{before}{name}" for before in (prefix, "best_", "") for name in names]
    return st.dictionaries(st.sampled_from(keys), st.sampled_from([*pools.NUMBERS, "NaN", 0]), max_size=2)


@property_of("best", plays(), share=3)
def test_best(arena: Arena, play: Play) -> None:
    judge(arena, play)


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
