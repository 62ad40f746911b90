"""Histograms of weights: of drawn networks and weights the same from everyone."""

from __future__ import annotations

from typing import Any

from .. import nets, pools, shapes
from ..drawing import st
from ..events import Play
from ..property import Property

VERSIONS = (0, 1, 2, nets.NAN, nets.INFINITE, nets.EQUAL)


@st.composite
def plays(draw: Any) -> Play:
    logs = pools.logs_of(["loss"], pools.NUMBERS)
    user: st.SearchStrategy[dict[str, Any]] = st.sampled_from([{"mine": 1}, {"parameters/d.weights": 0.5}])
    arguments = {"log_weights": True, "save_model": False, "save_graph": False}
    return Play(
        arguments,
        draw(pools.trainings(logs, batches=0, weights=VERSIONS, user=user)),
        net=draw(shapes.chains()),
    )


PROPERTY = Property("weights", plays(), share=0.5)
