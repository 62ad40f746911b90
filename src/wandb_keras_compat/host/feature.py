"""The base class of features: the hooks that a feature may implement, and the helpers it can use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Protocol, TypeVar

from .. import messages
from ..backends import Backend
from ..sdk.run_writer import RunWriter
from .protocol import Host

T = TypeVar("T")


class Warn(Protocol):
    """Says a message in wandb's terminal style, once for a callback and subject."""

    def __call__(self, message: str, subject: str | None = None, /) -> None: ...


class Feature:
    """One legacy capability, of a :class:`~wandb_keras_compat.WandbCallback` or of a small callback of its own.

    It reads its settings from the callback at each hook, since legacy code changes these attributes
    after construction, and what legacy code overrides (``_log_weights``, ...) it calls on the callback.
    """

    #: What a user loses when it fails, for the warning.
    lost: ClassVar[str]
    #: Whether a failure is tried again at the next hook, or ends the feature for this training.
    retries: ClassVar[bool] = False
    #: Hooks during which Keras, wandb or user code may draw random numbers.
    runs_the_model: ClassVar[bool] = True

    def __init__(self, callback: Host, backend: Backend, run: RunWriter, warn: Warn) -> None:
        self.callback = callback
        self.backend = backend
        self.run = run
        self._warn = warn

    @property
    def model(self) -> Any:
        return self.callback.model

    def on_train_begin(self) -> None:
        """Training starts."""

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None) -> None:
        """A training batch ended, or with ``steps_per_execution`` a number of them; *batch* is the last one's index."""

    def on_epoch_end(self, epoch: int, logs: dict[str, Any]) -> None:
        """An epoch ended: add to its row, or (after the metrics closed it) to what follows."""

    def after_epoch_end(self, epoch: int) -> None:
        """Called after all features have handled ``on_epoch_end``."""

    def on_train_end(self) -> None:
        """Training ended without an exception."""

    def warn(self, message: str, subject: str | None = None) -> None:
        """Says *message* in wandb's terminal style, once for this callback and *subject*."""
        self._warn(message, subject)

    def attempt(self, lost: str, action: Callable[..., T], *args: Any) -> T | None:
        """Runs *action* and returns its result; on failure warns once that *lost* was not logged, and returns None."""
        try:
            return action(*args)
        except Exception as error:
            self.warn(messages.feature_failed(lost, error, again=self.retries), lost)
            return None
