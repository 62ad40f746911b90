"""Histograms of gradients: of drawn networks, weights and data the same from everyone, and computed by hand."""

from __future__ import annotations

import dataclasses
from typing import Any

from .. import pools, shapes
from ..data import Samples
from ..drawing import st
from ..events import Play
from ..nets import Net
from ..property import Property

#: The legacy class shuffles arrays, so of several batches of 32 that are not alike only the shim's numbers are always
#: the same.
DATA = st.builds(
    Samples,
    count=st.sampled_from([1, 2, 4, 8, 32, 33, 40, 64]),
    form=st.sampled_from(["arrays", "list", "weighted", "dataset", "sequence", "finite"]),
    seed=st.integers(0, 3),
)
#: For normalized batches: no two samples or sums alike, and none of so few that what remains is rounding.
BATCHES = st.builds(
    Samples,
    count=st.sampled_from([8, 16, 32, 40, 64]),
    form=st.sampled_from(["arrays", "arrays", "list", "weighted"]),
    x=st.just("normal"),
    y=st.just("normal"),
    seed=st.integers(0, 3),
)


@st.composite
def plays(draw: Any) -> Play:
    # What is averaged is a power of two, so that the numbers are exact.
    normalizes = draw(st.integers(0, 3)) == 3
    exact = shapes.lending(st.one_of(shapes.graphs(shapes.DENSE_KINDS), shapes.chains(shapes.DENSE_KINDS)))
    net: Net = draw(shapes.normalized() if normalizes else exact)
    if not normalizes and net.shapes[net.layers[-1].name][-1] not in (1, 2, 4, 8):
        net = dataclasses.replace(net, layers=net.layers[:1], lent=())
    net = dataclasses.replace(net, loss_weights=draw(st.sampled_from([None, None, 2.0])))
    arguments = {
        "log_gradients": not pools.rarely(draw),
        "training_data": None if pools.rarely(draw) else draw(BATCHES if normalizes else DATA),
        "log_weights": draw(st.booleans()),
        "save_model": False,
        "save_graph": False,
    }
    events = pools.trainings(pools.logs_of(["loss"], pools.NUMBERS), batches=0, weights=(0, 1, 2))
    return Play(arguments, draw(events), net=net)


PROPERTY = Property("gradients", plays(), share=0.15)
