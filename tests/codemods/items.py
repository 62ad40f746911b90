"""What is done with an item, in a process that imports this module and no more of the tests."""

from __future__ import annotations

import multiprocessing
import os


def length(item: str) -> int:
    return len(item)


def lost(item: str, how: str) -> str:
    return f"{item} is lost: {how}"


def done(item: str) -> str:
    """Runs in a worker, which says that it is one; what it is to do there is in the item's name."""
    match item.split():
        case ["exit", code]:
            os._exit(int(code))
        case ["signal", number]:
            os.kill(os.getpid(), int(number))
        case ["raise"]:
            raise KeyError(item)
    return f"{item} {multiprocessing.parent_process() is not None}"
