"""The graph of the layers: of drawn networks the same from everyone."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from wandb_keras_compat.parity.state_machine import pools, shapes
from wandb_keras_compat.parity.state_machine.contestants import Arena
from wandb_keras_compat.parity.state_machine.events import Play
from wandb_keras_compat.parity.state_machine.judge import judge
from wandb_keras_compat.parity.state_machine.properties import property_of


@st.composite
def plays(draw: Any) -> Play:
    arguments = {
        "save_model": False,
        "save_graph": draw(st.sampled_from([True, True, True, False])),
        "log_batch_frequency": draw(st.sampled_from([None, 1])),
    }
    events = pools.trainings(pools.logs_of(["loss"], pools.NUMBERS), new_runs=True)
    return Play(arguments, draw(events), net=draw(shapes.lending(st.one_of(shapes.graphs(), shapes.chains()))))


@property_of("graph", plays(), share=0.4)
def test_graph(arena: Arena, play: Play) -> None:
    judge(arena, play)
