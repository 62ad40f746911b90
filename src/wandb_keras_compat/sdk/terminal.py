"""Warnings in wandb's terminal style that cannot end a training, whatever became of the terminal."""

from __future__ import annotations

import contextlib

import wandb


def warn(message: str, *, repeat: bool = True) -> None:
    """Says *message* as wandb's own warnings look; without *repeat* once in a process.

    A standard error that is closed, or a pipe that nobody reads any more, has no warning and raises nothing.
    """
    with contextlib.suppress(OSError, ValueError):
        wandb.termwarn(message, repeat=repeat)
