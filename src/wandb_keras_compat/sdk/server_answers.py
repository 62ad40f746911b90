"""What the server of a run was asked, and whether it has answered: a training waits for that once, and not for long."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from . import messages
from .terminal import warn

#: Seconds that a training waits in all, in one run, for answers that do not come in time. wandb itself tries for 20 to
#: 40 at each artifact and each table. A server that takes longer for an answer counts as silent.
PATIENCE = 4.0


class LoggedArtifact(Protocol):
    """What is asked of a ``wandb.Artifact`` here."""

    name: str
    type: str
    #: What another artifact refers to it by, before the server has given it an id.
    _client_id: str | None

    def wait(self) -> object:
        """Comes back when the server has it."""


class Answer:
    """The answer to one question, which is asked in a thread of its own.

    The thread is a daemon, so a program ends whether there was an answer or not.
    """

    def __init__(self, question: Callable[[], object], when_there: Callable[[Answer], None]) -> None:
        """*when_there* is called with the answer, in the thread that asked."""
        self.value: object = None
        self.error: BaseException | None = None
        #: Whether somebody waited for it in vain.
        self.missed = False
        self._question: Callable[[], object] | None = question
        self._when_there = when_there
        self._there = threading.Event()
        self._lock = threading.Lock()
        self._asked = time.monotonic()
        self._answered: float | None = None
        try:
            threading.Thread(target=self._ask, name="wandb-keras-compat: a question", daemon=True).start()
        except RuntimeError as error:  # no more threads, or the interpreter ends
            self._answered, self.error = self._asked, error
            self._there.set()

    def _ask(self) -> None:
        question, self._question = self._question, None  # it holds what was to be logged
        assert question is not None
        try:
            self.value = question()
        except BaseException as error:  # a thread has nobody to raise to
            self.error = error
        self._answered = time.monotonic()
        with self._lock:
            self._there.set()
        self._when_there(self)

    @property
    def there(self) -> bool:
        return self._there.is_set()

    @property
    def succeeded(self) -> bool:
        """Whether it is there, and no error."""
        return self.there and self.error is None

    @property
    def seconds(self) -> float:
        """How long it took, or has taken so far."""
        return (time.monotonic() if self._answered is None else self._answered) - self._asked

    def wait(self, seconds: float) -> bool:
        """Whether it is there after so many *seconds* at most."""
        if self._there.wait(seconds):
            return True
        with self._lock:
            self.missed = not self.there
        return not self.missed


class ServerAnswers:
    """The answers that one run has had. A question is waited for the first time it is asked."""

    def __init__(self, sync_folder: str) -> None:
        #: Whether the server did not answer, in time or at all, when it was last asked.
        self.silent = False
        #: Seconds that the training still waits.
        self.patience = PATIENCE
        #: wandb's client of the server, once it could be made: making one may be a question, too.
        self.public_api: Any = None
        #: Artifacts that the server may not have yet, each with the answer to waiting for it.
        self.unsent: list[tuple[LoggedArtifact, Answer | None]] = []
        #: Where the service writes down what is logged.
        self.sync_folder = sync_folder
        self._answers: dict[Hashable, Answer] = {}

    def of(self, key: Hashable, question: Callable[[], object], when_late: Callable[[Answer], None]) -> Answer:
        """The answer to *question*, which *key* names, or what will be it.

        Where there is one already, *question* is asked again, to know whether the server still answers, and not waited
        for. *when_late* is called with an answer that nobody waited for, in the thread that asked.
        """
        last = self._answers.get(key)
        if last is not None and not last.there:
            self._listen(last)
            return last

        def there(answer: Answer) -> None:
            self._listen(answer)
            if answer.missed:
                when_late(answer)

        answer = self._answers[key] = Answer(question, there)
        if last is not None:
            answer.missed = True
            return last
        self._wait(answer, 0.0 if self.silent else self.patience)
        if answer.missed:
            self._fall_silent()
        else:  # the thread that asked may not have come to it yet
            self._listen(answer)
        return answer

    def of_upload(
        self, artifact: LoggedArtifact, wait: Callable[[], object], when_late: Callable[[Answer], None]
    ) -> Answer:
        """The answer to waiting until the server has *artifact*.

        Half of the patience is for it. A table may be large, so its being late says nothing of the server.
        """
        answer = Answer(wait, lambda answer: when_late(answer) if answer.missed else None)
        self._wait(answer, self.patience / 2)
        if not answer.succeeded:
            self.unsent.append((artifact, answer))
        return answer

    def _wait(self, answer: Answer, seconds: float) -> None:
        if not answer.wait(seconds):
            self.patience = max(0.0, self.patience - seconds)

    def _listen(self, answer: Answer) -> None:
        refused = answer.error is not None and not isinstance(answer.error, ValueError)
        if refused or answer.seconds > PATIENCE:
            self._fall_silent()
        elif answer.there:
            self.silent = False

    def _fall_silent(self) -> None:
        self.silent = True
        warn(messages.server_does_not_answer(self.sync_folder), repeat=False)


@contextmanager
def replaced(target: object, **replacements: object) -> Iterator[None]:
    """Has *target*, and nothing else of its class, these attributes instead of its own."""
    before = {name: vars(target)[name] for name in replacements if name in vars(target)}
    vars(target).update(replacements)
    try:
        yield
    finally:
        for name in replacements:
            vars(target).pop(name, None)  # another thread may have been inside, and left first
        vars(target).update(before)


_of_run: WeakKeyDictionary[object, ServerAnswers] = WeakKeyDictionary()


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
