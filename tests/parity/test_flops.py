"""GFLOPs: of drawn networks the same from everyone, and counted by hand."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from wandb_keras_compat.parity.state_machine import pools, shapes
from wandb_keras_compat.parity.state_machine.contestants import Arena
from wandb_keras_compat.parity.state_machine.events import Play
from wandb_keras_compat.parity.state_machine.judge import judge
from wandb_keras_compat.parity.state_machine.properties import property_of

KINDS = (*shapes.DENSE_KINDS, "softmax")


@st.composite
def plays(draw: Any) -> Play:
    arguments = {"compute_flops": draw(st.sampled_from([True, True, False])), "save_model": False, "save_graph": False}
    events = pools.trainings(pools.logs_of(["loss"], pools.NUMBERS), batches=0, new_runs=True)
    return Play(arguments, draw(events), net=draw(st.one_of(shapes.graphs(KINDS), shapes.chains(KINDS))))


@property_of("flops", plays(), share=0.15)
def test_flops(arena: Arena, play: Play) -> None:
    judge(arena, play)
