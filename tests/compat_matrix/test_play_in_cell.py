"""A row of ``check`` as a record of a cell, with its drawn plays."""

from __future__ import annotations

import pathlib
import sys
from collections.abc import Sequence
from typing import Any

import pytest

from compat_matrix import play_in_cell
from compat_matrix.axes import Matrix
from compat_matrix.property_tests import DrawnPlays, plays_of
from wandb_keras_compat.parity.check import cell_environment
from wandb_keras_compat.parity.check.cell_environment import CellEnvironment
from wandb_keras_compat.parity.check.cells import Cell
from wandb_keras_compat.parity.check.judge import ABSENT, DIFFERS, FAILS, MOST, NOT_RUN, WORKS, Verdict
from wandb_keras_compat.parity.check.options import Options
from wandb_keras_compat.parity.check.process import TimeLimits
from wandb_keras_compat.parity.check.report import Finding, Report, Row
from wandb_keras_compat.testing.trace.ledger import Ledger

from .conftest import CELL


def report(*rows: Row, **fields: Any) -> Report:
    return Report({}, {}, "shim", list(rows), **fields)


@pytest.mark.parametrize(
    ("drawn", "state", "worked"),
    [
        (Verdict(""), WORKS, 3),
        (Verdict("", known=["KD-001"]), DIFFERS, 3),
        (Verdict("", how="Disagreement: the shim"), FAILS, 2),
        (None, NOT_RUN, 2),  # time was up: what worked says nothing of the rest
    ],
)
def test_a_capability_is_as_good_as_its_scenarios_and_its_drawn_plays(
    matrix: Matrix,
    tmp_path: pathlib.Path,
    monkeypatch: pytest.MonkeyPatch,
    drawn: Verdict | None,
    state: str,
    worked: int,
) -> None:
    if drawn is not None:
        drawn.what = plays_of(matrix, "best")
    monkeypatch.setattr(play_in_cell, "verdicts", lambda *_: [] if drawn is None else [drawn])
    place = CellEnvironment(CELL, tmp_path, tmp_path, tmp_path, TimeLimits(60, 60))
    row = Row("best", of=2, judged=2)
    (ours,) = play_in_cell.records(matrix, place, report(row), "ours", DrawnPlays(matrix, tmp_path))
    assert (ours["state"], ours["worked"], ours["of"]) == (state, worked, 3)
    (native,) = play_in_cell.records(matrix, place, report(row), "native")
    assert (native["state"], native["worked"], native["of"]) == (WORKS, 2, 2)


def test_nothing_is_drawn_without_tensorflow(
    matrix: Matrix, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cell_environment, "tools", lambda *_: tmp_path)
    cell = Cell("3.11", "", "3.15.1", "0.31.0", "jax", "0.10.2")
    place = CellEnvironment(cell, tmp_path, tmp_path, tmp_path, TimeLimits(60, 60))
    assert play_in_cell.drawn_plays(matrix, place, "ours") is None
    (ours,) = play_in_cell.records(matrix, place, report(Row("best", of=1, judged=1)), "ours")
    assert (ours["state"], ours["of"]) == (WORKS, 1)


def test_ours_are_drawn_alone_and_played_behind_the_scenarios(
    matrix: Matrix, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cell_environment, "tools", lambda *_: tmp_path / "tools")
    seen: list[Sequence[str]] = []

    def check(names: Sequence[str], known: Ledger, options: Options) -> Report:
        seen.append(options.afterwards)
        return report()

    monkeypatch.setattr(play_in_cell, "check", check)
    place = CellEnvironment(CELL, pathlib.Path(sys.executable), tmp_path, tmp_path, TimeLimits(60, 60))
    for who in play_in_cell.WHO:
        drawn = play_in_cell.drawn_plays(matrix, place, who)
        play_in_cell.checked(place, Ledger(), "selection", who, lambda _: None, drawn)
    properties = matrix.drawn.properties.values()
    budget = ("--examples", str(matrix.drawn.examples), "--seed", str(matrix.drawn.seed))
    assert seen == [(str(tmp_path / "tools"), "wandb_keras_compat.parity.state_machine", *properties, *budget), ()]


def test_what_a_cell_used_of_the_processors_is_that_of_all_its_programs(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of each ``check``, and what is started beside them."""
    found = report(Row("best", of=1, judged=1))
    found.processor_seconds = 20.04
    monkeypatch.setattr(play_in_cell, "check", lambda *_: found)
    place = CellEnvironment(CELL, pathlib.Path(sys.executable), tmp_path, tmp_path, TimeLimits(60, 60))
    for who, used in (("ours", 20.0), ("native", 40.1)):
        play_in_cell.checked(place, Ledger(), "selection", who, lambda _: None)
        assert place.seconds["processor"] == used
    place.limits.used += 2
    assert place.run("-c", "", step="drawn plays").code == 0
    assert 42.1 <= place.seconds["processor"] <= 60
    assert {*place.seconds} == {"ours", "native", "drawn plays", "processor"}


def test_of_very_many_differences_some_are_kept_and_all_are_counted() -> None:
    differences = [{"path": f"runs[0].history[{at}].loss", "kind": "number"} for at in range(MOST + 5)]
    row = Row("metrics", of=1, judged=1, findings=[Finding("dropout", differences=differences, count=MOST + 5)])
    (failure,) = play_in_cell.record_of_row(row, "ours", report(row))["failures"]
    assert (len(failure["differences"]), failure["count"]) == (MOST, MOST + 5)
    assert failure["how"] == f"{MOST + 5} differences, the first at runs[0].history[0].loss"


def test_a_class_that_is_not_there_is_absent_for_the_scenarios_alone() -> None:
    found = report(no_legacy_class="ModuleNotFoundError: No module named 'wandb.keras'")
    row = Row("best", of=1, judged=1, findings=[Finding("prefix", "wandb alone has no WandbCallback")])
    assert play_in_cell.record_of_row(row, "native", found)["state"] == ABSENT
    use = Row("eval_callback", "use", of=1, judged=1, findings=[Finding("EvalCallback: offline", "TypeError")])
    record = play_in_cell.record_of_row(use, "native", found)
    assert (record["state"], record["worked"], record["failures"][0]["what"]) == (FAILS, 0, "EvalCallback: offline")
