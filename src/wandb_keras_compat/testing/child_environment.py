"""The environment of a child process: inherited variables, where wandb writes, where modules are found.

Standard library only, so that the commands, the doors, the matrix, the benchmarks and the tests can all use it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

#: The variables for the folders that wandb writes to, each with its place below a folder given to the program.
WANDB_FOLDERS = {"WANDB_DIR": ".", "WANDB_DATA_DIR": "data", "WANDB_CACHE_DIR": "cache", "WANDB_CONFIG_DIR": "config"}


def inherited_environment(
    *more: Mapping[str, str], drop: Iterable[str] = (), path: Iterable[str | Path] | None = None
) -> dict[str, str]:
    """The variables of this process for a child process, with a ``PYTHONPATH`` for it.

    Args:
        more: variables that are added, or replace those there; of two mappings the later one wins.
        drop: prefixes of names that are left out.
        path: the folders and archives of ``PYTHONPATH``; None for wherever this process finds modules itself.
    """
    found = without(os.environ, *drop)
    found["PYTHONPATH"] = python_path(filter(None, sys.path) if path is None else path)
    for variables in more:
        found.update(variables)
    return found


def without(variables: Mapping[str, str], *prefixes: str) -> dict[str, str]:
    """*variables* less those whose names begin with one of *prefixes*."""
    return {name: value for name, value in variables.items() if not name.startswith(prefixes)}


def wandb_folders(folder: Path, *, leave: Iterable[str] = ()) -> dict[str, str]:
    """The variables that make wandb write below *folder* and nowhere else; the folders are made.

    Args:
        leave: variables to leave out, so that the user's own values hold.
    """
    found = {name: folder / place for name, place in WANDB_FOLDERS.items() if name not in set(leave)}
    for path in found.values():
        path.mkdir(parents=True, exist_ok=True)
    return {name: str(path) for name, path in found.items()}


def python_path(entries: Iterable[str | Path]) -> str:
    """A value of ``PYTHONPATH`` of absolute paths, which holds in whatever folder the program is started."""
    return os.pathsep.join(map(os.path.abspath, entries))
