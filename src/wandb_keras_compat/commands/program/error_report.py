"""What is added below the report of the error that ends a program, a process of it, or a cell of a notebook."""

from __future__ import annotations

from contextlib import suppress


def say_what_would_help(error: BaseException, command: list[str] | None) -> None:
    """Add a sentence to the report of an error that comes of what Keras 3 removed.

    Args:
        command: what stood after ``run``; None in a notebook.
    """
    with suppress(Exception):  # the program has ended with an error of its own, and that is what counts
        from .keras_hint import say  # looks for the codemods' tables, and is needed for few programs

        say(error, error.__traceback__, command)
