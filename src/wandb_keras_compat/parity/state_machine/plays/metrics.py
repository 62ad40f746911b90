"""Rows of epochs and batches: for drawn plays the same from the real class, the shim and the model."""

from __future__ import annotations

from typing import Any

from .. import pools
from ..drawing import st
from ..events import Play
from ..property import Property

#: Of those that both take: the package refuses a negative one at construction.
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


PROPERTY = Property("metrics", plays(), share=3)
