"""What runs in a cell is bounded, and nothing of it is left."""

from __future__ import annotations

import os
import pathlib
import sys
import threading
import time
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compat_matrix.judge import Verdict
from compat_matrix.problems import Stopped
from compat_matrix.process import Ended, Patience, run
from compat_matrix.retry import each

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="process groups are POSIX'")

#: Says its id, starts a child in a session of its own that says its id, and hangs.
HANGS = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
print(os.getpid(), child.pid, flush=True)
time.sleep(600)
"""


def alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def gone(pids: Sequence[int]) -> bool:
    until = time.monotonic() + 10
    while any(map(alive, pids)) and time.monotonic() < until:
        time.sleep(0.05)
    return not any(map(alive, pids))


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="what left its group is found in /proc")
@pytest.mark.parametrize(("whole", "silent", "says"), [(60, 2, "nothing happened for 2 s"), (2, 60, "2 s were over")])
def test_what_hangs_is_ended_with_all_it_started(
    tmp_path: pathlib.Path, whole: float, silent: float, says: str
) -> None:
    ended = run([sys.executable, "-c", HANGS], dict(os.environ), tmp_path, Patience(whole, silent))
    assert says in ended.hung
    pids = list(map(int, ended.out.split()))
    assert len(pids) == 2 and gone(pids)
    assert not list(tmp_path.iterdir())


def test_an_end_from_outside_ends_it_at_once(tmp_path: pathlib.Path) -> None:
    stop = threading.Event()
    threading.Timer(1, stop.set).start()
    began = time.monotonic()
    with pytest.raises(Stopped):
        run([sys.executable, "-c", HANGS], dict(os.environ), tmp_path, Patience(600, 600, stop))
    assert time.monotonic() - began < 60


def test_what_ends_by_itself_has_said_everything(tmp_path: pathlib.Path) -> None:
    code = "import sys; print('a'); print('b', file=sys.stderr); sys.exit(3)"
    assert run([sys.executable, "-c", code], dict(os.environ), tmp_path, Patience(60, 60)) == Ended(3, "a\n", "b\n")


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

    def attempt(left: Sequence[str]) -> Ended:
        attempts.append(list(left))
        for name in left if starts else []:
            if name.endswith("dies"):
                return Ended(-6, "", "Boom: here")
            known[name] = Verdict(name, how="wrong" if name.endswith("bad") else "")
        return Ended(0 if starts else 1, "", "ImportError: nothing starts")

    found = list(each(names, attempt, known.get, Patience(60, 60)))
    assert [verdict.what for verdict in found] == names
    if not starts:
        assert all("ImportError" in verdict.how for verdict in found)
        assert len(attempts) <= 3
    elif "dies dies dies" not in " ".join(kinds):
        assert ["dies" if "Boom" in item.how else "bad" if item.how else "fine" for item in found] == kinds
        assert len(attempts) <= kinds.count("dies") + 1


def test_nothing_is_begun_when_the_time_is_over() -> None:
    def attempt(left: Sequence[str]) -> Ended:
        raise AssertionError

    assert list(each(["a"], attempt, lambda name: None, Patience(0, 1))) == []
