"""Function and command sweeps of a legacy program that nobody changed: the best run has the lowest ``val_loss``.

In the environment of these tests; what was seen with each wandb is in ``sdk_answers.json`` and docs/backend-checks.md.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("tensorflow", reason="the program trains")

from wandb_keras_compat.testing.doors.server import Backend
from wandb_keras_compat.testing.trace.normalize import trace_of
from wandb_keras_compat.testing.trace.validate import check as check_trace
from wandb_keras_compat.testing.views.sweep_table import best_run

from . import legacy_sweeps


@pytest.mark.slow
def test_a_sweep_of_a_legacy_function(around: Callable, tmp_path: Path) -> None:
    with Backend() as backend:
        best = legacy_sweeps.by_function(sys.executable, around(backend), legacy_sweeps.prepared(tmp_path))
        seen = backend.snapshot()
    legacy_sweeps.check(seen, best)
    trace = trace_of(seen, "http")
    check_trace(trace)
    (sweep,) = trace["sweeps"]
    assert [run["sweep"] for run in trace["runs"]] == ["sweep 1"] * 3
    assert best_run(sweep, trace["runs"]) == [run.id for run in seen.runs].index(best)


@pytest.mark.whole
def test_a_sweep_of_a_legacy_command(around: Callable, tmp_path: Path) -> None:
    with Backend() as backend:
        best = legacy_sweeps.by_command(sys.executable, around(backend), legacy_sweeps.prepared(tmp_path), backend)
        seen = backend.snapshot()
    legacy_sweeps.check(seen, best)
