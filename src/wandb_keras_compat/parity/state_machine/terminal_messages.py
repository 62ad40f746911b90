"""The messages of the legacy class that a callback prints in the terminal; people search their logs for them.

Not compared is which stream a message goes to and how often it is printed: each is kept once, in the order of first
appearance. The paths of run folders in them become ``<run>``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

import wandb

#: How the messages of the legacy class begin, as the real class was seen to print them.
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

#: Of these only the beginning is kept: what follows depends on the version of wandb, or is the text of an error.
BEGINNINGS = (
    "No validation_data set, pass a generator to the callback.",
    "WandbCallback is unable to read validation_data from trainer",
    "Error initializing ValidationDataLogger in WandbCallback.",
    "Error during prediction logging for epoch:",
    "Unable to compute FLOPs for this model.",
)


class TerminalMessages:
    """The legacy messages of one play, each once, in the order in which they first appeared."""

    def __init__(self) -> None:
        self._found: dict[str, None] = {}

    def add(self, text: Any) -> None:
        """Keeps the lines of the printed *text* that are messages of the legacy class."""
        for whole in str(text).splitlines():
            bare = whole.removeprefix("wandb: ").removeprefix("WARNING ").removeprefix("ERROR ")
            bare = bare.replace("Error durring", "Error during")  # up to 0.16
            line = next((begin for begin in BEGINNINGS if bare.startswith(begin)), bare)
            if line.startswith(LEGACY):
                self._found[re.sub(r"/\S*/files/", "<run>/", line)] = None

    def in_order(self) -> list[str]:
        return list(self._found)


@contextmanager
def captured_messages() -> Iterator[TerminalMessages]:
    """The messages that go through wandb's terminal functions while the ``with`` block runs."""
    messages = TerminalMessages()
    with ExitStack() as changed:
        for name in ("termlog", "termwarn", "termerror"):
            changed.enter_context(mock.patch.object(wandb, name, lambda text="", *_, **__: messages.add(text)))
        yield messages
