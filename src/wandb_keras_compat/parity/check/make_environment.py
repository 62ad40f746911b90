"""An environment of the versions that a user names, made for one ``check`` and removed after it."""

from __future__ import annotations

import math
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

from . import cell_environment, uv
from .cell_environment import CellEnvironment
from .cells import Cell
from .problems import NoInterpreter
from .process import TimeLimits
from .requirements import PYTHONS, BadCell, check_versions, flavour_for, pythons_of, requirements_of

_PACKAGE = Path(__file__).parents[2]

#: Where the package is a folder on PYTHONPATH, and nothing says what it requires.
_OF_THE_PACKAGE = ("packaging", "click>=8.0", "rich")
#: What Keras and wandb need for what the suite trains and logs; not all of their versions ask for it themselves.
_BESIDE_WANDB = ("numpy", "pillow")


def cell_of(python: str | None, tensorflow: str, keras: str | None, wandb: str) -> Cell:
    """The environment a user means: without *python* the newest with wheels that this machine has.

    Raises:
        BadCell: something is no version, or there is no such Python.
    """
    check_versions(python=python, tensorflow=tensorflow, wandb=wandb)
    flavour = flavour_for(tensorflow, keras)
    if python is not None:
        return Cell(python, tensorflow, flavour, wandb)
    candidates = pythons_of(Cell("0", tensorflow, flavour, wandb))
    if not candidates:
        raise BadCell(f"no Python of {', '.join(PYTHONS)} has wheels for both; name one with --python")
    for candidate in reversed(candidates):
        try:
            uv.interpreter(candidate)
        except NoInterpreter:
            continue
        return Cell(candidate, tensorflow, flavour, wandb)
    raise BadCell(f"this machine has no Python {' or '.join(candidates)}, which these versions need")


@contextmanager
def made(cell: Cell, more: Sequence[str] = ()) -> Iterator[CellEnvironment]:
    """The environment of *cell*, with this package as it is here, and the requirements *more*.

    Raises:
        Refused: the versions do not go together; the message is the resolver's proof.
        Problem: it could not be made for another reason.
    """
    with cell_environment.scratch_folder(cell, None) as folder:
        place = folder / "environment"
        uv.run(
            f"make an environment for {cell}", "venv", "--quiet", "--python", uv.interpreter(cell.python), str(place)
        )
        python = cell_environment.interpreter_of(place)
        wanted = [*requirements_of(cell), *_of_the_package(), *more]
        uv.run(f"install {cell}", "pip", "install", "--quiet", "--python", str(python), *wanted)
        source = folder / "source"
        ignored = shutil.ignore_patterns("__pycache__", "goldens")
        shutil.copytree(_PACKAGE, source / "src" / _PACKAGE.name, ignore=ignored)
        yield CellEnvironment(cell, python, source, folder, TimeLimits(math.inf, math.inf))


def _of_the_package() -> list[str]:
    """What it requires, and what goes with wandb, whose version is named."""
    try:
        lines = metadata.requires("wandb-keras-compat") or []
    except metadata.PackageNotFoundError:
        return [*_OF_THE_PACKAGE, *_BESIDE_WANDB]
    found = [Requirement(line) for line in lines]
    own = [str(each) for each in found if each.marker is None and each.name not in ("wandb", *_BESIDE_WANDB)]
    return [*own, *_BESIDE_WANDB]
