"""One cell: for real up to its environment, and with what ``check`` finds in it as a test wants it."""

from __future__ import annotations

import pathlib
import sys
from typing import Any

import pytest

from compat_matrix import run_cell
from compat_matrix.axes import Matrix
from compat_matrix.native_records import digest_of_plays
from compat_matrix.resolve import ResolverAnswers
from compat_matrix.results import Result, path_of, read
from wandb_keras_compat.parity.check import uv
from wandb_keras_compat.parity.check.cells import Cell
from wandb_keras_compat.parity.check.problems import NoInterpreter
from wandb_keras_compat.parity.check.report import Report, Row

from .conftest import CELL

#: When a run began.
PLAYED = "2026-01-01T00:00:00+00:00"


def one(
    matrix: Matrix,
    answers: ResolverAnswers,
    folder: pathlib.Path,
    cell: Cell = CELL,
    earlier: Result | None = None,
    **options,
):
    made = run_cell.Options(results=folder / "results", scratch=folder, **options)
    return run_cell.run_cell(matrix, answers, cell, "selection", made, lambda cell, does: None, earlier)


def test_versions_that_do_not_go_together_are_a_result_with_the_proof(matrix, answers, tmp_path, monkeypatch) -> None:
    def refuse(cell: Cell) -> str:
        raise uv.Refused("there is no version of wandb==0.99.0")

    monkeypatch.setattr(answers, "lock", refuse)
    result = one(matrix, answers, tmp_path)
    assert result.footer["outcome"] == "cannot be installed"
    assert result.footer["proof"] == "there is no version of wandb==0.99.0"


#: An interpreter that has nothing, or hangs.
STARTS = {"nothing": "#!/bin/sh\necho 'ImportError: no tensorflow' >&2\nexit 1\n", "hangs": "#!/bin/sh\nsleep 600\n"}


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for an interpreter is a shell script")
@pytest.mark.parametrize("how", STARTS)
def test_a_cell_that_does_not_start_is_a_result_and_its_environment_is_removed(
    matrix, answers, tmp_path, monkeypatch, how: str
) -> None:
    def make(cell: Cell, lock: str, folder: pathlib.Path) -> pathlib.Path:
        python = folder / "python"
        python.write_text(STARTS[how], encoding="utf-8")
        python.chmod(0o755)
        return python

    monkeypatch.setattr(run_cell.cell_environment, "make", make)
    monkeypatch.setattr(run_cell.cell_environment, "tools", lambda python, requirements, folder: folder)
    result = one(matrix, answers, tmp_path, limit=0 if how == "hangs" else 3600)  # no time at all is over at once
    assert result.outcome == "does not start"
    assert ("no tensorflow" if how == "nothing" else "0 s were over") in result.footer["proof"]
    assert not list(tmp_path.glob(f"{CELL.name}-*"))
    second = one(matrix, answers, tmp_path, earlier=result, limit=0)
    assert second.outcome == "does not start", "of that result nothing can be kept"


def test_an_interpreter_that_is_missing_leaves_no_result(matrix, answers, tmp_path, monkeypatch) -> None:
    def missing(python: str) -> str:
        raise NoInterpreter(python)

    monkeypatch.setattr(uv, "interpreter", missing)
    with pytest.raises(NoInterpreter, match=r"no Python 3\.11"):
        one(matrix, answers, tmp_path)
    assert not list((tmp_path / "results").iterdir())
    assert not list(tmp_path.glob(f"{CELL.name}-*"))


@pytest.fixture
def whose(matrix: Matrix, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Whose callbacks were played, in their order."""
    asked: list[str] = []

    def checked(environment: Any, known: Any, which: str, who: str, progress: Any, drawn: Any) -> Report:
        assert drawn is None
        asked.append(who)
        rows = [Row(item.name, of=1, judged=1) for item in matrix.applicable(environment.cell)]
        return Report({"python": "3.11.7"}, {}, who, rows)

    monkeypatch.setattr(run_cell, "checked", checked)
    monkeypatch.setattr(run_cell.cell_environment, "make", lambda cell, lock, folder: folder / "python")
    monkeypatch.setattr(run_cell, "drawn_plays", lambda *_: None)
    return asked


def test_a_second_run_plays_this_package_alone_and_says_when_the_rest_was_played(
    matrix: Matrix, answers: ResolverAnswers, whose: list[str], tmp_path: pathlib.Path
) -> None:
    first = one(matrix, answers, tmp_path)
    path = path_of(CELL.name, tmp_path / "results")
    path.write_text(
        path.read_text(encoding="utf-8").replace(first.header["native"]["played"], PLAYED), encoding="utf-8"
    )
    first = read(path)
    second = one(matrix, answers, tmp_path, earlier=first)
    assert whose == ["ours", "native", "ours"]
    assert second.records == first.records
    assert second.header["native"] == {"plays": digest_of_plays("selection"), "played": PLAYED}
    third = one(matrix, answers, tmp_path, earlier=second)
    assert third.header["native"]["played"] == PLAYED, "a kept record is as old as it was"


def test_a_run_of_another_lock_plays_both(
    matrix: Matrix, answers: ResolverAnswers, whose: list[str], tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = one(matrix, answers, tmp_path)
    monkeypatch.setattr(answers, "lock", lambda cell: "other")
    second = one(matrix, answers, tmp_path, earlier=first)
    assert whose == ["ours", "native"] * 2
    assert second.header["native"]["played"] == second.header["started"]
