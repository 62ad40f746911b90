"""What a run against the fake backend costs, whether that stays so, and how many rows it takes.

``WANDB_KERAS_COMPAT_SDKS`` lists further interpreters whose wandb is measured too (``nox -s sdk`` makes some).
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path

from wandb_keras_compat.testing.child_environment import inherited_environment, wandb_folders

from . import backend_runs
from .measure import Spread
from .results import Effort, Row

TITLE = "backend"
RUN_LIMIT_MS = 100.0
GROWTH_LIMIT = 1.2
MEMORY_LIMIT = 1.1
RATE_LIMIT = 1.2

RUNS = 200
PROCESSES = 4
ROWS_A_SECOND = 250
SECONDS = 10.0

_ROOT = Path(__file__).parents[1]
_LOGGER = _ROOT / "tests" / "testing" / "doors" / "server" / "logger.py"


def measure(effort: Effort) -> Iterator[Row]:
    if find_spec("starlette") is None:
        yield Row(TITLE, "any run", "the server", note="needs the `testing` extra")
        return
    for python in [sys.executable, *filter(None, os.environ.get("WANDB_KERAS_COMPAT_SDKS", "").split(os.pathsep))]:
        yield from _runs(python, effort.of(RUNS, at_least=60))
    yield _rate(effort.of(10) / 10 * SECONDS)


def _runs(python: str, count: int) -> Iterator[Row]:
    """One process does *count* runs; the store is cleared after each, as between tests."""
    from wandb_keras_compat.testing.doors.server import Backend

    with Backend() as backend, _child(backend, python, backend_runs.__file__, str(count)) as child:
        version = json.loads(child.stdout.readline())["wandb"]
        seconds, peaks, own = [], [], []
        for _ in range(count):
            print(file=child.stdin, flush=True)
            said = json.loads(child.stdout.readline())
            (run,) = backend.snapshot().runs
            assert (len(run.history()), run.exit_code) == (backend_runs.LOGS, 0), "the run did not arrive"
            backend.store.clear()
            seconds.append(said["seconds"])
            peaks.append(said["peak"])
            own.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
        assert backend.snapshot().unknown == ()
    subject = f"wandb {version}"
    what = f"init, {backend_runs.LOGS} logs, finish; after the first in a process"
    # Before 0.19 wandb sleeps for seconds in finish: that is its own time.
    yield Row(TITLE, subject, what, Spread.of([1e3 * s for s in seconds[1:]]), "ms", RUN_LIMIT_MS)
    first, last = Spread.of(seconds[10:30]), Spread.of(seconds[-20:])
    ratio = Spread.of([last.median / first.median])
    yield Row(TITLE, subject, f"time of runs {count - 19}-{count} / runs 11-30", ratio, "x", GROWTH_LIMIT)
    for side, values in (("the program", peaks), ("the server", own)):
        grown = Spread.of([values[-1] / values[29]])
        yield Row(TITLE, subject, f"peak memory of {side} after {count} runs / after 30", grown, "x", MEMORY_LIMIT)


def _rate(seconds: float) -> Row:
    """Four processes log 250 rows a second each; the time until the last row is there, over the time of logging."""
    from wandb_keras_compat.testing.doors.server import Backend

    total = int(ROWS_A_SECOND * seconds)
    with Backend() as backend:
        elapsed = _until_all_are_there(backend, seconds, total)
        for run in backend.snapshot().runs:
            assert run.column("i") == list(range(total)), "rows are not in order"
    what = f"time until {PROCESSES * total} rows of {PROCESSES} processes are there, complete, in order / {seconds:g} s"
    return Row(TITLE, f"{PROCESSES * ROWS_A_SECOND} rows/s", what, Spread.of([elapsed / seconds]), "x", RATE_LIMIT)


def _until_all_are_there(backend, seconds: float, total: int) -> float:
    with ExitStack() as stack:
        programs = [_child(backend, sys.executable, str(_LOGGER), f"r{number}") for number in range(PROCESSES)]
        children = [stack.enter_context(program) for program in programs]
        for child in children:
            assert child.stdout.readline() == "started\n"
        began = time.perf_counter()
        for child in children:
            print(f"rate {ROWS_A_SECOND} {seconds}", "finish", sep="\n", file=child.stdin, flush=True)
        while sum(len(run.history) for run in list(backend.store.runs.values())) < PROCESSES * total:
            time.sleep(0.02)
            assert time.perf_counter() - began < 10 * seconds + 60, "rows are missing"
        return time.perf_counter() - began


@contextmanager
def _child(backend, python: str, script: str, argument: str) -> Iterator[subprocess.Popen[str]]:
    with tempfile.TemporaryDirectory(prefix="wandb-keras-compat-benchmark-") as folder:
        own = {**wandb_folders(Path(folder)), "WANDB_SILENT": "true", "HOME": folder, **backend.environment()}
        child = subprocess.Popen(
            [python, script, argument],
            env=inherited_environment(own, drop=["WANDB_"], path=[_ROOT / "src"]),
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            yield child
            child.stdin.close()
            assert child.wait(120) == 0, "the program failed"
        finally:
            child.kill()
            child.stdout.close()
