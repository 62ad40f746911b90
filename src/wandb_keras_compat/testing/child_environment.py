"""Environment variables of a program that is started here and watched: where wandb writes, what it must not inherit.

Standard library only, so that whoever starts a program can use it: the commands, the doors, the matrix and the tests.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

#: The variables for the folders that wandb writes to, each with its place below a folder given to the program.
WANDB_FOLDERS = {"WANDB_DIR": ".", "WANDB_DATA_DIR": "data", "WANDB_CACHE_DIR": "cache", "WANDB_CONFIG_DIR": "config"}


def without(variables: Mapping[str, str], *prefixes: str) -> dict[str, str]:
    """*variables* less those whose names begin with one of *prefixes*."""
    return {name: value for name, value in variables.items() if not name.startswith(prefixes)}


def wandb_folders(folder: Path, *, leave: Iterable[str] = ()) -> dict[str, str]:
    """The variables that make wandb write below *folder* and nowhere else; the folders are made.

    Args:
        leave: variables that are not set, because the user's own value is to hold.
    """
    found = {name: folder / place for name, place in WANDB_FOLDERS.items() if name not in set(leave)}
    for path in found.values():
        path.mkdir(parents=True, exist_ok=True)
    return {name: str(path) for name, path in found.items()}


def python_path(entries: Iterable[str | Path]) -> str:
    """A value of ``PYTHONPATH`` that means the same in whatever folder the program is started."""
    return os.pathsep.join(map(os.path.abspath, entries))
