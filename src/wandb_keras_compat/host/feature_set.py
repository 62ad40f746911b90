"""Calls a callback's features: those that are on, in order, each inside one guard."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import wandb

from .. import messages
from ..backends import Backend, NoCopy, backend_for
from ..features import load
from ..sdk.run_writer import RunWriter
from .feature import Feature
from .random_state import IsolatedRandomState
from .worker_copy import WorkerCopy

if TYPE_CHECKING:
    from .callback_host import FeatureHost


class FeatureSet:
    """The features of one callback, loaded when first wanted.

    A feature that fails never ends the training: it warns once and, unless it is worth trying again,
    is off until the next training begins.
    """

    def __init__(self, callback: FeatureHost) -> None:
        self._callback = callback
        self._run = RunWriter()
        self._random_state = IsolatedRandomState()
        self._worker_copy = WorkerCopy()
        self._backend: Backend | None = None
        self._loaded: dict[str, Feature] = {}
        self._off: set[str] = set()
        self._said: set[str] = set()

    def are_of(self, callback: Any) -> bool:
        """Whether they are those of *callback*, and not of the one that it was copied from."""
        return self._callback is callback

    def __reduce__(self) -> Any:
        """A copied or pickled callback makes its own."""
        return type(None), ()

    @property
    def backend(self) -> Backend:
        if self._backend is None:
            self._backend = backend_for(self._callback.model)
        return self._backend

    def set_model(self, model: Any) -> None:
        """Training, or a first look at, *model* follows."""
        backend = backend_for(model)
        if self._backend is not None and backend.name != self._backend.name:
            self._loaded.clear()
        self._backend = backend

    def switch_on(self) -> None:
        """Gives features that failed in the last training another chance."""
        self._off.clear()

    def call(self, hook: str, *arguments: Any) -> None:
        """Calls *hook* of every feature that is on and has it."""
        self._worker_copy.begin_hook()
        for name in self._callback._wanted():
            if name in self._off:
                continue
            try:
                feature = self.get(name)
                if getattr(type(feature), hook) is getattr(Feature, hook):
                    continue
                if not feature.runs_the_model:
                    getattr(feature, hook)(*arguments)
                    continue
                with self._random_state(feature.backend, feature.model):
                    self._worker_copy(self._callback, feature.backend, partial(getattr(feature, hook), *arguments))
            except Exception as error:
                self._failed(name, error)

    def get(self, name: str) -> Any:
        """The feature *name*, whether it is on or not."""
        if name not in self._loaded:
            self._loaded[name] = load(name)(self._callback, self.backend, self._run)
        return self._loaded[name]

    def warn(self, message: str, subject: str | None = None) -> None:
        """Says *message* as wandb's own warnings look, once for this callback.

        A *subject* is spoken of once, whatever counts, paths or errors the message has the next time.
        """
        said = message if subject is None else subject
        if said not in self._said:
            self._said.add(said)
            wandb.termwarn(messages.spoken_by(self._callback._public_name(), message))

    def _failed(self, name: str, error: Exception) -> None:
        kind = load(name)
        if isinstance(error, NoCopy):
            self._off.add(name)
            self.warn(messages.needs_the_other_workers(error.args[0]), "the other workers")
            return
        if not kind.retries:
            self._off.add(name)
        self.warn(messages.feature_failed(kind.lost, error, again=kind.retries), kind.lost)
