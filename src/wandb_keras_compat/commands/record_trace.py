"""``trace record``: runs a command against a backend of its own and makes the trace of what it sent."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..testing.child_environment import WANDB_FOLDERS, python_path, wandb_folders
from . import child_process
from .io import Failure, testing_extra

if TYPE_CHECKING:
    from ..testing.model.store import RunStore

# Rows every second rather than every 15 (less than a second is rounded away): of a program that is killed the backend
# has what it logged until then. wandb spells the setting with x_ or a leading underscore; earlier ones have none.
_SOON = {"WANDB_X_FILE_STREAM_TRANSMIT_INTERVAL": "1", "WANDB__FILE_STREAM_TRANSMIT_INTERVAL": "1"}

# Seconds that a run which did not end may go on sending after its program ended.
_PATIENCE = 5.0
_PAUSE = 0.05


@dataclass
class Recording:
    """A command's exit code (negative for a signal), its trace, and remarks to be printed."""

    code: int
    trace: dict[str, Any]
    remarks: list[str]


#: A folder for PYTHONPATH; what a Python does that is started with it, its sitecustomize says.
_SEEDED_START = Path(__file__).with_name("seeded_start")


def record(command: Sequence[str], seed: int | None = None) -> Recording:
    """Runs *command* against a backend of its own.

    Args:
        seed: of every generator of random numbers, before the program starts.

    Raises:
        Failure: the extra ``testing`` is missing, or the command cannot be started.
    """
    with testing_extra("trace record"):
        from ..testing.doors.run_log import ReadReport, find_run_logs, read_log
        from ..testing.doors.server import Backend
        from ..testing.model.store import RunStore
        from ..testing.trace.normalize import trace_of
    with tempfile.TemporaryDirectory(prefix="wandb-trace-", ignore_cleanup_errors=True) as scratch:
        with Backend() as backend:
            environment = child_environment(os.environ, backend.environment(), Path(scratch))
            seeded = Path(scratch, "seeded")
            if seed is not None:
                seeded.mkdir()
                environment = {**environment, **seeding(environment, seed, seeded)}
            folder = Path(environment["WANDB_DIR"])
            earlier = set(find_run_logs(folder))
            code = child_process.run(command, environment)
            _settle(backend.store)
        snapshot = backend.snapshot()
        offline = [log for log in find_run_logs(folder) if log not in earlier and _is_offline(log)]
        remarks = [f"the backend was asked what it does not know: {line}" for line in dict.fromkeys(snapshot.unknown)]
        if seed is not None and not (seeded / "python").exists():
            remarks.append(
                "--seed had no effect: no Python that reads PYTHONPATH was started (python -I and -E do not)"
            )
        if snapshot.runs or not offline:
            if offline:
                there = " and ".join(str(log) for log in offline)
                remarks.append(f"runs that were offline are not in the trace, as others were online: {there}")
            return Recording(code, trace_of(snapshot, "http"), remarks)
        store = RunStore()
        remarks.append("the program ran W&B offline: its run logs were read instead")
        for log in offline:
            report = ReadReport()
            read_log(log, store, report)
            if report.truncated or report.damaged or report.unparsed:
                remarks.append(f"the log {log.name} could not be read in full: {report}")
        return Recording(code, trace_of(store.snapshot(), "log"), remarks)


def child_environment(own: Mapping[str, str], backend: Mapping[str, str], scratch: Path) -> dict[str, str]:
    """*own* with the variables that lead to the backend, and wandb's folders in *scratch* unless the user chose them.

    The user's configuration of wandb stays: a program may depend on it.
    """
    chosen = [name for name in WANDB_FOLDERS if own.get(name)]
    return {**_SOON, **own, **backend, **wandb_folders(scratch, leave=["WANDB_CONFIG_DIR", *chosen])}


def seeding(own: Mapping[str, str], seed: int, seeded: Path) -> dict[str, str]:
    """The variables by which each Python of a program seeds its generators and says so in the folder *seeded*."""
    path = filter(None, own.get("PYTHONPATH", "").split(os.pathsep))
    return {
        "PYTHONPATH": python_path([_SEEDED_START, *path]),
        "PYTHONHASHSEED": str(seed),
        "WANDB_KERAS_COMPAT_SEED": str(seed),
        "WANDB_KERAS_COMPAT_SEEDED": str(seeded),
    }


def _is_offline(log: Path) -> bool:
    return log.parent.name.startswith("offline-run-")


def _settle(store: RunStore) -> None:
    """Waits until all runs have an exit code: wandb's service process may send on after the program was killed."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        with store.lock:
            if all(run.exit_code is not None for run in store.runs.values()):
                return
        time.sleep(_PAUSE)


__all__ = ["Failure", "Recording", "child_environment", "record"]
