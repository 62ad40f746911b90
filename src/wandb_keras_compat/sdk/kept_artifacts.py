"""Keeps what an artifact is made of until the server has it.

An artifact of an online run is a request to wandb's service. It keeps requests in memory only, and answers each when
the server has the artifact, or when it has given up, which it does at once where the server says 401. Then the request
is gone, and so are the files: wandb copies each file of an artifact into a folder of its own, and the service (up to
0.13, and from 0.18 on) deletes a copy when it has given up, as when it has sent it, so ``wandb sync`` finds none.

Here each copy has a second name, a hard link, until the artifact is known to be there. One that is refused, or logged
while the server is silent, is written down by the service as a record, as all else is. It is handed over again before
what is logged next, and when the run ends. What is not there even then gets its files back, for ``wandb sync``.
A program that is killed before that leaves them under their second names, where ``wandb sync`` does not look.

What waits takes no more of the disk than it leaves free: beyond that the artifacts logged first are given up, so that a
server which stays away for days does not take the room that the training writes its own files to.
"""

from __future__ import annotations

import atexit
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from threading import Lock
from typing import Any

from wandb import env

from . import messages, server_answers
from .server_answers import Answer, ServerAnswers, replaced
from .terminal import warn

SECOND_NAME = ".kept"
#: What hands an artifact to the service so that its answer can be waited for: the second up to wandb 0.18.
_HANDED_OVER = ("_deliver_artifact", "_communicate_artifact")


@contextmanager
def kept_artifacts(run: Any, answers: ServerAnswers) -> Iterator[None]:
    """Has each artifact that *run*, an online one, logs inside be kept until the server has it."""
    interface: Any = getattr(run, "_interface", None) or getattr(getattr(run, "_backend", None), "interface", None)
    names = [name for name in _HANDED_OVER if hasattr(interface, name) and name not in vars(interface)]
    if not names or not hasattr(interface, "_publish_artifact"):
        yield
        return
    name = names[0]
    kept = _open.get(answers)
    if kept is None:
        kept = _open[answers] = KeptArtifacts(answers, getattr(interface, name), interface._publish_artifact)
        kept.end_with(run)
    with replaced(interface, **{name: kept.log}):
        yield


class Copies:
    """wandb's copies of the files of one artifact, each with a second name where the file system can give one."""

    def __init__(self, record: Any) -> None:
        """*record* is wandb's own ``ArtifactRecord``."""
        self._paths: list[str] = []
        #: Bytes that they take.
        self.size = 0
        folder = _staging_folder()
        for entry in record.manifest.contents:
            if folder and entry.local_path.startswith(folder):
                with suppress(OSError):
                    os.link(entry.local_path, entry.local_path + SECOND_NAME)
                    self._paths.append(entry.local_path)
                    self.size += os.path.getsize(entry.local_path)

    def put_back(self) -> None:
        """Has each be there again under its first name."""
        for path in self._paths:
            with suppress(OSError):  # most often: it is there
                os.link(path + SECOND_NAME, path)

    def forget(self) -> None:
        """Takes the second names away."""
        for path in self._paths:
            with suppress(OSError):
                os.remove(path + SECOND_NAME)
        self._paths.clear()

    def give_up(self) -> None:
        """Removes them."""
        for path in self._paths:
            with suppress(OSError):
                os.remove(path)
        self.forget()


class _Artifact:
    def __init__(self, request: Any) -> None:
        self.request = request
        self.copies = Copies(request.artifact)
        #: Whether the service has written it down.
        self.written = False
        #: What the service says of it, once it is handed over.
        self.answer: Answer | None = None


