"""A sweep as a title and a row for each run that was given out."""

from __future__ import annotations

import math
from typing import Any

import pytest

from wandb_keras_compat.testing.trace.canonical import number
from wandb_keras_compat.testing.views.sweep_table import best_run, rows_of, title_of

METRIC = {"name": "val_loss", "goal": "minimize"}


def sweep(*given: tuple[int | None, int | None, dict[str, Any]], **more: Any) -> Any:
    config = {"method": "grid", **({"metric": METRIC} if "config" not in more else more.pop("config"))}
    runs = [{"run": run, "agent": agent, "values": values} for run, agent, values in given]
    return {"name": "sweep 1", "title": None, "state": "FINISHED", "agents": 1, "config": config, "given": runs, **more}


def runs(*losses: Any) -> list[dict[str, Any]]:
    return [{"summary": {} if loss is None else {"val_loss": loss}} for loss in losses]


GIVEN = ((0, 0, {"lr": 0.1}), (1, 1, {"lr": 0.2, "size": "big"}), (2, None, {}), (None, 0, {"lr": 0.3}))


@pytest.mark.parametrize(
    ("made", "title"),
    [
        (sweep(), "Sweep 1 (grid; FINISHED; 1 agent; minimize val_loss)"),
        (sweep(title="tuning", agents=2), "Sweep 1: tuning (grid; FINISHED; 2 agents; minimize val_loss)"),
        (sweep(config={"metric": {"name": "acc", "goal": "maximize"}}), "Sweep 1 (grid; FINISHED; 1 agent; maximize acc)"),
        (sweep(config={"metric": {"name": "acc"}}), "Sweep 1 (grid; FINISHED; 1 agent; minimize acc)"),
        (sweep(config={"metric": {"goal": "maximize"}}), "Sweep 1 (grid; FINISHED; 1 agent)"),
        (sweep(config={"metric": "acc"}), "Sweep 1 (grid; FINISHED; 1 agent)"),
        (sweep(config={"metric": {"name": 3}}), "Sweep 1 (grid; FINISHED; 1 agent)"),
        (sweep(config={"method": "bayes"}, state="PAUSED"), "Sweep 1 (bayes; PAUSED; 1 agent)"),
        (
            sweep(config={"early_terminate": {"type": "hyperband"}}),
            "Sweep 1 (grid; FINISHED; 1 agent; early_terminate, which ends nothing here)",
        ),
    ],
)  # fmt: skip
def test_a_title_says_what_was_looked_for_and_how(made: Any, title: str) -> None:
    assert title_of(made) == title


def test_a_sweep_without_a_method_says_so() -> None:
    made = sweep()
    del made["config"]["method"]
    assert title_of(made) == "Sweep 1 (no method; FINISHED; 1 agent; minimize val_loss)"


def test_each_run_has_its_agent_its_values_and_what_came_of_it() -> None:
    assert list(rows_of(sweep(*GIVEN), runs(0.5, 0.25, None))) == [
        ("run 0", "0", "lr=0.1", "val_loss 0.5"),
        ("run 1", "1", "lr=0.2, size=“big”", "val_loss 0.25, the best"),
        ("run 2", "", "", "val_loss missing"),
        ("", "0", "lr=0.3", "never began"),
    ]


def test_without_a_metric_none_is_the_best() -> None:
    made = sweep(*GIVEN, config={})
    assert [row[3] for row in rows_of(made, runs(0.5, 0.25, None))] == ["", "", "", "never began"]
    assert best_run(made, runs(0.5, 0.25, None)) is None


@pytest.mark.parametrize(
    ("losses", "least", "most"),
    [
        ((0.5, 0.25, 0.75), 1, 2),
        ((0.5, 0.5, 0.5), 0, 0),
        ((None, 0.25, None), 1, 1),
        ((None, None, None), None, None),
        ((math.nan, 0.5, math.inf), 1, 2),
        ((-math.inf, 0.5, 0.25), 0, 1),
        (("low", True, 0.5), 2, 2),
        ((0, 0.5, -1), 2, 1),
    ],
)
def test_the_best_run_has_the_best_number_of_the_metric(losses: Any, least: int | None, most: int | None) -> None:
    values = runs(*(number(loss) if isinstance(loss, float) else loss for loss in losses))
    assert best_run(sweep(*GIVEN), values) == least
    for goal, best in (("maximize", most), ("minimize", least), ("other", least)):
        assert best_run(sweep(*GIVEN, config={"metric": {"name": "val_loss", "goal": goal}}), values) == best


def test_only_runs_that_were_given_out_are_looked_at() -> None:
    assert best_run(sweep(*GIVEN[:1]), runs(0.5, 0.25)) == 0
    assert best_run(sweep(), runs(0.5)) is None
