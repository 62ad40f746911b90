"""A program in the foreground: whatever signal comes, whenever it comes, the program gets it once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from wandb_keras_compat.commands import child_process

SIGNALS = [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT]


class Child:
    """A program that lives for as long as *meanwhile* takes, and notes the signals that it is sent."""

    def __init__(self, before: Callable[[], None], meanwhile: Callable[[], None]) -> None:
        self.received: list[int] = []
        self._before = before
        self._meanwhile = meanwhile

    def __call__(self, command: list[str], env: dict[str, str]) -> Child:
        self.command, self.environment = command, env
        self._before()
        return self

    def send_signal(self, number: int) -> None:
        self.received.append(number)

    def poll(self) -> int:
        self._meanwhile()
        return 7


def sends(*numbers: int) -> Callable[[], None]:
    return lambda: [os.kill(os.getpid(), number) for number in numbers] and None


@pytest.fixture(autouse=True)
def as_in_a_shell() -> Iterator[None]:
    """No signal is ignored, as some would be where the tests are run in the background."""
    before = {number: signal.signal(number, signal.SIG_DFL) for number in SIGNALS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def without_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child_process, "_terminal_told_it", lambda: False)


@pytest.mark.parametrize("early", [[], SIGNALS[:1], SIGNALS[1:3]], ids=["none", "one", "two"])
@pytest.mark.parametrize("late", [[], SIGNALS[:1], SIGNALS], ids=["none", "one", "all"])
@pytest.mark.usefixtures("without_a_terminal")
def test_every_signal_reaches_the_program_once(
    early: list[int], late: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also one that came before there was a program to send it to."""
    child = Child(sends(*early), sends(*late))
    monkeypatch.setattr(child_process.subprocess, "Popen", child)
    assert child_process.run(["program", "-x"], {"A": "1"}) == 7
    assert child.received == [*early, *late]
    assert (child.command, child.environment) == (["program", "-x"], {"A": "1"})


@pytest.mark.parametrize("told", [True, False])
def test_what_the_terminal_sent_to_both_is_not_sent_again(told: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    child = Child(lambda: None, sends(*SIGNALS))
    monkeypatch.setattr(child_process.subprocess, "Popen", child)
    monkeypatch.setattr(child_process, "_terminal_told_it", lambda: told)
    child_process.run(["program"], {})
    assert child.received == [each for each in SIGNALS if not told or each not in (signal.SIGINT, signal.SIGQUIT)]


@pytest.mark.usefixtures("without_a_terminal")
def test_a_signal_that_is_ignored_stays_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """nohup: the program inherits it, and so do we."""
    monkeypatch.setattr(child_process.subprocess, "Popen", child := Child(lambda: None, sends(signal.SIGHUP)))
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        child_process.run(["program"], {})
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)
    assert child.received == []


def refuse(*_: Any, **__: Any) -> None:
    raise PermissionError(13, "Permission denied")


@pytest.mark.parametrize("popen", [Child(lambda: None, lambda: None), refuse], ids=["it ends", "it does not start"])
def test_afterwards_signals_mean_what_they_meant_before(popen: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {number: signal.getsignal(number) for number in SIGNALS}
    monkeypatch.setattr(child_process.subprocess, "Popen", popen)
    try:
        child_process.run(["program"], {})
    except child_process.NotStartedError as error:
        assert (error.exit_code, error.message) == (126, "cannot start program: Permission denied")
    assert {number: signal.getsignal(number) for number in SIGNALS} == before


@pytest.mark.parametrize(("code", "ours"), [(0, 0), (1, 1), (255, 255), (-signal.SIGKILL, 137), (-signal.SIGSEGV, 139)])
def test_we_end_as_the_program_did(code: int, ours: int) -> None:
    with pytest.raises(SystemExit) as ended:
        child_process.end_as(code)
    assert ended.value.code == ours


@pytest.mark.parametrize("number", SIGNALS)
def test_ended_by_a_signal_that_asks_to_end_we_end_by_it_too(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    killed: list[tuple[int, int]] = []
    before = signal.getsignal(number)
    monkeypatch.setattr(child_process.os, "kill", lambda pid, by: killed.append((pid, by)))
    try:
        with pytest.raises(SystemExit):
            child_process.end_as(-number)
        assert signal.getsignal(number) is signal.SIG_DFL
    finally:
        signal.signal(number, before)
    assert killed == [(os.getpid(), number)]


def test_the_exit_code_is_that_of_the_program() -> None:
    assert child_process.run([sys.executable, "-S", "-c", "raise SystemExit(5)"], os.environ) == 5


#: The main thread does not get the signal, another one does: the system call that waits is not interrupted, as it is not
#: by a signal that comes just before it. The program says when it is there, and asks for the signal itself.
SIGNAL_BESIDE_THE_WAIT = """
import os, signal, sys, threading
from wandb_keras_compat.commands import child_process
threading.Thread(target=threading.Event().wait, daemon=True).start()
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
program = '''
import os, signal
os.kill(os.getppid(), signal.SIGTERM)
signal.sigwait([signal.SIGTERM])
os._exit(9)
'''
sys.exit(child_process.run([sys.executable, "-S", "-c", program], os.environ))
"""


def test_a_signal_that_does_not_interrupt_the_wait_reaches_the_program() -> None:
    done = subprocess.run([sys.executable, "-c", SIGNAL_BESIDE_THE_WAIT], timeout=60, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr) == (9, "")


def no_terminal(*_: Any) -> int:
    raise OSError


@pytest.mark.parametrize(("ours", "its"), [(5, 5), (5, 6)], ids=["in the foreground", "in the background"])
def test_a_terminal_tells_those_in_its_foreground(ours: int, its: int, monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[int] = []
    monkeypatch.setattr(child_process.os, "open", lambda path, flags: 99 if path == "/dev/tty" else no_terminal())
    monkeypatch.setattr(child_process.os, "tcgetpgrp", lambda terminal: its if terminal == 99 else no_terminal())
    monkeypatch.setattr(child_process.os, "getpgrp", lambda: ours)
    monkeypatch.setattr(child_process.os, "close", closed.append)
    assert child_process._terminal_told_it() is (ours == its)
    monkeypatch.setattr(child_process.os, "tcgetpgrp", no_terminal)
    assert child_process._terminal_told_it() is False
    assert closed == [99, 99], "however it ends"
    monkeypatch.setattr(child_process.os, "open", no_terminal)
    assert child_process._terminal_told_it() is False
