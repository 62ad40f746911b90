"""Runs another program in the foreground: signals are forwarded to it, its exit code becomes ours."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from types import FrameType
from typing import Any

from .io import Failure

# What asks a program to end. Not all exist everywhere.
_FORWARDED = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT") if hasattr(signal, name)]
_FROM_THE_TERMINAL = {getattr(signal, name) for name in ("SIGINT", "SIGQUIT") if hasattr(signal, name)}


class NotStartedError(Failure):
    """The command could not be started; the exit codes are those of a shell."""

    def __init__(self, command: str, error: OSError) -> None:
        super().__init__(f"cannot start {command}: {error.strerror}")
        self.exit_code = 127 if isinstance(error, FileNotFoundError) else 126  # type: ignore[misc]  # click: ClassVar


def run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Runs *command* to its end and returns its exit code, negative for the signal that ended it.

    Raises:
        NotStartedError: there is no such program, or it may not be executed.
    """
    child: list[subprocess.Popen[bytes]] = []
    early: list[int] = []

    def forward(number: int, frame: FrameType | None) -> None:
        if not child:
            early.append(number)
        elif not (number in _FROM_THE_TERMINAL and _terminal_told_it()):
            child[0].send_signal(number)

    previous: dict[Any, Any] = {}
    for number in _FORWARDED:
        # A signal that is ignored (nohup, a background job of a script) stays so, for the child too.
        if signal.getsignal(number) is not signal.SIG_IGN:
            previous[number] = signal.signal(number, forward)
    if os.name == "posix":  # the end of the child is a signal too; ignored, it would take the exit code with it
        previous[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda number, frame: None)
    try:
        try:
            child.append(subprocess.Popen(list(command), env=dict(environment)))
        except OSError as error:
            raise NotStartedError(command[0], error) from None
        for number in early:
            child[0].send_signal(number)
        return _wait(child[0])
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def _wait(child: subprocess.Popen[bytes]) -> int:
    """The exit code of *child*; signals that come meanwhile are handled at once.

    ``Popen.wait`` does not promise that: a signal that comes after Python last looked for one and before the system
    call has begun is handled only when the call ends, which is when the child does. So each signal, that of the
    child's end among them, leaves a byte here, and a byte that is already there ends the next read.
    """
    if os.name != "posix":
        return child.wait()
    read, write = os.pipe()
    os.set_blocking(write, False)
    previous = signal.set_wakeup_fd(write, warn_on_full_buffer=False)
    try:
        while (code := child.poll()) is None:
            os.read(read, 64)
        return code
    finally:
        signal.set_wakeup_fd(previous)
        os.close(read)
        os.close(write)


def end_as(code: int) -> None:
    """Ends this process with the child's exit code, or by the signal that asked the child to end."""
    sys.stdout.flush()
    sys.stderr.flush()
    if code < 0 and -code in _FORWARDED and os.name == "posix":
        signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    sys.exit(128 - code if code < 0 else code)


def _terminal_told_it() -> bool:
    """Whether this process is in the foreground of a terminal: then the terminal sent Ctrl-C to the child too."""
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return False
    finally:
        os.close(terminal)
