"""The interpreter that ``check`` plays with: one process after the other, each bounded in time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from . import process
from .problems import NoSpace, mentions_full_disk


@dataclass(frozen=True)
class Interpreter:
    """How its processes are started.

    Attributes:
        python: the path of the interpreter.
        variables: of its environment.
        folder: where its processes are started, and what they leave is.
    """

    python: str
    variables: Mapping[str, str]
    folder: Path
    limits: process.TimeLimits

    def run(
        self, *arguments: str, more: Mapping[str, str], meanwhile: Callable[[], None] = lambda: None
    ) -> process.ProcessResult:
        """Runs it with *arguments*, and *more* variables; *meanwhile* is called some times a second.

        Raises:
            NoSpace: it found the disk full, which is no failing of the versions.
            Stopped: the run is to end.
        """
        ended = process.run([self.python, *arguments], {**self.variables, **more}, self.folder, self.limits, meanwhile)
        if mentions_full_disk(ended.err):
            raise NoSpace(self.folder)
        return ended
