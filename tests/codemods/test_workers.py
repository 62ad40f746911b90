"""Items that other processes do one by one, so that what a library crashes on is lost alone."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Generator, Iterator, Sequence

import pytest
from wandb_keras_codemods.engine import workers
from wandb_keras_codemods.engine.workers import each, parsed

from .items import done, length, lost

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="a process starts at once where it is a copy of this one"
)


@pytest.fixture(autouse=True)
def nobody_is_left() -> Iterator[None]:
    """Whatever happens, no process goes on behind."""
    yield
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize("processes", [1, 2, 5])
def test_each_item_is_done_once_in_another_process(processes: int) -> None:
    items = [f"item{number}" for number in range(4)]
    assert sorted(each(done, items, lost, processes)) == [f"{item} True" for item in items]


def test_one_process_does_the_items_in_their_order() -> None:
    items = [f"item{number}" for number in (3, 1, 2, 0)]
    assert list(each(done, items, lost, 1)) == [f"{item} True" for item in items]


def test_without_items_no_process_starts() -> None:
    assert list(each(done, [], lost, 2)) == []


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize(
    ("deadly", "how"),
    [
        ("exit 7", "exit code 7"),
        ("exit 0", "exit code 0"),
        (f"signal {int(signal.SIGKILL)}", "SIGKILL"),
        (f"signal {int(signal.SIGRTMIN) + 1}", f"signal {int(signal.SIGRTMIN) + 1}"),
    ],
)
def test_an_item_whose_process_ends_is_lost_and_the_others_are_done(deadly: str, how: str, processes: int) -> None:
    """Whether it is the first, one in the middle or the last; how the process ended is told."""
    items = [deadly, "a", deadly, deadly, "b", deadly]
    found = sorted(each(done, items, lost, processes))
    assert found == sorted(["a True", "b True", *[f"{deadly} is lost: {how}"] * 4])


def test_an_item_that_is_given_to_a_process_that_has_ended_is_lost_when_it_is_asked_for() -> None:
    worker: workers._Worker[str, str] = workers._Worker(done)
    worker.process.kill()
    worker.process.join()
    worker.give("a")
    with pytest.raises((EOFError, ConnectionError)):
        worker.take()
    assert (worker.item, worker.end()) == ("a", "SIGKILL")


def test_what_a_function_raises_is_raised_here() -> None:
    """And the processes that are under way are ended."""
    with pytest.raises(KeyError, match="raise"):
        list(each(done, ["raise", "a", "b"], lost, 2))


def test_who_wants_no_more_results_leaves_no_process() -> None:
    results = each(done, ["a", "b", "c", "d"], lost, 2)
    assert isinstance(results, Generator)
    assert next(results)[0] in "ab"
    results.close()


def test_an_interrupt_is_not_the_worker_s_to_handle() -> None:
    """The terminal sends it to all processes; an item that is under way is finished."""
    item = f"signal {int(signal.SIGINT)}"
    assert list(each(done, [item, "a"], lost, 1)) == [f"{item} True", "a True"]


Started = list[tuple[Sequence[str], int]]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Started:
    """What processes would be started for, and how many of them."""
    found: Started = []

    def note(function: Callable[[str], str], items: Sequence[str], lost: object, processes: int) -> Iterator[str]:
        found.append((items, processes))
        return map(function, items)

    monkeypatch.setattr(workers, "each", note)
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    return found


def test_the_long_ones_come_first(started: Started, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others then share what is left of the time."""
    monkeypatch.setattr(workers, "can_fork", lambda: True)
    list(parsed(done, ["aa", "a", "aaa"], length, lost, 1))
    assert started == [(["aaa", "aa", "a"], 1)]


@pytest.mark.parametrize(
    ("sizes", "processes", "expected"),
    [
        ([600_000], 0, 1),
        ([300_000, 300_000], 0, 1),
        ([300_000, 300_001], 0, 2),
        ([300_001, 300_000, 1, 1], 0, 3),
        ([1, 1], 0, 1),
        ([1, 1], 2, 2),
        ([600_001], 4, 4),
    ],
)
@pytest.mark.parametrize("at_once", [True, False])
def test_further_processes_are_used_where_there_is_much_to_parse(
    sizes: list[int], processes: int, expected: int, at_once: bool, started: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At most one for each item and one for each processor, or as many as asked for.

    A single one is used only where it starts at once; elsewhere the process itself does what little there is.
    """
    monkeypatch.setattr(workers, "can_fork", lambda: at_once)
    items = ["x" * size for size in sizes]
    assert sorted(parsed(done, items, length, lost, processes)) == sorted(f"{item} False" for item in items)
    assert [number for _, number in started] == ([expected] if at_once or expected > 1 else [])
