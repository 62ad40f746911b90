"""The hook in processes that a running program starts with multiprocessing.

A forked child has it already. A spawned one, or one of the fork server, is a new interpreter that imports the
program's ``__main__`` before anything else, so the hook has to be there first. A child whose function ends in an
error prints the traceback itself, without ``sys.excepthook``; the hint of ``run`` is added there, too.
"""

from __future__ import annotations

import multiprocessing.spawn
import sys
import traceback
from collections.abc import Callable
from functools import partial
from multiprocessing.process import BaseProcess
from typing import Any

from ...hook import install
from .error_report import say_what_would_help


class _InstallWhenUnpickled:
    """Calls install() in the process that unpickles it."""

    def __init__(self, command: list[str]) -> None:
        self._command = command

    def __reduce__(self) -> tuple[Callable[[list[str]], None], tuple[list[str]]]:
        return _begin, (self._command,)


def _begin(command: list[str]) -> None:
    install()
    _add_to_reports(command)


def hand_down(command: list[str]) -> None:
    """Let every child started by multiprocessing install the hook before it imports the program.

    A child reads the dictionary of ``multiprocessing.spawn.get_preparation_data`` before it acts on it and leaves
    keys alone that it does not know; one more key is all that is needed.

    Args:
        command: what stood after ``run``.
    """
    spawn: Any = multiprocessing.spawn
    prepare: Callable[[str], dict[str, Any]] = spawn.get_preparation_data

    def get_preparation_data(name: str) -> dict[str, Any]:
        return {"wandb_keras_compat": _InstallWhenUnpickled(command), **prepare(name)}

    spawn.get_preparation_data = get_preparation_data
    _add_to_reports(command)


def _add_to_reports(command: list[str]) -> None:
    """Print the hint below the traceback of a child's error."""
    process: Any = BaseProcess
    bootstrap: Callable[..., int] = process._bootstrap

    def _bootstrap(self: Any, *args: Any, **kwargs: Any) -> int:
        plain: Any = traceback.print_exc
        traceback.print_exc = partial(_report, plain, command)  # by which a child reports the error that ends it
        try:
            return bootstrap(self, *args, **kwargs)
        finally:
            traceback.print_exc = plain

    process._bootstrap = _bootstrap


def _report(plain: Callable[..., None], command: list[str], *args: Any, **kwargs: Any) -> None:
    plain(*args, **kwargs)
    error = sys.exc_info()[1]
    if error is not None and sys._getframe(1).f_globals.get("__name__") == BaseProcess.__module__:
        say_what_would_help(error, command)
