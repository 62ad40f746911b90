"""The hook in processes that a running program starts with multiprocessing.

A forked child has it already. A spawned one, or one of the fork server, is a new interpreter that imports the
program's ``__main__`` before anything else, so the hook has to be there first.
"""

from __future__ import annotations

import multiprocessing.spawn
from collections.abc import Callable
from typing import Any

from ..hook import install


class _InstallWhenUnpickled:
    """Calls install() in the process that unpickles it."""

    def __reduce__(self) -> tuple[Callable[[], None], tuple[()]]:
        return install, ()


def hand_down() -> None:
    """Let every child started by multiprocessing install the hook before it imports the program.

    A child reads the dictionary of ``multiprocessing.spawn.get_preparation_data`` before it acts on it and leaves
    keys alone that it does not know; one more key is all that is needed.
    """
    spawn: Any = multiprocessing.spawn
    prepare: Callable[[str], dict[str, Any]] = spawn.get_preparation_data

    def get_preparation_data(name: str) -> dict[str, Any]:
        return {"wandb_keras_compat": _InstallWhenUnpickled(), **prepare(name)}

    spawn.get_preparation_data = get_preparation_data
