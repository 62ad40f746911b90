"""Runs several cells: those that have no current result, some at once; what one could not be run for costs no other."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import replace

from wandb_keras_compat.parity.check import uv
from wandb_keras_compat.parity.check.cells import Cell
from wandb_keras_compat.parity.check.problems import Problem, Stopped

from . import code_snapshot
from .axes import Matrix
from .environment_pool import EnvironmentPool
from .resolve import ResolverAnswers
from .results import RAN, TIME_IS_UP, BadResult, Result, path_of, read
from .run_cell import Options, Report, digest_of_lock, run_cell


def current(matrix: Matrix, result: Result, code: str, lock: str | None, which: str) -> bool:
    """Whether *result* is of this code and lock, played at least as much, and has every capability of its cell."""
    header = result.header
    enough = which == "selection" or header["scenarios"]["which"] == "all"
    if result.outcome in {RAN, TIME_IS_UP}:
        enough = enough and all(result.record(item.name, "ours") for item in matrix.applicable(result.cell))
    return header["code"]["digest"] == code and header["lock"] == digest_of_lock(lock) and enough


def run(
    matrix: Matrix,
    answers: ResolverAnswers,
    wanted: Sequence[tuple[Cell, str]],
    options: Options,
    jobs: int,
    report: Report,
    *,
    again: bool = False,
) -> tuple[dict[str, Result], dict[str, Problem]]:
    """Runs the cells that have no current result; what each could not be run for, if it could not.

    Args:
        wanted: cells and ``all`` or ``selection``, in the order to begin them.
        again: those with a current result too, and all that is in them.

    Raises:
        Stopped: ``options.stop`` was set; what runs was ended, its environments removed.
    """
    code = code_snapshot.digest()
    done: dict[str, Result] = {}
    failed: dict[str, Problem] = {}

    def one(cell: Cell, which: str) -> None:
        if options.stop.is_set():
            return
        try:
            earlier = None if again else _result_of(cell, options)
            if earlier is not None and current(matrix, earlier, code, _lock_of(answers, cell), which):
                done[cell.name] = earlier
                report(cell, "is there already")
            else:
                done[cell.name] = run_cell(matrix, answers, cell, which, options, report, earlier)
        except Stopped:
            pass
        except Problem as problem:
            failed[cell.name] = problem
            report(cell, f"not run: {problem}")

    with EnvironmentPool(options.scratch) as environments, ThreadPoolExecutor(jobs) as pool:
        options = replace(options, environments=None if options.keep else environments)
        left: set[Future[None]] = {pool.submit(one, cell, which) for cell, which in wanted}
        try:
            while left:
                finished, left = wait(left, timeout=0.5, return_when=FIRST_COMPLETED)
                for future in finished:
                    future.result()
        except BaseException:
            options.stop.set()
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    if options.stop.is_set():
        raise Stopped
    return done, failed


def _result_of(cell: Cell, options: Options) -> Result | None:
    path = path_of(cell.name, options.results)
    try:
        return read(path) if path.exists() else None
    except BadResult:
        return None


def _lock_of(answers: ResolverAnswers, cell: Cell) -> str | None:
    try:
        return answers.lock(cell)
    except uv.Refused:
        return None
