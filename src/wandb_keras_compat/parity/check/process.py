"""Runs programs in a cell: bounded in time, and ended with every process that they started."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .problems import Stopped

_PAUSE = 0.1
#: Which cell's process it is, in its environment: wandb's service leaves the process group.
MARK = "COMPAT_MATRIX_CELL"


@dataclass(frozen=True)
class ProcessResult:
    """How a program ended.

    Attributes:
        code: its exit code, negative for a signal.
        hung: in words, why it was ended from outside; empty if it was not.
    """

    code: int
    out: str
    err: str
    hung: str = ""


class TimeLimits:
    """How long a cell may take, and how long a program may print nothing.

    Args:
        whole: seconds for everything together, from now.
        silent: seconds without a line.
        stop: set from elsewhere to end at once.

    Attributes:
        used: seconds of processor time of all that has ended; without those on Windows, which does not tell them.
    """

    def __init__(self, whole: float, silent: float, stop: threading.Event | None = None) -> None:
        self.whole, self.silent = whole, silent
        self.used = 0.0
        self._until = time.monotonic() + whole
        self.stop = stop or threading.Event()

    @property
    def left(self) -> float:
        """Seconds for everything that is still to come."""
        return max(0.0, self._until - time.monotonic())

    @property
    def over(self) -> bool:
        return time.monotonic() >= self._until

    def exceeded(self, silent_for: float) -> str:
        """Why a program is to be ended now, as a sentence; empty while it may go on.

        Raises:
            Stopped: the run is to end.
        """
        if self.stop.is_set():
            raise Stopped
        if self.over:
            return f"the cell's {self.whole:.0f} s were over"
        return f"nothing happened for {self.silent:.0f} s" if silent_for >= self.silent else ""


def run(
    command: Sequence[str],
    environment: Mapping[str, str],
    folder: Path,
    limits: TimeLimits,
    meanwhile: Callable[[], None] = lambda: None,
) -> ProcessResult:
    """Runs *command* in *folder*, in a group of its own that is ended as a whole.

    Args:
        meanwhile: called some times a second.

    Raises:
        Stopped: the run is to end; nothing of the program is left.
    """
    mark = uuid.uuid4().hex
    out, err = folder / f"{mark}.out", folder / f"{mark}.err"
    hung = ""
    with out.open("wb") as to_out, err.open("wb") as to_err:
        child = subprocess.Popen(
            list(command), env={**environment, MARK: mark}, cwd=folder, stdin=subprocess.DEVNULL,
            stdout=to_out, stderr=to_err, start_new_session=True,
        )  # fmt: skip
        try:
            size, since = -1, time.monotonic()
            while not _has_ended(child, limits) and not hung:
                time.sleep(_PAUSE)
                meanwhile()
                now = out.stat().st_size
                if now != size:
                    size, since = now, time.monotonic()
                hung = limits.exceeded(time.monotonic() - since)
        finally:
            _end(child, mark, limits)
    found = ProcessResult(child.returncode, _text(out), _text(err), hung)
    out.unlink()
    err.unlink()
    return found


def _has_ended(child: subprocess.Popen[bytes], limits: TimeLimits, *, wait: bool = False) -> bool:
    """Whether *child* has ended, or if asked to *wait* that it has; what it and its children used is charged once."""
    if sys.platform == "win32":
        return (child.wait() if wait else child.poll()) is not None
    if child.returncode is None:
        pid, status, usage = os.wait4(child.pid, 0 if wait else os.WNOHANG)
        if not pid:
            return False
        child.returncode = os.waitstatus_to_exitcode(status)
        limits.used += usage.ru_utime + usage.ru_stime
    return True


def _text(path: Path) -> str:
    return path.read_text("utf-8", errors="replace")


def _end(child: subprocess.Popen[bytes], mark: str, limits: TimeLimits) -> None:
    """Ends the group, and what left it."""
    # Of a process that is being started, the system does not tell the environment yet.
    started = _descendants(child.pid)
    if sys.platform == "win32":
        child.kill()
    else:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
    _has_ended(child, limits, wait=True)
    left = [pid for pid, began in started.items() if _parent_and_start(pid)[1:] == (began,)]
    for pid in {*left, *_marked(mark)}:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)


def _descendants(pid: int) -> dict[int, str]:
    """Ids of the processes that *pid* started, and they, to when each began, where there is a /proc."""
    parents = {int(path.name): _parent_and_start(int(path.name)) for path in Path("/proc").glob("[0-9]*")}
    found: dict[int, str] = {}
    left = {pid}
    while left:
        children = {each: of[1] for each, of in parents.items() if len(of) == 2 and int(of[0]) in left}
        left = children.keys() - found.keys()
        found |= children
    return found


def _parent_and_start(pid: int) -> tuple[str, ...]:
    """The parent's id and when the process began, as the system counts; empty if it is gone."""
    try:
        # After the name, in brackets, come the state, the parent, and as the 20th of the rest the start.
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return ()
    return fields[1], fields[19]


def _marked(mark: str) -> list[int]:
    """Ids of the processes that were started with *mark*, where there is a /proc."""
    wanted = f"{MARK}={mark}".encode()
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if wanted in path.read_bytes().split(b"\0"):
                found.append(int(path.parent.name))
    return found
