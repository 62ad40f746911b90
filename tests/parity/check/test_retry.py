"""What is said of the item at which a process ended, and when no other process is started."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from wandb_keras_compat.parity.check.judge import Verdict
from wandb_keras_compat.parity.check.process import ProcessResult, TimeLimits
from wandb_keras_compat.parity.check.retry import each, failure_of


@pytest.mark.parametrize(
    ("ended", "expected"),
    [
        (
            ProcessResult(-9, "out", "err", "nothing happened for 5 s"),
            Verdict("one", how="nothing happened for 5 s", traceback="err", hung=True),
        ),
        (
            ProcessResult(3, "out", "Traceback\nValueError: no\nbye"),
            Verdict("one", how="the process ended with 3: ValueError: no", traceback="Traceback\nValueError: no\nbye"),
        ),
        (ProcessResult(-11, "out", ""), Verdict("one", how="the process ended with -11: ", traceback="out")),
        (
            ProcessResult(1, "", "x" * 7000),
            Verdict("one", how="the process ended with 1: " + "x" * 300, traceback="x" * 6000),
        ),
        (
            ProcessResult(1, "o" * 7000, ""),
            Verdict("one", how="the process ended with 1: ", traceback="o" * 6000),
        ),
    ],
)
def test_how_a_process_ended_is_the_failure_of_what_it_was_at(ended: ProcessResult, expected: Verdict) -> None:
    assert failure_of("one", ended) == expected


def test_one_that_ended_well_and_said_nothing_is_a_mistake_of_ours() -> None:
    found = failure_of("one", ProcessResult(0, "out", ""))
    assert found.how.startswith("a mistake of the matrix itself") and found.traceback == "out" and not found.hung


class Processes:
    """Each is told how it ends, and which items it gets done before."""

    def __init__(self, *done: str) -> None:
        self._done = list(done)
        self.known: dict[str, Verdict] = {}
        self.attempts: list[str] = []

    def __call__(self, left: Sequence[str]) -> ProcessResult:
        self.attempts.append("".join(left))
        for name in self._done.pop(0):
            self.known[name] = Verdict(name)
        return ProcessResult(len(self.attempts), "", f"ended {len(self.attempts)}")


def verdicts(processes: Processes, **more: object) -> list[tuple[str, str]]:
    found = each(list("abcdef"), processes, processes.known.get, TimeLimits(60, 60), **more)  # type: ignore[arg-type]
    return [(item.what, item.how.rpartition(": ")[2]) for item in found]


def test_the_one_it_died_at_has_failed_and_another_process_goes_on_behind_it() -> None:
    processes = Processes("ab", "d", "f")
    assert verdicts(processes) == [
        ("a", ""), ("b", ""), ("c", "ended 1"), ("d", ""), ("e", "ended 2"), ("f", ""),
    ]  # fmt: skip
    assert processes.attempts == ["abcdef", "def", "f"]


def test_after_three_in_a_row_that_got_nowhere_the_rest_has_failed_alike() -> None:
    processes = Processes("a", "", "", "")
    found = verdicts(processes)
    assert found == [
        ("a", ""), ("b", "ended 1"), ("c", "ended 2"), ("d", "ended 3"), ("e", "ended 4"), ("f", "ended 4"),
    ]  # fmt: skip
    assert processes.attempts == ["abcdef", "cdef", "def", "ef"]


def test_one_that_gets_somewhere_between_them_is_no_such_row() -> None:
    processes = Processes("", "", "c", "", "")
    assert [how for _, how in verdicts(processes)] == ["ended 1", "ended 2", "", "ended 3", "ended 4", "ended 5"]


def test_what_concerns_its_item_alone_is_no_such_row_either() -> None:
    processes = Processes("", "", "", "", "", "")
    found = verdicts(processes, got_there=lambda ended: True)
    assert found == [(name, f"ended {at}") for at, name in enumerate("abcdef", 1)]


def test_a_failure_may_be_told_otherwise() -> None:
    processes = Processes("abcde")
    found = verdicts(processes, failure_of=lambda name, ended: Verdict(name, how=f"{name} by {ended.code}"))
    assert found[-1] == ("f", "f by 1")


def test_what_is_left_when_the_time_is_over_has_no_verdict() -> None:
    limits = TimeLimits(60, 60)

    def attempt(left: Sequence[str]) -> ProcessResult:
        limits._until = 0.0
        return ProcessResult(1, "", "")

    assert [item.what for item in each(["a", "b"], attempt, lambda name: None, limits)] == ["a"]