class KeptArtifacts:
    """The artifacts of one run, from when they are logged until the server has them."""

    def __init__(
        self, answers: ServerAnswers, hand_over: Callable[[Any], object], publish: Callable[[Any], object]
    ) -> None:
        """*hand_over* takes a request to the service and gives a handle for its answer; *publish* takes a record."""
        self._answers, self._hand_over, self._publish = answers, hand_over, publish
        self._lock = Lock()
        self._process = os.getpid()
        self._ending = False
        #: Handed over and not answered, in order.
        self._under_way: list[_Artifact] = []
        #: Written down, in order: nothing may overtake them, or the newest version would be an old one.
        self._waiting: list[_Artifact] = []

    def log(self, request: Any) -> object:
        """Has the service send the artifact of *request*, or write it down where the server is silent.

        Returns:
            wandb's handle for the answer; None where the artifact is written down, and will be sent later.
        """
        artifact, silent = _Artifact(request), self._answers.silent
        with self._lock:
            overtakes = bool(self._waiting)
            if silent or overtakes:
                self._waiting.append(artifact)
        if not silent and not overtakes:
            return self._send(artifact)
        self._make_room()
        self._write_down(artifact)
        if not silent:
            self._send_first()
        return None

    def _send(self, artifact: _Artifact) -> object:
        with self._lock:
            if artifact in self._under_way:
                return None
            self._under_way.append(artifact)
        artifact.copies.put_back()
        handle = self._hand_over(artifact.request)
        ask = _question(handle)
        if ask is None:  # a wandb whose handles are not known here: nothing can be said of it
            self._arrived(artifact)
        else:
            artifact.answer = Answer(ask, lambda answer: self._hear(artifact, answer))
        return handle

    def _send_first(self) -> None:
        with self._lock:
            first = self._waiting[0] if self._waiting and not self._ending else None
        if first is not None:
            self._send(first)

    def _write_down(self, artifact: _Artifact) -> None:
        with suppress(Exception):  # the service may be gone; the copies are there all the same
            self._publish(artifact.request.artifact)
            artifact.written = True

    def _hear(self, artifact: _Artifact, answer: Answer) -> None:
        """Called in the thread that waited for the service to say what became of *artifact*."""
        if answer.succeeded and not answer.value:
            self._arrived(artifact)
            return
        with self._lock:
            self._under_way.remove(artifact)
            if artifact not in self._waiting:
                self._waiting.append(artifact)
        artifact.copies.put_back()
        self._make_room()
        if not artifact.written:
            self._write_down(artifact)
        if answer.succeeded:
            warn(messages.artifact_kept(str(answer.value), self._answers.sync_folder), repeat=False)

    def _make_room(self) -> None:
        """Gives up what was logged first, as long as what waits takes more than the disk has left."""
        given_up = []
        with self._lock, suppress(OSError):
            taken = sum(artifact.copies.size for artifact in self._waiting)
            free = shutil.disk_usage(_staging_folder()).free if taken else 0
            for artifact in self._waiting[:-1]:
                if taken <= free:
                    break
                if artifact not in self._under_way:
                    given_up.append(artifact)
                    taken, free = taken - artifact.copies.size, free + artifact.copies.size
            self._waiting = [artifact for artifact in self._waiting if artifact not in given_up]
        for artifact in given_up:
            artifact.copies.give_up()
        if given_up:
            warn(messages.no_room_for_artifacts(_staging_folder(), self._answers.sync_folder), repeat=False)

    def _arrived(self, artifact: _Artifact) -> None:
        artifact.copies.forget()
        with self._lock:
            self._under_way.remove(artifact)
            if artifact in self._waiting:
                self._waiting.remove(artifact)
        self._send_first()

    # --- the end of the run ---------------------------------------------------------------------------

    def end_with(self, run: Any) -> None:
        """Has the end of *run*, or of the program, be an end of this, too."""
        atexit.register(self.before_the_end)  # later than wandb's own, so it is called before that
        hooks = getattr(run, "_teardown_hooks", None)
        if hooks is not None:
            wandb_run = import_module("wandb.sdk.wandb_run")
            hooks.append(wandb_run.TeardownHook(self.before_the_end, wandb_run.TeardownStage.EARLY))
            hooks.append(wandb_run.TeardownHook(self.after_the_end, wandb_run.TeardownStage.LATE))

    def before_the_end(self) -> None:
        """Hands over once more what waits, while the service still takes it."""
        if self._ending or os.getpid() != self._process:
            return
        self._ending = True
        with self._lock:
            unsent = [*self._waiting]
            unwritten = [artifact for artifact in self._under_way if not artifact.written]
        for artifact in unsent:
            self._send(artifact)
        _wait_for(unwritten)  # what is refused after the end is written down no more

    def after_the_end(self) -> None:
        """Puts the copies back of what has not arrived, and says so."""
        if os.getpid() != self._process or _open.pop(self._answers, None) is None:
            return
        atexit.unregister(self.before_the_end)
        _wait_for(self._under_way)
        with self._lock:
            left = {id(each): each for each in (*self._waiting, *self._under_way)}.values()
        for artifact in left:
            artifact.copies.put_back()
            artifact.copies.forget()
        if left:
            warn(messages.artifacts_left(len(left), self._answers.sync_folder))


def _staging_folder() -> str:
    """Where wandb has its copies of the files of artifacts, with a separator at its end.

    Empty up to 0.13.7: there the copies are in wandb's cache, from which nothing is deleted.
    """
    folder = getattr(env, "get_data_dir", None)
    return os.path.join(os.path.abspath(os.path.expanduser(folder())), "artifacts", "staging", "") if folder else ""


def _wait_for(artifacts: list[_Artifact]) -> None:
    """Waits a little for the answers to all of *artifacts*."""
    end = time.monotonic() + server_answers.PATIENCE
    for answer in [artifact.answer for artifact in artifacts]:
        if answer is not None:
            answer.wait(max(0.0, end - time.monotonic()))


def _question(handle: object) -> Callable[[], str] | None:
    """What waits for the service to answer a request, and gives the reason why it was refused; empty where it was not.

    From 0.18 on wandb has handles, before that futures; others may wait for both at the same time.
    """
    if hasattr(handle, "wait_or"):
        return lambda: str(handle.wait_or(timeout=None).response.log_artifact_response.error_message)
    if hasattr(handle, "get"):
        return lambda: str(handle.get().response.log_artifact_response.error_message)
    return None


#: Those whose run has not ended.
_open: dict[ServerAnswers, KeptArtifacts] = {}


def _after_the_program() -> None:
    for kept in [*_open.values()]:
        kept.after_the_end()


atexit.register(_after_the_program)  # before a run of this program registers its end, so it is called after that
