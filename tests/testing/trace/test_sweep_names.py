"""A sweep has a name of its own in a trace, since the server draws its id anew each time."""

from __future__ import annotations

import pytest

pytest.importorskip("jsonschema", reason="traces need the `testing` extra")

from wandb_keras_compat.testing.model.artifacts import RunKey
from wandb_keras_compat.testing.model.store import RunStore
from wandb_keras_compat.testing.trace.compare import diff
from wandb_keras_compat.testing.trace.normalize import trace_of


def trace(*sweeps):
    store = RunStore()
    for number, sweep in enumerate(sweeps):
        store.run(RunKey("e", "p", f"run{number}")).sweep = sweep
    return trace_of(store.snapshot(), "http")


def test_sweeps_are_numbered_as_they_come():
    assert [run["sweep"] for run in trace("b", None, "a", "b")["runs"]] == ["sweep 1", None, "sweep 2", "sweep 1"]


def test_the_same_sweep_twice_is_the_same_trace_and_another_grouping_is_not():
    assert diff(trace("x", "x", "y"), trace("k", "k", "a")) == diff(trace(), trace())
    assert diff(trace("x", "x", "y"), trace("k", "a", "a")) != diff(trace(), trace())
