"""A stack for deep recursion, in a thread that nothing interrupts."""

from __future__ import annotations

import os
import signal
import sys
import threading

import pytest
from wandb_keras_codemods.engine.recursion import with_deep_stack


def depth(levels: int) -> int:
    return 1 + depth(levels - 1) if levels else 0


def test_a_function_may_recurse_far_deeper_than_usual() -> None:
    """More than libcst needs for the longest ``elif`` that anyone has written; afterwards all is as it was."""
    limit, size = sys.getrecursionlimit(), threading.stack_size()
    assert with_deep_stack(lambda: depth(50_000)) == 50_000
    assert (sys.getrecursionlimit(), threading.stack_size()) == (limit, size)


def test_a_limit_that_is_higher_already_stays() -> None:
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(70_000)
    try:
        assert with_deep_stack(sys.getrecursionlimit) == 70_000
    finally:
        sys.setrecursionlimit(limit)


@pytest.mark.parametrize("error", [KeyError, SystemExit, KeyboardInterrupt])
def test_what_the_function_raises_is_raised(error: type[BaseException]) -> None:
    limit, size = sys.getrecursionlimit(), threading.stack_size()

    def fails() -> None:
        raise error("why")

    with pytest.raises(error, match="why"):
        with_deep_stack(fails)
    assert (sys.getrecursionlimit(), threading.stack_size()) == (limit, size)


def test_an_interrupt_waits_until_the_function_has_returned() -> None:
    """Then it is what it would have been; the next one comes at once again."""
    ended: list[bool] = []
    handler = signal.getsignal(signal.SIGINT)

    def parse() -> None:
        for _ in range(2):
            os.kill(os.getpid(), signal.SIGINT)
        sum(range(1_000_000))
        ended.append(True)

    with pytest.raises(KeyboardInterrupt):
        with_deep_stack(parse)
    assert ended == [True]
    assert signal.getsignal(signal.SIGINT) is handler
    assert with_deep_stack(lambda: 1) == 1


def test_it_works_in_any_thread() -> None:
    """Only the main thread may say who gets an interrupt."""
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.append(with_deep_stack(lambda: 7)))
    thread.start()
    thread.join()
    assert found == [7]


def test_a_handler_that_is_not_python_s_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signal, "getsignal", lambda _: None)
    assert with_deep_stack(lambda: 7) == 7
