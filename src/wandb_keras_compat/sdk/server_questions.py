"""Lets wandb log without waiting for the server.

All that is logged goes to wandb's service, a process that keeps it on disk and sends it. But before it hands over an
artifact, a table or an image, wandb asks the server: whether there is an artifact of that name and of another type
(for each artifact, and each table is one), who owns the key (to have a client for that question), and, up to 0.28,
which clients it knows. Each is tried for 20 to 40 seconds, and what cannot be found out does not stop it.
``use_artifact`` waits until the server has the artifact, for ever if need be.

Here each is asked in a thread of its own, and waited for the first time in a run (:mod:`.server_answers`). Of a server
that does not answer nothing is asked, and an artifact is written down at once (:mod:`.kept_artifacts`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from copy import copy
from typing import Any

import wandb

from . import messages
from .kept_artifacts import kept_artifacts
from .server_answers import Answer, LoggedArtifact, ServerAnswers, answers_of, replaced
from .terminal import warn

_lock = threading.Lock()
_inside = 0
_wandbs_own: Any = None


@contextmanager
def without_waiting(run: Any) -> Iterator[None]:
    """Has what *run* logs inside wait for no answer of the server, but for the first one in the run, and a little.

    An answer that comes in time is what it always was: a name that is taken for another type raises ValueError. One
    that comes later is a warning. An offline run asks nothing. Several threads may be inside at once.
    """
    if getattr(run, "disabled", False):
        yield
        return
    with ExitStack() as stack:
        if getattr(run, "offline", False):
            stack.enter_context(_known_versions(lambda _: wandb.__version__))
        elif _asks(run):
            answers = answers_of(run)
            stack.enter_context(_known_versions(lambda ask: _max_version(answers, ask)))
            stack.enter_context(_checked_in_a_thread(run, answers))
            stack.enter_context(_stored_by_value(answers))
            stack.enter_context(kept_artifacts(run, answers))
        yield


def _asks(run: object) -> bool:
    """Whether *run* asks the server as the wandb does that is known here; another one is left as it is."""
    return hasattr(run, "_assert_can_log_artifact")


@contextmanager
def inputs_not_waited_for(run: Any) -> Iterator[None]:
    """Has the block that calls ``run.use_artifact`` of an online run be left where that waits too long for the server.

    The artifact is handed over by then. What would come is for launch jobs, or wants the id that the server gives.
    """
    if not _asks(run):
        yield
        return
    answers, use = answers_of(run), run.use_artifact

    def warn_of_upload(answer: Answer) -> None:  # in the words of .kept_artifacts, which may have said it
        if isinstance(answer.error, ValueError):
            warn(messages.artifact_kept(str(answer.error), answers.sync_folder), repeat=False)

    def use_and_go_on(artifact: LoggedArtifact, *args: object, **kwargs: object) -> object:
        wait = artifact.wait

        def bounded(*_: object, **__: object) -> object:
            if answers.silent:
                answers.unsent.append((artifact, None))
                raise _GoOnError
            answer = answers.of_upload(artifact, wait, warn_of_upload)
            if answer.succeeded:
                return answer.value
            if answer.error is not None:
                warn_of_upload(answer)
            raise _GoOnError

        with replaced(artifact, wait=bounded):
            return use(artifact, *args, **kwargs)

    with suppress(_GoOnError), replaced(run, use_artifact=use_and_go_on):
        yield


class _GoOnError(Exception):
    """Leaves the block of :func:`inputs_not_waited_for`."""


# --- which clients the server knows -------------------------------------------------------------------


@contextmanager
def _known_versions(known: Callable[[Callable[[], object]], object]) -> Iterator[None]:
    """Has wandb find out by *known*, which gets wandb's own function, up to which client the server knows.

    wandb up to 0.28 asks that when images or a table are logged, offline runs included; without a network the question
    is retried for minutes. An offline run will be synced by this very client, so its own version is the answer. The
    last thread to leave puts wandb's own function back.
    """
    global _inside, _wandbs_own  # noqa: PLW0603 - one for the process
    if not hasattr(wandb.util, "_get_max_cli_version"):
        yield
        return
    with _lock:
        if not _inside:
            own = _wandbs_own = wandb.util._get_max_cli_version
            wandb.util._get_max_cli_version = lambda: known(own)
        _inside += 1
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if not _inside:
                wandb.util._get_max_cli_version = _wandbs_own


def _max_version(answers: ServerAnswers, ask: Callable[[], object]) -> object:
    answer = answers.of("versions", ask, lambda _: None)
    return answer.value if answer.succeeded else wandb.__version__


# --- whether the name of an artifact is free ----------------------------------------------------------


@contextmanager
def _checked_in_a_thread(run: Any, answers: ServerAnswers) -> Iterator[None]:
    if "_assert_can_log_artifact" in vars(run):  # inside already
        yield
        return
    check, public_api, this_thread = run._assert_can_log_artifact, run._public_api, threading.get_ident()

    def check_once(artifact: LoggedArtifact) -> None:
        draft = copy(artifact)  # once it is logged, its name is a question of its own
        answer = answers.of((artifact.name, artifact.type), lambda: check(draft), _warn_of_refusal)
        if isinstance(answer.error, ValueError):  # its answer; other errors are that there is none
            raise answer.error

    def public_api_made(*args: object, **kwargs: object) -> object:
        if threading.get_ident() == this_thread:
            return answers.public_api or _MadeLater(public_api)
        answers.public_api = public_api(*args, **kwargs)
        return answers.public_api

    with replaced(run, _assert_can_log_artifact=check_once, _public_api=public_api_made):
        yield


def _warn_of_refusal(answer: Answer) -> None:
    if isinstance(answer.error, ValueError):
        warn(messages.artifact_refused(answer.error), repeat=False)


class _MadeLater:
    """wandb's client of the server, made when something is asked of it; an artifact that is logged only keeps it."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make

    @property
    def client(self) -> object:
        return _MadeLater(lambda: self._make().client)

    def _set_artifact_save_handle(self, artifact: Any, handle: object) -> None:
        artifact._set_save_handle(handle, _MadeLater(lambda: self._make()._service_api))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._make(), name)


# --- what a table refers to ---------------------------------------------------------------------------


@contextmanager
def _stored_by_value(answers: ServerAnswers) -> Iterator[None]:
    """Has a table keep its own copy of what it shares with an artifact that the server does not have yet.

    From 0.18 on wandb sends artifacts of different names side by side, and one that refers to another which has not
    come is lost. Without the id under which it could be referred to, wandb stores the content.
    """
    answers.unsent = [each for each in answers.unsent if each[1] is None or not each[1].succeeded]
    ids = [(artifact, getattr(artifact, "_client_id", None)) for artifact, _ in answers.unsent]
    hidden = [(artifact, client_id) for artifact, client_id in ids if client_id is not None]  # by no other thread
    for artifact, _ in hidden:
        artifact._client_id = None
    try:
        yield
    finally:
        for artifact, client_id in hidden:
            artifact._client_id = client_id
