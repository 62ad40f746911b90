"""Runs one cell: an environment from its lock, what is played in it, a result file; bounded in time."""

from __future__ import annotations

import hashlib
import platform
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from typing import Any

import wandb_keras_compat
from wandb_keras_compat.parity.check import cell_environment, uv
from wandb_keras_compat.parity.check.capabilities import items_of
from wandb_keras_compat.parity.check.cell_environment import CellEnvironment
from wandb_keras_compat.parity.check.cells import Cell
from wandb_keras_compat.parity.check.judge import last_line, shortened, today
from wandb_keras_compat.parity.check.problems import Problem
from wandb_keras_compat.parity.check.process import TimeLimits
from wandb_keras_compat.parity.scenarios import SCENARIOS

from . import code_snapshot, native_records
from . import results as files
from .axes import Matrix
from .environment_pool import EnvironmentPool
from .native_records import NativeRecords
from .play_in_cell import WHO, DoesNotStart, checked, drawn_plays, missing_records, records
from .resolve import ResolverAnswers
from .results import DOES_NOT_START, RAN, REFUSED, TIME_IS_UP, Record, Result, Writer, path_of, read

Report = Callable[[Cell, str], None]


@dataclass
class Options:
    """How cells are run.

    Attributes:
        limit: seconds for a cell.
        silent: seconds for which a program of it may say nothing.
        scratch: where environments are made; the system's place for temporary files by default.
        keep: environments stay.
        results: where the result files go.
        environments: what cells have theirs from; without, each has one of its own.
    """

    limit: float = 3600
    silent: float = 300
    scratch: Path | None = None
    keep: bool = False
    results: Path = files.RESULTS
    stop: threading.Event = field(default_factory=threading.Event)
    environments: EnvironmentPool | None = None


def digest_of_lock(lock: str | None) -> str:
    return "" if lock is None else hashlib.sha256(lock.encode()).hexdigest()[:16]


def run_cell(
    matrix: Matrix,
    answers: ResolverAnswers,
    cell: Cell,
    which: str,
    options: Options,
    report: Report,
    earlier: Result | None = None,
) -> Result:
    """Runs *cell* and writes its result.

    Args:
        which: ``all`` scenarios or the ``selection``.
        earlier: a result of it; what it says of the installed wandb alone is played again only if that can be another.

    Raises:
        Problem: something that is no property of the versions; the earlier result, if any, is as it was.
    """
    began = time.monotonic()
    report(cell, "resolving")
    lock, refused = None, ""
    try:
        lock = answers.lock(cell)
    except uv.Refused as proof:
        refused = str(proof)
    with Writer(cell.name, options.results) as writer:
        running = _Running(matrix, cell, which, options, report, writer, lock)
        if lock is None:
            running.begin()
            footer: dict[str, Any] = {"outcome": REFUSED, "proof": refused}
        else:
            footer = running.run(lock, native_records.kept(matrix, earlier, digest_of_lock(lock), which))
        running.seconds["whole"] = round(time.monotonic() - began, 1)
        writer.end(**footer, ended=_now(), seconds=running.seconds)
    report(cell, str(footer["outcome"]))
    return read(path_of(cell.name, options.results))


class _Running:
    """A cell while it is run."""

    def __init__(
        self, matrix: Matrix, cell: Cell, which: str, options: Options, report: Report, writer: Writer, lock: str | None
    ) -> None:
        self._matrix, self._cell, self._which, self._options = matrix, cell, which, options
        self._report = report
        self._writer = writer
        self._written: list[Record] = []
        self.seconds: dict[str, float] = {}
        commit, modified = code_snapshot.commit()
        self._header: dict[str, Any] = {
            "name": cell.name, "cell": vars(cell), "started": _now(),
            "code": {
                "version": wandb_keras_compat.__version__, "commit": commit, "modified": modified,
                "digest": code_snapshot.digest(),
            },
            "lock": digest_of_lock(lock), "host": _host(),
            "limit": options.limit, "scenarios": _counted(which),
        }  # fmt: skip

    def begin(self, **more: Any) -> None:
        self._writer.header(**self._header, **more)

    def run(self, lock: str, native: NativeRecords | None) -> dict[str, Any]:
        """Everything that needs an environment; returns the footer.

        Args:
            native: what the installed wandb does alone; without it, that is played.
        """
        self._report(self._cell, "installing")
        keep = self._options.keep
        with (
            cell_environment.scratch_folder(self._cell, self._options.scratch, keep=keep) as folder,
            ExitStack() as stack,
        ):
            began = time.monotonic()
            try:
                python = self._environment(lock, folder, stack)
            except uv.Refused as proof:
                self.begin()
                return {"outcome": REFUSED, "proof": str(proof)}
            self.seconds["install"] = round(time.monotonic() - began, 1)
            return self._play(python, folder, native)

    def _environment(self, lock: str, folder: Path, stack: ExitStack) -> Path:
        if self._options.environments is None:
            return cell_environment.make(self._cell, lock, folder)
        return stack.enter_context(self._options.environments.of(self._cell, lock))

    def _play(self, python: Path, folder: Path, native: NativeRecords | None) -> dict[str, Any]:
        limits = TimeLimits(self._options.limit, self._options.silent, self._options.stop)
        source = code_snapshot.copy_to(folder / "source")
        environment = CellEnvironment(self._cell, python, source, folder, limits, self.seconds)
        self._report(self._cell, "starting")
        for who in WHO:
            if who == "native" and native is not None:
                self._write(native.records)
                break
            if self._written and limits.over:
                break
            try:
                drawn = drawn_plays(self._matrix, environment, who)
                say = partial(self._report, self._cell)
                found = checked(environment, today(), self._which, who, say, drawn)
            except DoesNotStart as error:
                if self._written:
                    raise Problem(f"{self._cell} was played once, and then does not start: {error}") from None
                self.begin()
                return {"outcome": DOES_NOT_START, "proof": last_line(str(error)), "traceback": shortened(str(error))}
            if not self._written:
                more = {"platform": native_records.here(), "distributions": dict(found.distributions)}
                plays, played = native_records.digest_of_plays(self._which), self._header["started"]
                self.begin(
                    installed={**found.versions, **more},
                    native={"plays": plays, "played": played if native is None else native.played},
                )
            self._write(records(self._matrix, environment, found, who, drawn))
        if not limits.over:
            return {"outcome": RAN}
        self._write(missing_records(self._matrix, self._cell, self._written, "the cell's time was up"))
        return {"outcome": TIME_IS_UP}

    def _write(self, found: Iterable[Record]) -> None:
        for record in found:
            self._writer.record(**record)
            self._written.append(record)
            self._report(self._cell, f"{record['capability']}, {record['who']}: {record['state']}")


def _counted(which: str) -> dict[str, Any]:
    every, played = (
        len([name for name in items_of(every=each) if name in SCENARIOS]) for each in (True, which == "all")
    )
    return {"which": which, "played": played, "of": every}


def _host() -> str:
    return f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds")
