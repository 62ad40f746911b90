"""Cells are run once, go on after an interruption, and do not cost each other anything."""

from __future__ import annotations

import os
import pathlib
import signal
import subprocess
import sys

import pytest
from click.testing import CliRunner

from compat_matrix import cli, code_snapshot
from compat_matrix import run_cells as running
from compat_matrix.axes import Matrix
from compat_matrix.check_environment import BadCell, cell_of
from compat_matrix.resolve import ResolverAnswers
from compat_matrix.results import Result, path_of, read
from wandb_keras_compat.parity.check import parsing
from wandb_keras_compat.parity.check.cells import Cell
from wandb_keras_compat.parity.check.problems import NoInterpreter, OtherTree, Problem, Stopped

from .conftest import CELL, WriteResult

ROOT = pathlib.Path(__file__).parents[2]
CELLS = [CELL, Cell("3.11", "2.13.1", "keras2", "0.17.9"), Cell("3.12", "2.16.2", "keras3", "0.27.0")]


class Runner:
    """Stands for :func:`.run.run_cell`: a result, or a problem."""

    def __init__(self, write_result: WriteResult, answers: ResolverAnswers, folder: pathlib.Path) -> None:
        self.ran: list[str] = []
        self.earlier: list[Result | None] = []
        self.problems: dict[str, Problem] = {}
        self._write, self._answers, self._folder = write_result, answers, folder

    def __call__(self, matrix, answers, cell, which, options, report, earlier=None):
        if cell.name in self.problems:
            raise self.problems[cell.name]
        self.ran.append(cell.name)
        self.earlier.append(earlier)
        result = self._write(cell, folder=self._folder, code=code_snapshot.digest())
        text = path_of(cell.name, self._folder).read_text(encoding="utf-8")
        lock = running.digest_of_lock(self._answers.lock(cell))
        path_of(cell.name, self._folder).write_text(text.replace('"lock": ""', f'"lock": "{lock}"'), encoding="utf-8")
        return result


@pytest.fixture
def runner(
    write_result: WriteResult, answers: ResolverAnswers, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> Runner:
    made = Runner(write_result, answers, tmp_path / "results")
    monkeypatch.setattr(running, "run_cell", made)
    return made


def run_all(matrix: Matrix, answers: ResolverAnswers, folder: pathlib.Path, cells=CELLS, jobs: int = 2, **more):
    options = running.Options(results=folder / "results")
    return running.run(
        matrix, answers, [(c, "selection") for c in cells], options, jobs, lambda cell, does: None, **more
    )


@pytest.mark.slow
def test_a_second_call_runs_what_has_no_result(matrix, answers, runner, tmp_path) -> None:
    run_all(matrix, answers, tmp_path, CELLS[:2])
    run_all(matrix, answers, tmp_path)
    assert sorted(runner.ran) == sorted(cell.name for cell in CELLS)
    run_all(matrix, answers, tmp_path, CELLS[:1], again=True)
    assert runner.ran.count(CELL.name) == 2


@pytest.mark.slow
def test_a_result_that_was_cut_off_is_made_again(matrix, answers, runner, tmp_path) -> None:
    run_all(matrix, answers, tmp_path, CELLS[:1])
    path = path_of(CELL.name, tmp_path / "results")
    path.write_bytes(path.read_bytes()[:-40])
    run_all(matrix, answers, tmp_path, CELLS[:1])
    assert runner.ran == [CELL.name] * 2


@pytest.mark.slow
@pytest.mark.parametrize("change", ["code", "lock", "scenarios"])
def test_a_result_of_something_else_is_made_again(matrix, answers, runner, tmp_path, monkeypatch, change: str) -> None:
    run_all(matrix, answers, tmp_path, CELLS[:1])
    which = "selection"
    if change == "code":
        monkeypatch.setattr(code_snapshot, "digest", lambda: "of tomorrow")
    elif change == "lock":
        monkeypatch.setattr(answers, "lock", lambda cell: "other")
    else:
        which = "all"
    options = running.Options(results=tmp_path / "results")
    running.run(matrix, answers, [(CELL, which)], options, 1, lambda cell, does: None)
    assert len(runner.ran) == 2


@pytest.mark.slow
@pytest.mark.parametrize("again", [True, False])
def test_a_run_is_given_the_result_that_it_makes_anew_unless_all_is_to_be_played_again(
    matrix, answers, runner, tmp_path, monkeypatch, again: bool
) -> None:
    run_all(matrix, answers, tmp_path, CELLS[:1])
    first = read(path_of(CELL.name, tmp_path / "results"))
    monkeypatch.setattr(code_snapshot, "digest", lambda: "of tomorrow")
    run_all(matrix, answers, tmp_path, CELLS[:1], again=again)
    assert runner.earlier == [None, None if again else first]


@pytest.mark.slow
def test_what_one_cell_could_not_be_run_for_costs_no_other(matrix, answers, runner, tmp_path) -> None:
    runner.problems[CELL.name] = NoInterpreter("3.11")
    done, failed = run_all(matrix, answers, tmp_path)
    assert set(done) == {cell.name for cell in CELLS[1:]}
    assert set(failed) == {CELL.name} and "no Python 3.11" in str(failed[CELL.name])


@pytest.mark.slow
def test_stopping_ends_the_call_and_the_next_goes_on(matrix, answers, runner, tmp_path) -> None:
    options = running.Options(results=tmp_path / "results")

    def report(cell: Cell, does: str) -> None:
        pass

    first = runner.__call__

    def stopping(*arguments):
        result = first(*arguments)
        options.stop.set()
        return result

    running.run_cell = stopping  # the fixture's patch is undone at the end of the test
    with pytest.raises(Stopped, match="the next call goes on"):
        running.run(matrix, answers, [(cell, "selection") for cell in CELLS], options, 1, report)
    assert runner.ran == [CELL.name]
    running.run_cell = first
    run_all(matrix, answers, tmp_path)
    assert sorted(runner.ran) == sorted(cell.name for cell in CELLS)


# --- cells that users name ------------------------------------------------------------------------------------------


def test_what_a_user_leaves_out_is_chosen(matrix: Matrix) -> None:
    assert cell_of(matrix, None, "2.21.0", None, "0.31.0") == Cell("3.13", "2.21.0", "keras3", "0.31.0")
    assert cell_of(matrix, None, "2.15.1", None, "0.15.12") == Cell("3.11", "2.15.1", "keras2", "0.15.12")
    assert cell_of(matrix, "3.10", "2.19.1", "tf-keras", "0.27.0") == Cell("3.10", "2.19.1", "tf-keras", "0.27.0")
    assert cell_of(matrix, None, "2.16.2", "3.3.3", "0.18.7").keras == "3.3.3"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((None, "newest", None, "0.31.0"), "--tensorflow newest: that is no version"),
        ((None, "2.21.0", None, "x"), "--wandb x"),
        (("three", "2.21.0", None, "0.31.0"), "--python three"),
        ((None, "2.21.0", "torch", "0.31.0"), "'torch' is none of"),
    ],
)
def test_versions_that_are_none_are_refused_with_the_option(matrix: Matrix, arguments, says: str) -> None:
    with pytest.raises(BadCell, match=says):
        cell_of(matrix, *arguments)


