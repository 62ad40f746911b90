"""Checkpoints: a file and an artifact of which epoch, of which weights, under which aliases."""

from __future__ import annotations

from typing import Any

from .. import pools
from ..drawing import st
from ..events import Play
from ..property import Property


@st.composite
def plays(draw: Any) -> Play:
    names = pools.some_names(draw, at_most=2)
    arguments = {
        "monitor": names[0],
        "mode": draw(st.sampled_from(["auto", "min", "max"])),
        "save_model": draw(st.sampled_from([True, True, True, False])),
        "save_weights_only": draw(st.booleans()),
        "log_best_prefix": draw(st.sampled_from(["best_", "top_", "", None])),
        "verbose": draw(st.sampled_from([0, 1])),
        "save_graph": False,
    }
    changed = draw(st.sampled_from([{}, {}, {"save_model_as_artifact": False}]))
    events = pools.trainings(pools.logs_of(names, pools.SCALARS), batches=0, weights=(0, 1, 2, 3), new_runs=True)
    return Play(arguments, draw(events), changed=changed)


PROPERTY = Property("checkpoint", plays(), share=1)
