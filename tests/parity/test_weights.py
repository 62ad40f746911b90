"""Histograms of weights: of drawn networks and weights the same from everyone."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from wandb_keras_compat.parity.state_machine import nets, pools, shapes
from wandb_keras_compat.parity.state_machine.contestants import Arena
from wandb_keras_compat.parity.state_machine.events import Play
from wandb_keras_compat.parity.state_machine.judge import judge
from wandb_keras_compat.parity.state_machine.properties import property_of

VERSIONS = (0, 1, 2, nets.NAN, nets.INFINITE, nets.EQUAL)


@st.composite
def plays(draw: Any) -> Play:
    logs = pools.logs_of(["loss"], pools.NUMBERS)
    user = st.sampled_from([{"mine": 1}, {"parameters/d.weights": 0.5}])
    arguments = {"log_weights": True, "save_model": False, "save_graph": False}
    return Play(
        arguments,
        draw(pools.trainings(logs, batches=0, weights=VERSIONS, user=user)),
        net=draw(shapes.chains()),
    )


@property_of("weights", plays(), share=0.5)
def test_weights(arena: Arena, play: Play) -> None:
    judge(arena, play)
