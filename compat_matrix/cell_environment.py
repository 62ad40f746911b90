"""A cell's environment: made from its lock, thrown away afterwards."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from . import uv
from .cells import Cell
from .problems import NoSpace, is_full


@contextmanager
def scratch_folder(cell: Cell, scratch: Path | None, *, keep: bool = False) -> Iterator[Path]:
    """A folder of the cell's own; it stays if *keep*.

    Raises:
        NoSpace: it cannot be made, or was filled to the brim.
    """
    try:
        folder = Path(tempfile.mkdtemp(prefix=f"{cell.name}-", dir=scratch))
    except OSError as error:
        raise (NoSpace(scratch or tempfile.gettempdir()) if is_full(error) else error) from None
    try:
        yield folder
    except OSError as error:
        raise (NoSpace(folder) if is_full(error) else error) from None
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
    written = folder / "lock.txt"
    written.write_text(lock, encoding="utf-8")
    uv.run(f"make an environment for {cell}", "venv", "--quiet", "--python", uv.interpreter(cell.python), str(place))
    python = place / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    uv.run(f"install {cell}", "pip", "sync", "--quiet", "--python", str(python), str(written))
    return python


def tools(python: Path, requirements: Sequence[str], folder: Path) -> Path:
    """Installs what a step of the probe needs beside the cell, and returns where; the cell stays as it is.

    Raises:
        Refused, NoSpace, UvFailed
    """
    place = folder / "tools"
    what = f"install {' '.join(requirements)}"
    uv.run(what, "pip", "install", "--quiet", "--python", str(python), "--target", str(place), *requirements)
    return place
