"""Environments that cells have one after the other, so that what two of them share is installed and compiled once."""

from __future__ import annotations

import shutil
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from wandb_keras_compat.parity.check import cell_environment
from wandb_keras_compat.parity.check.cell_environment import interpreter_of, scratch_folder
from wandb_keras_compat.parity.check.cells import Cell

if TYPE_CHECKING:
    from typing_extensions import Self


class EnvironmentPool:
    """Environments that one cell after the other has, each from its lock alone.

    The first import of TensorFlow compiles its modules, which takes twice as long as the import. What a cell has in the
    version of the one before stays installed, and compiled; uv takes away what it has not, with its bytecode.

    Args:
        scratch: where they are made; the system's place for temporary files by default.
    """

    def __init__(self, scratch: Path | None = None) -> None:
        self._scratch = scratch
        self._folders = ExitStack()
        self._free: defaultdict[str, list[Path]] = defaultdict(list)
        self._one = threading.Lock()

    @contextmanager
    def of(self, cell: Cell, lock: str) -> Iterator[Path]:
        """The interpreter of an environment with what *lock* says. One that could not be made is given to no other.

        Raises:
            Refused, NoInterpreter, NoSpace, UvFailed: as ``cell_environment.make``.
        """
        with self._one:
            free = self._free[cell.python]
            folder = free.pop() if free else self._folders.enter_context(scratch_folder(cell, self._scratch))
        python = interpreter_of(folder / "environment")
        try:
            if python.exists():
                cell_environment.install(cell, lock, python, folder)
            else:
                python = cell_environment.make(cell, lock, folder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        try:
            yield python
        finally:
            with self._one:
                self._free[cell.python].append(folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._folders.close()
