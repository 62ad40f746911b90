"""Progress of a run: a line for each running cell in a terminal, plain lines elsewhere."""

from __future__ import annotations

import threading
import time
from types import TracebackType
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from wandb_keras_compat.parity.check.cells import Cell

if TYPE_CHECKING:
    from typing_extensions import Self

#: What a cell says last.
_LAST = ("ran", "cannot be installed", "does not start", "time is up", "is there already", "not run")
#: What it says so often that it is for a line which is written over.
_OFTEN = ("ours: ", "native: ")


class ProgressDisplay:
    """Call it with a cell and what it does."""

    def __init__(self, console: Console, total: int) -> None:
        self._console = console
        self._lock = threading.Lock()
        self._began: dict[str, float] = {}
        self._tasks: dict[str, TaskID] = {}
        self._progress = Progress(
            SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=20), MofNCompleteColumn(),
            TimeElapsedColumn(), console=console, disable=not console.is_terminal,
        )  # fmt: skip
        self._all = self._progress.add_task("cells", total=total)

    def __call__(self, cell: Cell, does: str) -> None:
        with self._lock:
            began = self._began.setdefault(cell.name, time.monotonic())
            if does.startswith(_LAST):
                if (task := self._tasks.pop(cell.name, None)) is not None:
                    self._progress.remove_task(task)
                self._progress.advance(self._all)
                self._console.print(
                    f"{cell.name}: {does} ({time.monotonic() - began:.0f} s)", markup=False, soft_wrap=True
                )
            elif not self._console.is_terminal:
                if does.startswith(_OFTEN):
                    return
                self._console.print(f"{cell.name}: {does}", markup=False, soft_wrap=True)
            else:
                if cell.name not in self._tasks:
                    self._tasks[cell.name] = self._progress.add_task(cell.name, total=None)
                self._progress.update(self._tasks[cell.name], description=f"{cell.name}: {does}")

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, where: TracebackType | None) -> None:
        self._progress.stop()
