"""Runs cells: an environment from the lock, the probe in it, a result file; several at once, each bounded in time."""

from __future__ import annotations

import hashlib
import platform
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import wandb_keras_compat
from wandb_keras_compat.parity.check import cell_environment, uv
from wandb_keras_compat.parity.check.capabilities import items_of
from wandb_keras_compat.parity.check.cell_environment import CellEnvironment
from wandb_keras_compat.parity.check.cells import Cell
from wandb_keras_compat.parity.check.judge import last_line, shortened, today
from wandb_keras_compat.parity.check.problems import Problem, Stopped
from wandb_keras_compat.parity.check.process import TimeLimits
from wandb_keras_compat.parity.scenarios import SCENARIOS

from . import code_snapshot
from . import results as files
from .axes import Matrix
from .play_in_cell import WHO, DoesNotStart, checked, missing_records, records
from .resolve import ResolverAnswers
from .results import BadResult, Result, Writer, path_of, read

#: Outcomes, as the footers have them.
RAN, REFUSED, DOES_NOT_START, TIME_IS_UP = "ran", "cannot be installed", "does not start", "time is up"

#: What the ledger asks about, as far as it is installed.
VERSIONS = ("python", "tensorflow", "jax", "torch", "keras", "wandb", "numpy")


@dataclass
class Options:
    """How cells are run.

    Attributes:
        limit: seconds for a cell.
        silent: seconds for which a program of it may say nothing.
        scratch: where environments are made; the system's place for temporary files by default.
        keep: environments stay.
        results: where the result files go.
    """

    limit: float = 3600
    silent: float = 300
    scratch: Path | None = None
    keep: bool = False
    results: Path = files.RESULTS
    stop: threading.Event = field(default_factory=threading.Event)


Report = Callable[[Cell, str], None]


def current(matrix: Matrix, result: Result, code: str, lock: str | None, which: str) -> bool:
    """Whether *result* is of this code and lock, played at least as much, and has every capability of its cell."""
    header = result.header
    enough = which == "selection" or header["scenarios"]["which"] == "all"
    if result.outcome in {RAN, TIME_IS_UP}:
        enough = enough and all(result.record(item.name, "ours") for item in matrix.applicable(result.cell))
    return header["code"]["digest"] == code and header["lock"] == digest_of_lock(lock) and enough


def digest_of_lock(lock: str | None) -> str:
    return "" if lock is None else hashlib.sha256(lock.encode()).hexdigest()[:16]


def run_cell(
    matrix: Matrix, answers: ResolverAnswers, cell: Cell, which: str, options: Options, report: Report
) -> Result:
    """Runs *cell* and writes its result.

    Raises:
        Problem: something that is no property of the versions; the earlier result, if any, is as it was.
    """
    began, started = time.monotonic(), _now()
    report(cell, "resolving")
    lock, refused = None, ""
    try:
        lock = answers.lock(cell)
    except uv.Refused as proof:
        refused = str(proof)
    with Writer(cell.name, options.results) as writer:
        commit, modified = code_snapshot.commit()
        head: dict[str, Any] = {
            "name": cell.name, "cell": vars(cell), "started": started,
            "code": {
                "version": wandb_keras_compat.__version__, "commit": commit, "modified": modified,
                "digest": code_snapshot.digest(),
            },
            "lock": digest_of_lock(lock), "host": _host(),
            "limit": options.limit, "scenarios": _counted(which),
        }  # fmt: skip
        seconds: dict[str, float] = {}
        footer: dict[str, Any] = {"outcome": RAN}
        if lock is None:
            writer.header(**head)
            footer = {"outcome": REFUSED, "proof": refused}
        else:
            with cell_environment.scratch_folder(cell, options.scratch, keep=options.keep) as folder:
                footer = _in_environment(matrix, cell, lock, which, options, report, folder, head, writer, seconds)
        seconds["whole"] = round(time.monotonic() - began, 1)
        writer.end(**footer, ended=_now(), seconds=seconds)
    report(cell, str(footer["outcome"]))
    return read(path_of(cell.name, options.results))


def _in_environment(
    matrix: Matrix, cell: Cell, lock: str, which: str, options: Options, report: Report, folder: Path,
    head: dict[str, Any], writer: Writer, seconds: dict[str, float],
) -> dict[str, Any]:  # fmt: skip
    """Everything that needs the cell's folder; returns the footer."""
    report(cell, "installing")
    began = time.monotonic()
    try:
        python = cell_environment.make(cell, lock, folder)
    except uv.Refused as proof:
        writer.header(**head)
        return {"outcome": REFUSED, "proof": str(proof)}
    seconds["install"] = round(time.monotonic() - began, 1)
    limits = TimeLimits(options.limit, options.silent, options.stop)
    environment = CellEnvironment(cell, python, code_snapshot.copy_to(folder / "source"), folder, limits, seconds)
    report(cell, "starting")
    written: list[dict[str, Any]] = []
    for who in WHO:
        if written and limits.over:
            break
        try:
            found = checked(environment, today(), which, who, lambda does: report(cell, does))
        except DoesNotStart as error:
            if written:
                raise Problem(f"{cell} was played once, and then does not start: {error}") from None
            writer.header(**head)
            return {"outcome": DOES_NOT_START, "proof": last_line(str(error)), "traceback": shortened(str(error))}
        if not written:
            more = {"platform": f"{sys.platform} {platform.machine()}", "distributions": dict(found.distributions)}
            writer.header(**head, installed={**found.versions, **more})
        for record in records(matrix, environment, found, who):
            writer.record(**record)
            written.append(record)
            report(cell, f"{record['capability']}, {who}: {record['state']}")
    if not limits.over:
        return {"outcome": RAN}
    for record in missing_records(matrix, cell, written, "the cell's time was up"):
        writer.record(**record)
    return {"outcome": TIME_IS_UP}


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
        again: those with a current result too.

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
            earlier = _earlier(matrix, answers, cell, code, which, options)
            if earlier is not None and not again:
                done[cell.name] = earlier
                report(cell, "is there already")
            else:
                done[cell.name] = run_cell(matrix, answers, cell, which, options, report)
        except Stopped:
            pass
        except Problem as problem:
            failed[cell.name] = problem
            report(cell, f"not run: {problem}")

    with ThreadPoolExecutor(jobs) as pool:
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


def _earlier(
    matrix: Matrix, answers: ResolverAnswers, cell: Cell, code: str, which: str, options: Options
) -> Result | None:
    path = path_of(cell.name, options.results)
    try:
        result = read(path) if path.exists() else None
    except BadResult:
        return None
    if result is None:
        return None
    try:
        lock = answers.lock(cell)
    except uv.Refused:
        lock = None
    return result if current(matrix, result, code, lock, which) else None


def _counted(which: str) -> dict[str, Any]:
    every, played = (
        len([name for name in items_of(every=each) if name in SCENARIOS]) for each in (True, which == "all")
    )
    return {"which": which, "played": played, "of": every}


def _host() -> str:
    return f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds")
