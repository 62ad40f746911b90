"""GFLOPs: of drawn networks the same from everyone, and counted by hand."""

from __future__ import annotations

from typing import Any

from .. import pools, shapes
from ..drawing import st
from ..events import Play
from ..property import Property

KINDS = (*shapes.DENSE_KINDS, "softmax")


@st.composite
def plays(draw: Any) -> Play:
    arguments = {"compute_flops": draw(st.sampled_from([True, True, False])), "save_model": False, "save_graph": False}
    events = pools.trainings(pools.logs_of(["loss"], pools.NUMBERS), batches=0, new_runs=True)
    return Play(arguments, draw(events), net=draw(st.one_of(shapes.graphs(KINDS), shapes.chains(KINDS))))


PROPERTY = Property("flops", plays(), share=0.15)
