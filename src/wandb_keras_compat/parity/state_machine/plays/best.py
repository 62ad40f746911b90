"""Which epoch is best, and what the summary says of it: for drawn plays the same from everyone."""

from __future__ import annotations

from typing import Any

from .. import pools
from ..drawing import st
from ..events import Play
from ..property import Property

PREFIXES = ("best_", "best_", "top_", "val_", "", None)


@st.composite
def plays(draw: Any) -> Play:
    names = pools.some_names(draw, at_most=2)
    # What is no number ends the training with the real class: seldom, or little else would be seen.
    logs = pools.logs_of(names, pools.ANYTHING if pools.rarely(draw) else pools.SCALARS)
    arguments = {
        "monitor": draw(st.sampled_from([*names, *names, *names, "not there"])),
        "mode": draw(st.sampled_from(["auto", "auto", "auto", "min", "max", "best"])),
        "log_best_prefix": draw(st.sampled_from(PREFIXES)),
        "verbose": draw(st.sampled_from([0, 1, 2])),
    }
    return Play(
        {**arguments, "save_model": False, "save_graph": False},
        draw(pools.trainings(logs, batches=0, new_runs=True)),
        resumed=draw(st.none() | summaries(names, arguments["log_best_prefix"])),
    )


def summaries(names: list[str], prefix: str | None) -> st.SearchStrategy[dict[str, Any]]:
    """What a run that is resumed may have left: a best one under the prefix, or under another, or something odd."""
    keys = [f"{before}{name}" for before in (prefix, "best_", "") for name in names]
    return st.dictionaries(st.sampled_from(keys), st.sampled_from([*pools.NUMBERS, "NaN", 0]), max_size=2)


PROPERTY = Property("best", plays(), share=3)
