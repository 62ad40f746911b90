"""Running a function with room for deep recursion.

The parser recurses with the nesting of the source; on the usual stack a long ``elif`` chain ends in a
RecursionError, and deep brackets end the process.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")

_STACK = 512 * 1024 * 1024
_RECURSION = 60_000


def with_deep_stack(function: Callable[[], Result]) -> Result:
    """Call a function in a thread of its own with a large stack; its result or exception is passed on."""
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
        thread = threading.Thread(target=work)
        thread.start()
        try:
            thread.join()
        except KeyboardInterrupt:
            thread.join()  # a thread cannot be stopped, and the interpreter must not end under it
            raise
    finally:
        threading.stack_size(size)
        sys.setrecursionlimit(limit)
    if errors:
        raise errors[0]
    return results[0]
