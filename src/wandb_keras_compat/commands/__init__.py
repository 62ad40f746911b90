"""The commands, each in the module of its name as a click command of that name."""

from __future__ import annotations

from collections.abc import Callable


class Handover(Exception):
    """Raised by a command that wants a function called in place of itself, after click has ended the command."""

    def __init__(self, start: Callable[[], None]) -> None:
        super().__init__()
        self.start = start
