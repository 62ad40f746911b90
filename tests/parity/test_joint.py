"""Everything at once: any arguments with any events."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from .machine import pools, shapes
from .machine.contestants import Arena
from .machine.events import Play
from .machine.judge import judge
from .machine.properties import property_of
from .test_best import PREFIXES, summaries
from .test_metrics import FREQUENCIES
from .test_weights import VERSIONS


@st.composite
def plays(draw: Any) -> Play:
    names = pools.some_names(draw)
    arguments = {
        "monitor": draw(st.sampled_from([*names, "not there"])),
        "mode": draw(st.sampled_from(["auto", "min", "max", "best"])),
        "verbose": draw(st.sampled_from([0, 1])),
        "log_best_prefix": draw(st.sampled_from(PREFIXES)),
        "log_batch_frequency": draw(st.sampled_from(FREQUENCIES)),
        "save_model": draw(st.booleans()),
        "save_weights_only": draw(st.booleans()),
        "save_graph": draw(st.booleans()),
        "log_weights": draw(st.booleans()),
    }
    events = pools.trainings(
        st.one_of(pools.logs_of(names, pools.anything), pools.many),
        at_most=10,
        weights=VERSIONS,
        user=pools.logs_of([*names, "mine"], pools.numbers),
        hooks=("on_train_batch_end", "on_batch_end"),
        new_runs=True,
    )
    # What was never written cannot be resumed: without a prefix, what is there is the metrics' own.
    resumed = draw(st.none() | summaries(names, arguments["log_best_prefix"]))
    return Play(arguments, draw(events), net=draw(st.sampled_from(shapes.SOME)), resumed=resumed)


@property_of("joint", plays(), share=1.5)
def test_everything(arena: Arena, play: Play) -> None:
    judge(arena, play)
