"""A cell's environment: made from its lock, its programs run in it, thrown away afterwards."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ...testing.child_environment import inherited_environment, wandb_folders
from . import process, uv
from .cells import Cell
from .interpreter import Interpreter
from .problems import NoSpace, means_full_disk
from .process import TimeLimits


@dataclass
class CellEnvironment:
    """An installed cell, and how its programs are run: with which variables, in which folder, for how long at most.

    Attributes:
        seconds: what a result says of it: each step's, and the ``processor`` time of all programs, without installing.
    """

    cell: Cell
    python: Path
    source: Path
    folder: Path
    limits: TimeLimits
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def import_path(self) -> list[Path]:
        """Where the package is imported from, which has the suite."""
        return [self.source / "src"]

    def variables(self, **more: str) -> dict[str, str]:
        """The variables of this process less those of wandb, Keras and Python, and those that make the cell."""
        quiet = {"WANDB_SILENT": "true", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
        folders, own = wandb_folders(self.folder / "wandb"), self.cell.environment()
        drop = ("WANDB_", "PYTHON", "TF_", "KERAS_", "VIRTUAL_ENV")
        return inherited_environment(folders, quiet, own, more, drop=drop, path=self.import_path)

    def run(self, *arguments: str, step: str, **more: str) -> process.ProcessResult:
        """Runs the cell's interpreter with *arguments*; *step* is what it is charged to.

        Raises:
            NoSpace: it found the disk full, which is no failing of the versions.
        """
        began = time.monotonic()
        try:
            interpreter = Interpreter(str(self.python), self.variables(), self.folder, self.limits)
            return interpreter.run(*arguments, more=more)
        finally:
            self.charge(step, began)

    def charge(self, step: str, began: float, processor: float = 0.0) -> None:
        """Notes how long *step* took since *began*, and the processor time of all until now, with *processor* more."""
        self.limits.used += processor
        self.seconds[step] = round(self.seconds.get(step, 0) + time.monotonic() - began, 1)
        self.seconds["processor"] = round(self.limits.used, 1)


@contextmanager
def scratch_folder(cell: Cell, scratch: Path | None, *, keep: bool = False) -> Iterator[Path]:
    """A folder of the cell's own; it stays if *keep*.

    Raises:
        NoSpace: it cannot be made, or was filled to the brim.
    """
    try:
        folder = Path(tempfile.mkdtemp(prefix=f"{cell.name}-", dir=scratch))
    except OSError as error:
        raise (NoSpace(scratch or tempfile.gettempdir()) if means_full_disk(error) else error) from None
    try:
        yield folder
    except OSError as error:
        raise (NoSpace(folder) if means_full_disk(error) else error) from None
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


def make(cell: Cell, lock: str, folder: Path) -> Path:
    """Makes the environment in *folder* and returns its interpreter.

    Raises:
        Refused: the lock cannot be installed, e.g. because a wheel is not there for this platform.
        NoInterpreter, NoSpace, UvFailed
    """
    place = folder / "environment"
    uv.run(f"make an environment for {cell}", "venv", "--quiet", "--python", uv.interpreter(cell.python), str(place))
    python = interpreter_of(place)
    install(cell, lock, python, folder)
    return python


def install(cell: Cell, lock: str, python: Path, folder: Path) -> None:
    """Makes what is installed be what *lock* says: no more and no less."""
    written = folder / "lock.txt"
    written.write_text(lock, encoding="utf-8")
    uv.run(f"install {cell}", "pip", "sync", "--quiet", *uv.indexes(cell), "--python", str(python), str(written))


def interpreter_of(environment: Path) -> Path:
    return environment / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def tools(python: Path, requirements: Sequence[str], folder: Path) -> Path:
    """Installs what a step of the probe needs beside the cell, and returns where; the cell stays as it is.

    Raises:
        Refused, NoSpace, UvFailed
    """
    place = folder / "tools"
    what = f"install {' '.join(requirements)}"
    uv.run(what, "pip", "install", "--quiet", "--python", str(python), "--target", str(place), *requirements)
    return place
