"""The installed SDK while the server fails, dies and comes back: no row that it sends again is lost."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from wandb_keras_compat.testing.doors.server import Backend, Fault

from ....waiting import until
from . import logger

pytestmark = pytest.mark.slow

LOGGER = Path(logger.__file__)
ROWS = 40


class Logger:
    """The program of :mod:`.logger`, told step by step."""

    def __init__(self, child: subprocess.Popen[str]) -> None:
        self._child = child
        self._heard("started")

    def do(self, *words: str) -> None:
        for word in words:
            self.ask(word)
            self._heard(word.split()[0])

    def ask(self, word: str) -> None:
        self._child.stdin.write(word + "\n")
        self._child.stdin.flush()

    def end(self) -> str:
        """Waits for it; gives what it said on standard error."""
        _, errors = self._child.communicate(timeout=120)
        assert self._child.returncode == 0, errors
        return errors

    def _heard(self, word: str) -> None:
        for line in self._child.stdout:
            if line.split()[:1] == [word]:
                return
        raise AssertionError(f"it never said {word!r}: {self._child.stderr.read()}")


@pytest.fixture
def start(program: Callable[..., subprocess.Popen[str]]) -> Callable[..., Logger]:
    return lambda backend, run_id: Logger(program(backend, LOGGER, run_id))


def rows(count: int) -> list[dict]:
    return [{"i": i, "half": i / 2} for i in range(count)]


# At most two failures of one request: older wandb waits longer before each attempt and cannot be told not to.
REFUSED = (
    Fault("file_stream", status=500, times=2),
    Fault("graphql", "upsertBucket", status=503),
    Fault("graphql", "createRunFiles", status=500),
    Fault("graphql", "createArtifact", status=502),
    Fault("graphql", "commitArtifact", status=500),
    Fault("storage", "PUT run/*/live.txt", status=500),
    Fault("storage", "PUT artifact/*", status=500),
    Fault("storage", "PUT manifest/*", status=500),
)
DROPPED = (
    Fault("file_stream", drop=True),
    Fault("graphql", "createArtifactManifest", drop=True),
    Fault("storage", "PUT run/*/live.txt", drop=True),
    Fault("storage", "PUT artifact/*", drop=True),
)
TOLD_TO_WAIT = (
    Fault("file_stream", status=429, headers={"Retry-After": "1"}),
    Fault("graphql", "createArtifact", status=429, headers={"Retry-After": "1"}),
)
LATE = (
    Fault("file_stream", hang=1.0),
    Fault("file_stream", slow=1.0),
    Fault("graphql", "upsertBucket", hang=1.0),
    Fault("storage", "PUT *", hang=1.0),
)
CASES = {"refused": REFUSED, "dropped": DROPPED, "told to wait": TOLD_TO_WAIT, "late": LATE}


@pytest.mark.parametrize("case", CASES)
def test_what_fails_for_a_moment_arrives_all_the_same(
    case: str, backend: Backend, start: Callable[..., Logger]
) -> None:
    backend.faults.add(*CASES[case])
    program = start(backend, "r")
    program.do(f"rows {ROWS}", "file", "artifact", "finish")
    program.end()
    run = backend.snapshot().run("r")
    assert run.history() == rows(ROWS)
    assert run.files()["live.txt"] == b"step 40"
    (artifact,) = run.artifacts("t")
    assert (artifact.state, artifact.content("x.txt")) == ("COMMITTED", b"step 40")
    assert run.exit_code == 0
    met = [backend.faults.hits.count(fault) for fault in CASES[case]]
    assert met == [fault.times for fault in CASES[case]], "every fault was met"


def test_a_stream_refused_for_good_loses_the_rows_and_the_program_ends(
    backend: Backend, start: Callable[..., Logger]
) -> None:
    backend.faults.add(Fault("file_stream", status=404, times=None))
    program = start(backend, "r")
    program.do(f"rows {ROWS}", "finish")
    program.end()
    run = backend.snapshot().run("r")
    assert (run.history(), run.exit_code) == ([], None)


@pytest.mark.parametrize("way", ["kill", "stop"])
def test_a_server_that_dies_in_the_middle_and_comes_back_loses_no_row(
    way: str, backend: Backend, start: Callable[..., Logger]
) -> None:
    program = start(backend, "r")
    arrived = lambda: len(backend.snapshot().run("r").history())
    program.do(f"rows {ROWS}")
    until(lambda: arrived() >= ROWS, "the server has what the program sent")
    program.ask("rate 400 1.0")  # it goes on logging while the server dies
    until(lambda: arrived() > ROWS, "the server has what the program sent")
    getattr(backend, way)()
    at_death = arrived()
    program.do(f"rows {ROWS}")
    assert arrived() == at_death
    backend.restart()
    program.do("file", "finish")
    program.end()
    run = backend.snapshot().run("r")
    assert run.column("i") == [*range(ROWS), *range(400), *range(400, 400 + ROWS)]
    assert [row["_step"] for row in run.history(internal=True)] == list(range(2 * ROWS + 400))
    assert run.files()["live.txt"] == b"step 440"
    assert run.exit_code == 0


def test_a_wrong_key_ends_in_an_error_that_says_so(backend: Backend, around: Callable, tmp_path: Path) -> None:
    environment = {**around(backend), "WANDB_API_KEY": "b" * 40}
    done = subprocess.run(
        [sys.executable, str(LOGGER), "r"],
        env=environment,
        cwd=tmp_path,
        text=True,
        capture_output=True,
        input="",
        timeout=120,
    )
    assert done.returncode != 0
    assert backend.snapshot().runs == ()


def test_a_thousand_rows_a_second_from_four_processes(backend: Backend, start: Callable[..., Logger]) -> None:
    """They arrive complete and in order. How long this can go on is the benchmark's figure."""
    seconds = 2.0
    programs = [start(backend, f"r{number}") for number in range(4)]
    for program in programs:
        program.ask(f"rate 250 {seconds}")
    for program in programs:
        program.do("finish")
    for program in programs:
        program.end()
    for number in range(4):
        run = backend.snapshot().run(f"r{number}")
        assert run.history() == rows(int(250 * seconds))
        assert run.exit_code == 0
