"""Reads what a run logged from the transaction log in its folder (``run-<id>.wandb``).

The log of an offline run is complete but for what only a server knows: it has history, summary, config, saved
files with their policy, and artifacts with their entries, and the contents lie beside it. wandb itself no longer
ships a reader, so the framing is read by :mod:`.leveldb_log` and the records are parsed with the protobuf classes of
whichever wandb is installed. A field that the installed classes do not know is ignored by protobuf; a payload that
they cannot parse at all is counted in the report.

Read a log after the process that wrote it has ended, or after ``wandb.teardown()``: ``run.finish()`` of newer
wandb returns before its service process has written the end of the log, which then reads as truncated.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from ..model.artifacts import RunKey
from ..model.records import Record, RunRecords, run_of
from ..model.runs import RunState
from ..model.snapshot import RunSnapshot
from ..model.store import RunStore
from .leveldb_log import NotARunLogError, ReadReport, read_payloads

__all__ = [
    "NotARunLogError",
    "ReadReport",
    "RunLog",
    "find_run_logs",
    "load",
    "read_log",
    "read_records",
]


@dataclass(frozen=True)
class RunLog:
    """A run as it was read from its log, and what could not be read."""

    run: RunSnapshot
    report: ReadReport


def find_run_logs(folder: Path) -> list[Path]:
    """The run logs below ``folder``, oldest run first.

    Run folders are named by the second in which the run began and by its id; ``latest-run`` is a link to one.
    """

    def age(path: Path) -> tuple[str, float]:
        return path.parent.name[: -len(_run_id(path))], path.stat().st_mtime

    return sorted({path.resolve() for path in folder.rglob("run-*.wandb")}, key=age)


def load(path: Path) -> RunLog:
    """Read one run log into a store of its own; raises :class:`NotARunLogError` when the file is none."""
    store, report = RunStore(), ReadReport()
    read_log(path, store, report)
    return RunLog(store.snapshot().run(), report)


def read_log(path: Path, store: RunStore, report: ReadReport | None = None) -> RunState:
    """Read one run log, and the files and artifacts beside it, into *store*.

    A log that is truncated or damaged gives what is before the damage, and what can be made sense of after it.

    Args:
        path: the ``.wandb`` file, in the run's folder.
        store: gets the run and its artifacts.
        report: filled in: whether, and from which byte on, something could not be read.

    Returns:
        The run. One whose log breaks off before it says which run it is has the id of the file's name.

    Raises:
        NotARunLogError: the file is no run log.
    """
    records = list(read_records(path, report))
    about = (record.run for record in records if record.WhichOneof("record_type") == "run")
    first = next(about, None)
    run = store.run(RunKey("", "", _run_id(path))) if first is None else run_of(store, first)
    applied = RunRecords(store, run, path.parent / "files", references={}, core=_is_of_core(records))
    for record in records:
        applied.apply(record)
    applied.read_files("end")  # also of a run that never ended; those saved live were read with their record
    return run


def read_records(path: Path, report: ReadReport | None = None) -> Iterator[Record]:
    """Yield the records of a run log; see :func:`.leveldb_log.read_payloads` for the arguments and errors."""
    from google.protobuf.message import DecodeError

    parse = import_module("wandb.proto.wandb_internal_pb2").Record.FromString
    report = ReadReport() if report is None else report
    for offset, payload in read_payloads(path, report):
        try:
            record = parse(payload)
        except DecodeError:
            report.unparsed += 1
            report.broke(offset)
            continue
        yield record


def _is_of_core(records: list[Record]) -> bool:
    """Whether wandb-core wrote the log: it names each value of a row by a path, also one of a single key."""
    items = (item for record in records for item in record.history.item)
    first = next(items, None)
    return first is None or bool(first.nested_key)


def _run_id(path: Path) -> str:
    return path.stem.removeprefix("run-")
