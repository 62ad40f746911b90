"""Whatever a program logs, in whatever order, the recorder computes what the installed SDK's service computes."""

from __future__ import annotations

import inspect
import itertools
import math
from collections.abc import Iterator
from typing import Any

import pytest
import wandb
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from wandb_keras_compat.testing.doors import installed_sdk
from wandb_keras_compat.testing.model.snapshot import RunSnapshot

from .door_runners import Server, recorded

#: An online run takes wandb's old service three seconds, most of which it sleeps.
EXAMPLES = 25 if installed_sdk.has_core() else 4

numbers = st.integers(-3, 3) | st.sampled_from([0.5, -1.25, math.nan])
values = numbers | st.sampled_from(["text", True, [1, 2]])
# Aggregates are of numbers; what each service makes of anything else under such a key is not promised.
numeric = st.dictionaries(st.sampled_from(["a", "b", "step", "val/a", "val/b"]), numbers, max_size=3)
rows = st.builds(
    lambda known, other: known | other, numeric, st.dictionaries(st.sampled_from(["c", "d.e"]), values, max_size=1)
)
nested = st.dictionaries(st.sampled_from(["x", "y"]), numbers, min_size=1, max_size=2).map(
    lambda inner: {"deep": inner}
)

log = st.tuples(
    st.just("log"),
    rows | nested,
    st.fixed_dictionaries({}, optional={"commit": st.booleans(), "step": st.integers(0, 12)}),
)
goals = (
    ["best"]
    if "goal" in inspect.signature(wandb.Run.define_metric if hasattr(wandb, "Run") else object).parameters
    else []
)
summaries = (
    st.sets(st.sampled_from(["min", "max", "mean", "last", "copy", *goals]), min_size=1, max_size=3)
    .map(sorted)
    .map(",".join)
)
define_metric = st.tuples(
    st.just("define_metric"),
    st.sampled_from(["a", "b", "val/*", "val/a", "step"]),
    st.fixed_dictionaries({}, optional={"summary": summaries | st.just("none"), "step_metric": st.just("step")}),
)
set_summary = st.tuples(st.just("set_summary"), st.sampled_from(["best", "other"]), numbers | st.just({"x": 1}))
calls = st.lists(st.one_of(log, log, log, define_metric, set_summary), max_size=12)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("online"))
    yield server
    server.end()


def told(run: RunSnapshot) -> dict[str, Any]:
    """What the run says, in a form in which NaN equals itself."""
    rows = [
        {key: row[key] for key in row if key not in {"_timestamp", "_runtime"}} for row in run.history(internal=True)
    ]
    return {"rows": repr_of(rows), "summary": repr_of(run.summary())}


def repr_of(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: repr_of(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [*map(repr_of, value)]
    return repr(float(value)) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


numbered = itertools.count()


@pytest.mark.slow
@pytest.mark.timeout(900)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[*HealthCheck])
@given(calls=calls)
@example(
    calls=[
        ("define_metric", "a", {"summary": "none"}),
        ("define_metric", "a", {"summary": "min"}),
        ("log", {"a": 0}, {}),
    ]
)
def test_the_recorder_is_the_service(calls: list[Any], server: Server) -> None:
    job = {"id": f"run{next(numbered)}", "calls": calls}
    assert told(recorded(job)) == told(server.run(job))
