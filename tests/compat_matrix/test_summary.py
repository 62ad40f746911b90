"""What counts as working, in a mark, a row, the terminal and the page; and what in the ledger nothing shows any more."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from compat_matrix import render
from compat_matrix.axes import Axis, Matrix
from compat_matrix.check_environment import print_result
from compat_matrix.resolve import ResolverAnswers, lock_of
from compat_matrix.results import DOES_NOT_START
from compat_matrix.select_cells import SelectedCell, _three
from compat_matrix.summary import REFUSED_STATE, STATES, Mark, Row, summarize
from wandb_keras_compat.parity.check.cells import Cell
from wandb_keras_compat.parity.check.judge import ABSENT, DIFFERS, FAILS, NOT_RUN, WORKS, Verdict, today

from .conftest import CELL, WriteResult

WORKING = {WORKS, DIFFERS}


@pytest.mark.parametrize("state", STATES)
def test_what_works_was_seen_to_work(state: str) -> None:
    """What was not run, cannot be installed or does not start is no success."""
    assert Mark(state).works is (state in WORKING)


@given(st.lists(st.sampled_from(sorted(STATES)), min_size=1, max_size=5))
def test_a_row_counts_what_works_and_is_as_bad_as_its_worst(states: list[str]) -> None:
    marks = {(str(at), "ours"): Mark(state) for at, state in enumerate(states)}
    marks |= {(name, "native"): Mark(FAILS) for name, _ in marks}
    row = Row(CELL, "full", (), None, older=False, marks=marks, of=len(states))
    assert (row.working("ours"), row.working("native")) == (sum(state in WORKING for state in states), 0)
    assert row.unknown("ours") == states.count(NOT_RUN)
    order = [FAILS, DOES_NOT_START, REFUSED_STATE, NOT_RUN, DIFFERS, WORKS, ABSENT]
    assert row.state == min(states, key=order.index)


BOOM = Verdict("gradients_lstm", how="ValueError: boom", traceback="Traceback")


@pytest.mark.parametrize(("failing", "who"), [([], "ours"), (["gradients"], "ours"), (["gradients", "best"], "native")])
def test_a_cell_is_all_right_if_everything_of_ours_works(
    matrix: Matrix, write_result: WriteResult, failing: list[str], who: str
) -> None:
    """One that fails among many that work is a failure; what fails without us is none of ours."""
    result = write_result(CELL, {(name, who): [BOOM] for name in failing})
    console = Console(file=io.StringIO(), width=200)
    assert print_result(console, matrix, result) is (not failing or who == "native")


def test_a_cell_that_cannot_be_installed_is_not_all_right(matrix: Matrix, write_result: WriteResult) -> None:
    result = write_result(CELL, outcome="cannot be installed", proof="no such version")
    console = Console(file=io.StringIO(), width=200)
    assert print_result(console, matrix, result) is False
    assert "no such version" in console.file.getvalue()  # type: ignore[attr-defined]


@pytest.mark.parametrize("all_run", [True, False])
def test_known_differences_that_nothing_shows_are_named_once_every_cell_was_run(
    matrix: Matrix, write_result: WriteResult, all_run: bool
) -> None:
    result = write_result(CELL, {("best", "ours"): [Verdict("prefix", known=["KD-001"])]})
    waiting = [] if all_run else [SelectedCell(Cell("3.13", "2.21.0", "keras3", "0.31.0"), "full", ["newest"])]
    found = summarize(matrix, waiting, {CELL.name: result}, {}, today(), "today")
    unused = [entry.id for entry in found.unused()]
    assert "KD-001" not in unused and len(unused) > 10
    text = render.markdown(found)
    assert ("to be deleted from the ledger" in text) is all_run
    assert f"none shows {', '.join(unused)}:" in text or not all_run


VERSIONS = ["2.9.1", "2.10.1", "2.11.0", "2.12.1", "2.13.0"]


@given(st.lists(st.sampled_from(VERSIONS), unique=True), st.sets(st.sampled_from(VERSIONS)), st.sampled_from(VERSIONS))
def test_of_versions_the_newest_the_oldest_and_the_last_that_the_real_class_runs_on(
    there: list[str], refused: set[str], last: str
) -> None:
    """That last one included."""
    there = [version for version in VERSIONS if version in there]
    cells = {version: Cell("3.11", version, "keras2", "0.16.6") for version in there}
    found = [
        (word, cell.tensorflow)
        for _, word, cell in _three(
            dict(cells), Axis(tuple(VERSIONS), last), lambda cell: cell.tensorflow not in refused
        )
    ]
    able = [version for version in there if version not in refused]
    oracles = [version for version in able if VERSIONS.index(version) <= VERSIONS.index(last)]
    expected = [("newest", able[-1:]), ("last oracle", oracles[-1:]), ("oldest", able[:1])]
    assert found == [(word, version) for word, versions in expected for version in versions]


@pytest.mark.parametrize("again", [True, False])
def test_a_lock_is_taken_as_it_is_unless_everything_is_to_be_asked_again(
    matrix: Matrix, again: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def ask(cell: Cell, requirements: list[str]) -> str:
        asked.append(cell)
        return f"wandb=={len(asked)}\n"

    monkeypatch.setattr("compat_matrix.resolve.LOCKS", tmp_path)
    first = ResolverAnswers(matrix, tmp_path / "answers.jsonl", ask).lock(CELL)
    assert lock_of(CELL).read_text(encoding="utf-8") == first and first.endswith("wandb==1\n")
    second = ResolverAnswers(matrix, tmp_path / "answers.jsonl", ask, again=again).lock(CELL)
    assert second == (first.replace("wandb==1", "wandb==2") if again else first)
    assert asked == [CELL] * (1 + again)
    assert lock_of(CELL).read_text(encoding="utf-8") == second
