"""What runs in a cell is bounded, and nothing of it is left."""

from __future__ import annotations

import os
import pathlib
import select
import signal
import sys
import threading
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wandb_keras_compat.parity.check import process
from wandb_keras_compat.parity.check.judge import Verdict
from wandb_keras_compat.parity.check.problems import Stopped
from wandb_keras_compat.parity.check.process import ProcessResult, TimeLimits, run
from wandb_keras_compat.parity.check.retry import each

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="process groups are POSIX'")

#: Says its id, starts a child in a session of its own that says its id, writes to a pipe, and hangs.
HANGS = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"], start_new_session=True)
print(os.getpid(), child.pid, flush=True)
open(sys.argv[1], "w").close()
time.sleep(10**6)
"""


class Clock:
    """Stands for the module ``time``: a second passes at each sleep, from when the program has said everything.

    Until then the first sleep waits for the program's end of the pipe. *then* is called after it.
    """

    def __init__(self, pipe: pathlib.Path, then: Callable[[], None] = lambda: None) -> None:
        os.mkfifo(pipe)
        self._pipe: pathlib.Path | None = pipe
        self._then = then
        self._now = 0.0

    def monotonic(self) -> float:
        return self._now

    def sleep(self, seconds: float) -> None:
        if self._pipe is not None:
            self._pipe.read_bytes()
            self._pipe = None
            self._then()
        else:
            self._now += 1


def wait_until_gone(pid: int) -> None:
    """Returns when that process, of whoever it is a child, has ended."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        select.select([handle], [], [])
    finally:
        os.close(handle)


def hanging(tmp_path: pathlib.Path, limits: TimeLimits) -> ProcessResult:
    folder = tmp_path / "here"
    folder.mkdir()
    return run([sys.executable, "-c", HANGS, str(tmp_path / "pipe")], dict(os.environ), folder, limits)


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="what left its group is found in Linux' /proc")
def test_what_is_just_being_started_is_ended_too(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its environment cannot be read yet: on a busy machine one stayed for ever."""
    monkeypatch.setattr(process, "_marked", lambda mark: [])
    monkeypatch.setattr(process, "time", Clock(tmp_path / "pipe"))
    for pid in map(int, hanging(tmp_path, TimeLimits(2, 60)).out.split()):
        wait_until_gone(pid)


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="what left its group is found in Linux' /proc")
@pytest.mark.parametrize(("whole", "silent", "says"), [(60, 2, "nothing happened for 2 s"), (2, 60, "2 s were over")])
def test_what_hangs_is_ended_with_all_it_started(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, whole: float, silent: float, says: str
) -> None:
    monkeypatch.setattr(process, "time", Clock(tmp_path / "pipe"))
    ended = hanging(tmp_path, TimeLimits(whole, silent))
    assert says in ended.hung
    pids = list(map(int, ended.out.split()))
    assert len(pids) == 2
    for pid in pids:
        wait_until_gone(pid)
    assert not list((tmp_path / "here").iterdir())


def test_an_end_from_outside_ends_it_at_once(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stop = threading.Event()
    monkeypatch.setattr(process, "time", Clock(tmp_path / "pipe", stop.set))
    with pytest.raises(Stopped):
        hanging(tmp_path, TimeLimits(600, 600, stop))
    (printed,) = (path for path in (tmp_path / "here").iterdir() if path.suffix == ".out")
    for pid in map(int, printed.read_text(encoding="utf-8").split()):
        wait_until_gone(pid)


def test_what_ends_by_itself_has_said_everything(tmp_path: pathlib.Path) -> None:
    code = "import sys; print('a'); print('b', file=sys.stderr); sys.exit(3)"
    assert run([sys.executable, "-c", code], dict(os.environ), tmp_path, TimeLimits(60, 60)) == ProcessResult(
        3, "a\n", "b\n"
    )


def test_what_is_no_text_is_kept_as_far_as_it_is(tmp_path: pathlib.Path) -> None:
    code = "import sys; sys.stdout.buffer.write('\u00e4 '.encode() + b'\\xff'); sys.stderr.buffer.write(b'\\xfe')"
    found = run([sys.executable, "-c", code], dict(os.environ), tmp_path, TimeLimits(60, 60))
    assert (found.code, found.out, found.err) == (0, "\u00e4 \ufffd", "\ufffd")


def test_how_it_ended_is_known_also_where_its_end_takes_a_while(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.killpg
    monkeypatch.setattr(os, "killpg", lambda *given: threading.Timer(0.2, real, given).start())
    ended = run([sys.executable, "-c", "import signal; signal.pause()"], dict(os.environ), tmp_path, TimeLimits(0, 60))
    assert (ended.code, ended.hung) == (-signal.SIGKILL, "the cell's 0 s were over")


#: Computes, and prints for how long.
COMPUTES = """
import time
while time.process_time() < 0.2:
    pass
print(time.process_time(), flush=True)
"""


def test_what_programs_use_of_the_processors_is_added_up(tmp_path: pathlib.Path) -> None:
    """Its own children's time is its own; a second program's comes to it, each once."""
    limits = TimeLimits(60, 60)
    both = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {COMPUTES!r}], check=True)\n{COMPUTES}"
    first = run([sys.executable, "-c", both], dict(os.environ), tmp_path, limits)
    used = limits.used
    assert first.code == 0
    assert sum(map(float, first.out.split())) <= used <= 60
    second = run([sys.executable, "-c", COMPUTES], dict(os.environ), tmp_path, limits)
    assert float(second.out) <= limits.used - used < used


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="what left its group is found in Linux' /proc")
def test_what_was_ended_from_outside_has_used_something_too(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "time", Clock(tmp_path / "pipe"))
    limits = TimeLimits(2, 60)
    assert hanging(tmp_path, limits).code == -signal.SIGKILL
    assert limits.used > 0


# --- a process for many things ----------------------------------------------------------------------------------


@settings(max_examples=200)
@given(
    st.lists(st.sampled_from(["fine", "bad", "dies"]), max_size=12),
    st.booleans(),
)
def test_one_verdict_for_each_in_order_whatever_dies(kinds: list[str], starts: bool) -> None:
    """A process that dies costs the thing it died at; where none gets anywhere, all have failed, soon."""
    names = [f"{number}-{kind}" for number, kind in enumerate(kinds)]
    known: dict[str, Verdict] = {}
    attempts = []

    def attempt(left: Sequence[str]) -> ProcessResult:
        attempts.append(list(left))
        for name in left if starts else []:
            if name.endswith("dies"):
                return ProcessResult(-6, "", "Boom: here")
            known[name] = Verdict(name, how="wrong" if name.endswith("bad") else "")
        return ProcessResult(0 if starts else 1, "", "ImportError: nothing starts")

    found = list(each(names, attempt, known.get, TimeLimits(60, 60)))
    assert [verdict.what for verdict in found] == names
    if not starts:
        assert all("ImportError" in verdict.how for verdict in found)
        assert len(attempts) <= 3
    elif "dies dies dies" not in " ".join(kinds):
        assert ["dies" if "Boom" in item.how else "bad" if item.how else "fine" for item in found] == kinds
        assert len(attempts) <= kinds.count("dies") + 1


def test_nothing_is_begun_when_the_time_is_over() -> None:
    def attempt(left: Sequence[str]) -> ProcessResult:
        raise AssertionError

    assert list(each(["a"], attempt, lambda name: None, TimeLimits(0, 1))) == []
