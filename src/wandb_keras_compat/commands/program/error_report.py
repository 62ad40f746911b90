"""Prints a hint below the traceback that ends a program, one of its processes, or a notebook cell."""

from __future__ import annotations

from contextlib import suppress


def say_what_would_help(error: BaseException, command: list[str] | None) -> None:
    """Print a hint if the error is about something that Keras 3 removed.

    Args:
        command: what stood after ``run``; None in a notebook.
    """
    with suppress(Exception):  # the program has ended with an error of its own, and that is what counts
        from .keras_hint import say  # looks for the codemods' tables, and is needed for few programs

        say(error, error.__traceback__, command)
