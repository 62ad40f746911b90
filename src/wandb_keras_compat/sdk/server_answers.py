"""What the server of a run was asked, and whether it has answered: a training waits for that once, and not for long."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Hashable
from importlib import import_module
from typing import Any
from weakref import WeakKeyDictionary

from .. import messages
from .terminal import warn

#: Seconds that a training waits for the first answer that does not come. wandb itself tries for 20 to 40 at each
#: artifact and each table. A server that lets the training wait so long is not waited for again in that run.
PATIENCE = 2.0


class Answer:
    """The answer to one question, which is asked in a thread of its own.

    The thread is a daemon, so a program ends whether there was an answer or not.
    """

    def __init__(self, question: Callable[[], Any], when_late: Callable[[Answer], None] | None = None) -> None:
        """*when_late* is called with the answer if it comes after somebody waited for it in vain."""
        self.value: Any = None
        self.error: BaseException | None = None
        self._question = question
        self._when_late = when_late
        self._there = threading.Event()
        self._missed = False
        self._lock = threading.Lock()
        try:
            threading.Thread(target=self._ask, name="wandb-keras-compat: a question", daemon=True).start()
        except RuntimeError as error:  # no more threads, or the interpreter ends
            self.error = error
            self._there.set()

    def _ask(self) -> None:
        try:
            self.value = self._question()
        except BaseException as error:  # a thread has nobody to raise to
            self.error = error
        with self._lock:
            self._there.set()
        if self._missed and self._when_late is not None:
            self._when_late(self)

    @property
    def succeeded(self) -> bool:
        """Whether it is there, and no error."""
        return self._there.is_set() and self.error is None

    def wait(self, seconds: float) -> bool:
        """Whether it is there after so many *seconds* at most."""
        if self._there.wait(seconds):
            return True
        with self._lock:
            self._missed = not self._there.is_set()
        return not self._missed


class ServerAnswers:
    """The answers that one run has had; each question is asked once."""

    def __init__(self, sync_folder: str) -> None:
        self.patience = PATIENCE
        #: wandb's client of the server, once it could be made: making one may be a question, too.
        self.public_api: Any = None
        #: Artifacts that the server may not have yet, each with the answer to waiting for it.
        self.unsent: list[tuple[Any, Answer]] = []
        self._sync_folder = sync_folder
        self._answers: dict[Hashable, Answer] = {}

    def of(
        self, key: Hashable, question: Callable[[], Any], when_late: Callable[[Answer], None] | None = None
    ) -> Answer:
        """The answer to *question*, which *key* names, or what will be it.

        If it does not come in time one warning says where what is logged is kept, and nothing is waited for any more.
        """
        answer = self._answers.get(key)
        if answer is None:
            answer = self._answers[key] = Answer(question, when_late)
            if not answer.wait(self.patience):
                self.patience = 0.0
                self.warn()
        return answer

    def of_upload(self, artifact: Any, wait: Callable[[], Any], when_late: Callable[[Answer], None]) -> Answer:
        """The answer to waiting until the server has *artifact*.

        It is waited for no longer than another; but a table may be large, so its being late says nothing of the server.
        """
        answer = Answer(wait, when_late)
        answer.wait(self.patience)
        if not answer.succeeded:
            self.unsent.append((artifact, answer))
        return answer

    def warn(self) -> None:
        """Says once where what is logged is kept."""
        warn(messages.server_does_not_answer(self._sync_folder), repeat=False)


_of_run: WeakKeyDictionary[Any, ServerAnswers] = WeakKeyDictionary()


def answers_of(run: Any) -> ServerAnswers:
    """What the server of *run* has answered so far."""
    try:
        return _of_run[run]
    except KeyError:
        import_module("wandb.apis.public")  # the first question would take the time for it
        found = _of_run[run] = ServerAnswers(run.settings.sync_dir)
        return found


if hasattr(os, "register_at_fork"):  # threads that ask do not live in a forked process, which asks by itself
    os.register_at_fork(after_in_child=_of_run.clear)
