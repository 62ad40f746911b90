"""The commands, each in the module of its name as a click command of that name."""

from __future__ import annotations

from collections.abc import Callable


class Handover(Exception):
    """Raised by a command when something else is to take over the process once click has let go of it."""

    def __init__(self, start: Callable[[], None]) -> None:
        super().__init__()
        self.start = start
