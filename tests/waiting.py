"""How a test waits for what another process or thread does, where nothing tells when that is done."""

from __future__ import annotations

import time
from collections.abc import Callable

#: Only a test that fails waits as long.
SECONDS = 60.0


def until(condition: Callable[[], bool], what: str) -> None:
    """Comes back as soon as *condition* holds.

    Raises:
        AssertionError: it did not within :data:`SECONDS`; the message says *what* did not happen.
    """
    end = time.monotonic() + SECONDS
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"within {SECONDS:.0f} seconds not: {what}")
        time.sleep(0.01)


#: Begins a program; after it ``os.read(wakes, 1)`` waits for a signal, unlike ``signal.pause()`` also for one that came
#: just before.
UNTIL_A_SIGNAL = """
import os, signal, sys
wakes, leaves = os.pipe()
os.set_blocking(leaves, False)
signal.set_wakeup_fd(leaves)
"""
