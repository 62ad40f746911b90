"""The graph of the layers: of drawn networks the same from everyone."""

from __future__ import annotations

from typing import Any

from .. import pools, shapes
from ..drawing import st
from ..events import Play
from ..property import Property


@st.composite
def plays(draw: Any) -> Play:
    arguments = {
        "save_model": False,
        "save_graph": draw(st.sampled_from([True, True, True, False])),
        "log_batch_frequency": draw(st.sampled_from([None, 1])),
    }
    events = pools.trainings(pools.logs_of(["loss"], pools.NUMBERS), new_runs=True)
    return Play(arguments, draw(events), net=draw(shapes.lending(st.one_of(shapes.graphs(), shapes.chains()))))


PROPERTY = Property("graph", plays(), share=0.4)
