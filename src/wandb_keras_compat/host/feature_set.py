"""Calls the features of a callback that are on, in order; an error in one of them becomes a warning."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

from .. import messages, versions
from ..backends import Backend, NoCopy, backend_for
from ..sdk.run_writer import RunWriter
from ..sdk.terminal import warn
from .feature import Feature
from .protocol import Host
from .random_state import IsolatedRandomState
from .worker_copy import WorkerCopy

F = TypeVar("F", bound=Feature)


class FeatureSet:
    """The features of one callback, made when first wanted.

    A feature that fails never ends the training: it warns once and, unless it is worth trying again,
    is off until the next training begins.
    """

    def __init__(self, callback: Host, kinds: Mapping[str, Callable[[], type[Feature]]]) -> None:
        """*kinds* has the class of each feature by its name, imported when it is asked for."""
        self._callback = callback
        self._kinds = kinds
        versions.describe()  # where no file can be opened any more, a warning still has them
        self._run = RunWriter()
        self._random_state = IsolatedRandomState()
        self._worker_copy = WorkerCopy()
        self._backend: Backend | None = None
        self._made: dict[type[Feature], Feature] = {}
        self._off: set[str] = set()
        self._warned: set[str] = set()

    def are_of(self, callback: Any) -> bool:
        """Whether these features were made for *callback*, and not for the callback that it is a copy of."""
        return self._callback is callback

    def __reduce__(self) -> Any:
        """Leaves the features out of copies and pickles: the copied callback makes its own."""
        return type(None), ()

    @property
    def backend(self) -> Backend:
        if self._backend is None:
            self._backend = backend_for(self._callback.model)
        return self._backend

    def set_model(self, model: Any) -> None:
        """Called when *model* is set, before training or another use of it."""
        backend = backend_for(model)
        if self._backend is not None and backend.name != self._backend.name:
            self._made.clear()
        self._backend = backend

    # --- hooks -----------------------------------------------------------------------------------

    def on_train_begin(self) -> None:
        self._call(Feature.on_train_begin, lambda feature: feature.on_train_begin())

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None) -> None:
        self._call(Feature.on_train_batch_end, lambda feature: feature.on_train_batch_end(batch, logs))

    def on_epoch_end(self, epoch: int, logs: dict[str, Any]) -> None:
        self._call(Feature.on_epoch_end, lambda feature: feature.on_epoch_end(epoch, logs))

    def after_epoch_end(self, epoch: int) -> None:
        self._call(Feature.after_epoch_end, lambda feature: feature.after_epoch_end(epoch))

    def on_train_end(self) -> None:
        self._call(Feature.on_train_end, lambda feature: feature.on_train_end())

    def switch_on(self) -> None:
        """Gives features that failed in the last training another chance."""
        self._off.clear()

    def of(self, kind: type[F]) -> F:
        """The feature of class *kind*, whether it is on or not."""
        if kind not in self._made:
            self._made[kind] = kind(self._callback, self.backend, self._run, self.warn)
        return cast("F", self._made[kind])

    def warn(self, message: str, subject: str | None = None) -> None:
        """Says *message* as wandb's own warnings look, once for this callback.

        A *subject* is warned of once, whatever counts, paths or errors the message has the next time.
        """
        about = message if subject is None else subject
        if about not in self._warned:
            self._warned.add(about)
            warn(messages.from_callback(self._callback._public_name(), message))

    # --- the guard -------------------------------------------------------------------------------

    def _call(self, hook: Callable[..., None], action: Callable[[Feature], None]) -> None:
        """Calls *action* with each feature that is on and implements *hook*."""
        self._worker_copy.begin_hook()
        for name in self._callback._wanted():
            if name in self._off:
                continue
            kind: type[Feature] = Feature
            try:
                kind = self._kinds[name]()
                feature = self.of(kind)
                if getattr(type(feature), hook.__name__) is hook:
                    continue
                if not feature.runs_the_model:
                    action(feature)
                    continue
                _open_a_file()
                with self._random_state(feature.backend, feature.model):
                    self._worker_copy(self._callback, feature.backend, lambda: action(feature))  # noqa: B023 - now
            except Exception as error:
                self._failed(name, kind, error)

    def _failed(self, name: str, kind: type[Feature], error: Exception) -> None:
        """Says what *kind* lost; a :class:`Feature` itself is one that could not be imported. Imports nothing."""
        lost = getattr(kind, "lost", name)
        if isinstance(error, NoCopy):
            self._off.add(name)
            self.warn(messages.needs_the_other_workers(error.args[0]), "the other workers")
            return
        if not kind.retries:
            self._off.add(name)
        self.warn(messages.feature_failed(lost, error, again=kind.retries), lost)


def _open_a_file() -> None:
    """Fails where none can be opened: there TensorFlow aborts the process when it is to predict, where this raises.

    Raises:
        OSError: for example since too many files are open.
    """
    os.close(os.open(os.devnull, os.O_RDONLY))
