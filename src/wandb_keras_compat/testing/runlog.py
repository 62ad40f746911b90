"""What a run really logged, read from the transaction log in its folder (``run-<id>.wandb``).

The log of an offline run is complete: history, summary, config, saved files with their policy, and artifacts
with their entries. wandb itself no longer ships a reader, so the framing is read by :mod:`.framing` and the
records are parsed with the protobuf classes of whichever wandb is installed. A field that the installed
classes do not know is ignored by protobuf; a payload that they cannot parse at all is counted in the report.

Read a log after the process that wrote it has ended, or after ``wandb.teardown()``: ``run.finish()`` of newer
wandb returns before its service process has written the end of the log, which then reads as truncated.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, TypeAlias

from .framing import NotARunLogError, ReadReport, read_payloads

# wandb generates its protobuf classes for several protobuf versions and ships no types for them.
Record: TypeAlias = Any

__all__ = [
    "LoggedArtifact",
    "NotARunLogError",
    "ReadReport",
    "RunLog",
    "find_run_logs",
    "load",
    "read_records",
]


@dataclass(frozen=True)
class LoggedArtifact:
    """One artifact version. ``entries`` maps a path in the artifact to its size in bytes."""

    name: str
    type: str
    aliases: tuple[str, ...]
    entries: dict[str, int]


@dataclass
class RunLog:
    """What a run logged, in the order in which it did.

    Attributes:
        history: one mapping per committed row, with wandb's own ``_step``, ``_timestamp`` and ``_runtime``.
        summary: the summary at the end, after replaying every update and removal.
        config: likewise; includes wandb's own ``_wandb`` entry where the log has it.
        files: path in the run's files to upload policy (``now``, ``end`` or ``live``); the last one wins.
        artifacts: in order; an artifact logged twice is two versions.
        group: the run group, or an empty string.
        exit_code: None when the run did not end, or not in an orderly way.
        report: what the reader met besides the records.
    """

    history: list[dict[str, Any]] = field(default_factory=list)
    summary: dict[str, Any] = field(default_factory=dict)
    config: dict[str, Any] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    artifacts: list[LoggedArtifact] = field(default_factory=list)
    group: str = ""
    exit_code: int | None = None
    report: ReadReport = field(default_factory=ReadReport)

    def history_keys(self) -> list[str]:
        """The history keys the user's program logged, in order of first appearance."""
        return [key for key in dict.fromkeys(k for row in self.history for k in row) if key[0] != "_"]

    def values(self, key: str) -> list[Any]:
        """The values logged under a history key, one for each row that has it."""
        return [row[key] for row in self.history if key in row]


def find_run_logs(folder: Path) -> list[Path]:
    """The run logs below ``folder``, oldest run first.

    Run folders are named by the second in which the run began and by its id; ``latest-run`` is a link to one.
    """

    def age(path: Path) -> tuple[str, float]:
        run_id = path.stem[len("run-") :]
        return path.parent.name[: -len(run_id)], path.stat().st_mtime

    return sorted({path.resolve() for path in folder.rglob("run-*.wandb")}, key=age)


def read_records(path: Path, report: ReadReport | None = None) -> Iterator[Record]:
    """Yield the records of a run log; see :func:`.framing.read_payloads` for the arguments and errors."""
    from google.protobuf.message import DecodeError

    parse = import_module("wandb.proto.wandb_internal_pb2").Record.FromString
    report = ReadReport() if report is None else report
    for payload in read_payloads(path, report):
        try:
            record = parse(payload)
        except DecodeError:
            report.unparsed += 1
            continue
        yield record


def load(path: Path) -> RunLog:
    """Read one run log; raises :class:`NotARunLogError` when the file is none."""
    log = RunLog()
    for record in read_records(path, log.report):
        _apply(log, record)
    return log


def _apply(log: RunLog, record: Record) -> None:
    kind = record.WhichOneof("record_type")
    if kind == "history":
        row: dict[str, Any] = {}
        _update(row, record.history.item)
        if record.history.HasField("step"):
            row.setdefault("_step", record.history.step.num)
        log.history.append(row)
    elif kind == "summary":
        _update(log.summary, record.summary.update)
        _remove(log.summary, record.summary.remove)
    elif kind == "config":
        _update(log.config, record.config.update)
        _remove(log.config, record.config.remove)
    elif kind == "files":
        for item in record.files.files:
            log.files[item.path] = item.PolicyType.Name(item.policy).lower()
    elif kind == "artifact":
        log.artifacts.append(_artifact(record.artifact))
    elif kind == "run":
        log.group = record.run.run_group
        _update(log.config, record.run.config.update)
        _update(log.summary, record.run.summary.update)
    elif kind == "exit":
        log.exit_code = record.exit.exit_code


def _artifact(record: Any) -> LoggedArtifact:
    return LoggedArtifact(
        name=record.name,
        type=record.type,
        aliases=tuple(record.aliases),
        entries={entry.path: entry.size for entry in record.manifest.contents},
    )


def _path(item: Any) -> list[str]:
    """Where an item belongs: wandb-core fills ``nested_key``, the Python service ``key``, one of the two."""
    return list(item.nested_key) or [item.key]


def _update(target: dict[str, Any], items: Iterable[Any]) -> None:
    for item in items:
        *parents, last = _path(item)
        place = target
        for name in parents:
            child = place.get(name)
            if not isinstance(child, dict):
                child = place[name] = {}
            place = child
        place[last] = json.loads(item.value_json)


def _remove(target: dict[str, Any], items: Iterable[Any]) -> None:
    for item in items:
        *parents, last = _path(item)
        place: Any = target
        for name in parents:
            place = place.get(name) if isinstance(place, dict) else None
        if isinstance(place, dict):
            place.pop(last, None)
