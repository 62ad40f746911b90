"""What a contestant says in the terminal, as far as it is legacy's: the sentences that people grep for.

Where a sentence is said (standard output or standard error), and how often, is not compared: each is kept once.
The paths in them become ``<run>``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

import wandb

#: How legacy's sentences begin; the behaviour of the real class is the source.
LEGACY = (
    "Epoch ",
    "WandbCallback mode ",
    "Can't save model in the h5py format.",
    "No validation_data set, pass a generator to the callback.",
    "keras model is producing a single output",
    "Non-numeric values found in layer: ",
    "Unable to compute FLOPs for this model.",
    "WandbCallback is unable to read validation_data from trainer",
    "WandbCallback is unable to log validation data.",
    "Error initializing ValidationDataLogger in WandbCallback.",
    "Error during prediction logging for epoch:",
)

#: Of these, what follows is the version's own, or the error's.
BEGINNINGS = (
    "No validation_data set, pass a generator to the callback.",
    "WandbCallback is unable to read validation_data from trainer",
    "Error initializing ValidationDataLogger in WandbCallback.",
    "Error during prediction logging for epoch:",
    "Unable to compute FLOPs for this model.",
)


class Lines:
    """Sentences in the order in which they were first said."""

    def __init__(self) -> None:
        self._said: dict[str, None] = {}

    def hear(self, text: Any) -> None:
        for whole in str(text).splitlines():
            bare = whole.removeprefix("wandb: ").removeprefix("WARNING ").removeprefix("ERROR ")
            bare = bare.replace("Error durring", "Error during")  # up to 0.16
            line = next((begin for begin in BEGINNINGS if bare.startswith(begin)), bare)
            if line.startswith(LEGACY):
                self._said[re.sub(r"/\S*/files/", "<run>/", line)] = None

    def kept(self) -> list[str]:
        return list(self._said)


@contextmanager
def listening() -> Iterator[Lines]:
    """Hears what is said through wandb's terminal functions."""
    lines = Lines()
    with ExitStack() as changed:
        for name in ("termlog", "termwarn", "termerror"):
            changed.enter_context(mock.patch.object(wandb, name, lambda text="", *_, **__: lines.hear(text)))
        yield lines
