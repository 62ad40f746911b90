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
from compat_matrix.results import path_of, read
from wandb_keras_compat.parity.check import parsing, uv
from wandb_keras_compat.parity.check.cells import Cell
from wandb_keras_compat.parity.check.problems import NoInterpreter, OtherTree, Problem, Stopped

from .conftest import CELL, WriteResult

ROOT = pathlib.Path(__file__).parents[2]
CELLS = [CELL, Cell("3.11", "2.13.1", "keras2", "0.17.9"), Cell("3.12", "2.16.2", "keras3", "0.27.0")]


@pytest.fixture
def answers(matrix: Matrix, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> ResolverAnswers:
    """With locks of its own."""
    from compat_matrix import resolve

    monkeypatch.setattr(resolve, "LOCKS", tmp_path / "locks")
    return ResolverAnswers(matrix, tmp_path / "answers.jsonl", lambda cell, requirements: "\n".join(requirements))


class Runner:
    """Stands for :func:`.run.run_cell`: a result, or a problem."""

    def __init__(self, write_result: WriteResult, answers: ResolverAnswers, folder: pathlib.Path) -> None:
        self.ran: list[str] = []
        self.problems: dict[str, Problem] = {}
        self._write, self._answers, self._folder = write_result, answers, folder

    def __call__(self, matrix, answers, cell, which, options, report):
        if cell.name in self.problems:
            raise self.problems[cell.name]
        self.ran.append(cell.name)
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


# --- one cell, for real up to its environment ---------------------------------------------------------------------


def one(matrix: Matrix, answers: ResolverAnswers, folder: pathlib.Path, cell: Cell = CELL, **options):
    made = running.Options(results=folder / "results", scratch=folder, **options)
    return running.run_cell(matrix, answers, cell, "selection", made, lambda cell, does: None)


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

    monkeypatch.setattr(running.cell_environment, "make", make)
    result = one(matrix, answers, tmp_path, limit=0 if how == "hangs" else 3600)  # no time at all is over at once
    assert result.outcome == "does not start"
    assert ("no tensorflow" if how == "nothing" else "0 s were over") in result.footer["proof"]
    assert not list(tmp_path.glob(f"{CELL.name}-*"))


def test_an_interpreter_that_is_missing_leaves_no_result(matrix, answers, tmp_path, monkeypatch) -> None:
    def missing(python: str) -> str:
        raise NoInterpreter(python)

    monkeypatch.setattr(uv, "interpreter", missing)
    with pytest.raises(NoInterpreter, match=r"no Python 3\.11"):
        one(matrix, answers, tmp_path)
    assert not list((tmp_path / "results").iterdir())
    assert not list(tmp_path.glob(f"{CELL.name}-*"))


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