# --- a whole cell -----------------------------------------------------------------------------------------------------


@pytest.mark.cell
@pytest.mark.timeout(3600)
def test_a_corner_from_its_lock_works_in_everything_of_ours(tmp_path: pathlib.Path) -> None:
    """The newest; interrupted first, and then run to its end."""
    command = [sys.executable, "-m", "compat_matrix", "run", "newest", "--scenarios", "selection"]
    command += ["--results", str(tmp_path / "results"), "--scratch", str(tmp_path)]
    child = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    assert child.stderr is not None
    assert next(line for line in child.stderr if line.rstrip().endswith(": starting"))
    child.send_signal(signal.SIGINT)
    _, printed = child.communicate()
    assert child.returncode and "interrupted" in printed
    assert not list(tmp_path.glob("tf*")) and not list((tmp_path / "results").iterdir())
    subprocess.run(command, cwd=ROOT, env=dict(os.environ), check=True)
    (path,) = (tmp_path / "results").iterdir()
    result = read(path)
    assert {record["state"] for record in result.records if record["who"] == "ours"} <= {"works", "differs"}
    assert not list(tmp_path.glob("tf*"))


def test_a_program_of_keras_2_is_checked_where_tf_keras_is() -> None:
    versions = ["--tensorflow", "2.19.1", "--wandb", "0.31.0", "--only-command", "--run-keras", "tf_keras"]
    refused = CliRunner().invoke(cli.main, ["check", *versions, "--keras", "keras3", "--", "train.py"])
    assert refused.exit_code == 2 and "--run-keras needs an environment with tf-keras" in refused.output


def test_a_package_of_another_checkout_is_refused(tmp_path: pathlib.Path) -> None:
    """Its comparison once failed five capabilities that work."""
    code_snapshot.check_checkout()
    with pytest.raises(OtherTree, match="pip install -e"):
        code_snapshot.check_checkout(tmp_path / "src" / "wandb_keras_compat")


def test_threads_parse_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python 3.11 fails with a SystemError where two of them parse."""
    free: list[bool] = []

    def parse(text: str) -> None:
        free.append(parsing._ONE.acquire(blocking=False))

    with monkeypatch.context() as patched:  # pytest parses, too
        patched.setattr(parsing.ast, "parse", parse)
        parsing.parsed("")
    assert free == [False], "another thread could parse at the same time"
    assert parsing._ONE.acquire(blocking=False)
    parsing._ONE.release()
