"""Runs a function with a stack large enough for deep recursion.

The parser recurses with the nesting of the source; on the usual stack a long ``elif`` chain ends in a
RecursionError, and deep brackets end the process.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

Result = TypeVar("Result")

_STACK = 512 * 1024 * 1024
_RECURSION = 60_000


def with_deep_stack(function: Callable[[], Result]) -> Result:
    """Call a function in a thread of its own with a large stack; its result or exception is passed on.

    An interrupt arrives after the function has returned: a thread cannot be stopped, and when the interpreter ends
    while the native parser still runs, the process aborts.
    """
    results: list[Result] = []
    errors: list[BaseException] = []

    def work() -> None:
        try:
            results.append(function())
        except BaseException as error:
            errors.append(error)

    limit, size = sys.getrecursionlimit(), threading.stack_size(_STACK)
    sys.setrecursionlimit(max(limit, _RECURSION))
    try:
        with _interrupts_later():
            thread = threading.Thread(target=work)
            thread.start()
            thread.join()
    finally:
        threading.stack_size(size)
        sys.setrecursionlimit(limit)
    if errors:
        raise errors[0]
    return results[0]


@contextmanager
def _interrupts_later() -> Iterator[None]:
    """Interrupts of the main thread are raised when the block ends.

    Catching KeyboardInterrupt around ``join`` is not enough: before Python 3.13 an interrupted ``join`` marks the
    running thread as ended, and nobody waits for it any more, not even the interpreter's shutdown.
    """
    handler = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or handler is None:  # None: installed from C
        yield
        return
    interrupts: list[int] = []
    signal.signal(signal.SIGINT, lambda number, frame: interrupts.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
        if interrupts:
            signal.raise_signal(signal.SIGINT)
