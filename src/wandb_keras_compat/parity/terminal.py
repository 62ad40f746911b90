"""What a callback says to the person at the terminal, for the trace."""

from __future__ import annotations

import contextlib
import io
import re
from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from unittest import mock

import wandb

if TYPE_CHECKING:
    from typing_extensions import Self

_LEVELS = {"termlog": "", "termwarn": "WARNING ", "termerror": "ERROR "}
_NUMBER = re.compile(r"(?<![\w.])\d+\.\d+(?![\w.])")


class Terminal(contextlib.ExitStack):
    """Listens to wandb's terminal functions and to ``print``, while it is entered.

    The legacy class printed up to wandb 0.19.1 what it says by ``termlog`` since, so the stream is not told. A
    sentence that is for once in a process is told once for each time this is entered.
    """

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[str, list[str]] = defaultdict(list)
        self._folders: set[str] = set()

    def __enter__(self) -> Self:
        for name, level in _LEVELS.items():
            self.enter_context(mock.patch.object(wandb, name, self._listener(level)))
        self.enter_context(contextlib.redirect_stdout(_Lines(self._hear)))
        self.enter_context(contextlib.redirect_stderr(io.StringIO()))
        return self

    def heard(self, run_id: str) -> list[str]:
        """What was said during that run, in alphabetical order."""
        return sorted(self._said[run_id])

    def _listener(self, level: str) -> Callable[..., None]:
        def listen(string: str = "", *, repeat: bool = True, **_: Any) -> None:
            self._hear(level + string, repeat)

        return listen

    def _hear(self, sentence: str, repeat: bool = True) -> None:
        run = wandb.run
        # What Keras draws of its progress, in threads too, where it is not told to be still, is nobody's sentence.
        if run is None or not sentence.strip() or not {"\r", "\b"}.isdisjoint(sentence):
            return
        self._folders.add(run.dir)
        for folder in self._folders:
            sentence = sentence.replace(folder, "<run folder>")
        # The last digits are where two versions round otherwise.
        sentence = _NUMBER.sub(lambda number: f"{float(number[0]):.3g}", sentence)
        if repeat or all(sentence not in said for said in self._said.values()):
            self._said[run.id].append(sentence)


class _Lines(io.TextIOBase):
    """Hands each line on once it is complete."""

    def __init__(self, take: Callable[[str], None]) -> None:
        self._take = take
        self._begun = ""

    def write(self, text: str) -> int:
        *lines, self._begun = (self._begun + text).split("\n")
        for line in lines:
            self._take(line)
        return len(text)
