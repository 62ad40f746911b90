"""What every feature has: the hooks it may implement, and what it may use."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import wandb

from .. import messages

if TYPE_CHECKING:
    from ..backends import Backend
    from ..sdk.run_writer import RunWriter

T = TypeVar("T")


class Feature:
    """One legacy capability, of a :class:`~wandb_keras_compat.WandbCallback` or of a small callback of its own.

    It reads its settings from the callback at each hook, since legacy code changes these attributes
    after construction, and where the callback has a method that legacy code overrides (``_log_weights``, ...)
    it goes through that: see :meth:`through`.
    """

    #: What a user loses when it fails, for the warning.
    lost: ClassVar[str]
    #: Whether a failure is tried again at the next hook, or ends the feature for this training.
    retries: ClassVar[bool] = False
    #: Hooks during which Keras, wandb or user code may draw random numbers.
    runs_the_model: ClassVar[bool] = True

    def __init__(self, callback: Any, backend: Backend, run: RunWriter) -> None:
        self.callback = callback
        self.backend = backend
        self.run = run

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
        """All features are done with the epoch."""

    def on_train_end(self) -> None:
        """Training ended without an exception."""

    def through(self, override_point: str, own: Callable[..., T]) -> Callable[..., T]:
        """The callback's method *override_point*, which ends in *own*; *own* itself where it has none."""
        method: Callable[..., T] = getattr(self.callback, override_point, own)
        return method

    def warn(self, message: str, subject: str | None = None) -> None:
        """Says *message* in wandb's terminal style, once for this callback and *subject*."""
        self.callback._features.warn(message, subject)

    def attempt(self, lost: str, action: Callable[..., T], *args: Any) -> T | None:
        """Runs *action*; a failure becomes one warning that *lost* was not logged, and the result None."""
        try:
            return action(*args)
        except Exception as error:
            self.warn(messages.feature_failed(lost, error, again=self.retries), lost)
            return None


def histogram(key: str, values: Any, warn: Callable[[str, str], None]) -> wandb.Histogram | None:
    """A W&B histogram (64 bins) of the finite numbers in *values*, or None where there are none.

    Args:
        key: what the histogram is logged under, for the warnings.
        values: array of any shape and numeric dtype.
        warn: called with a message and *key* where something was left out.
    """
    import numpy as np

    array = np.asarray(values)
    if array.dtype.kind not in "iufc":
        if array.dtype.name != "bfloat16":  # which NumPy knows only as an opaque extension type
            warn(messages.non_numeric(key), key)
            return None
        array = array.astype(np.float32)
    if array.size == 0:
        return None
    try:
        return wandb.Histogram(array)
    except (ValueError, IndexError):  # NumPy finds what it cannot bin; looking first would cost every epoch
        finite = np.isfinite(array)
    if not finite.all():
        warn(messages.not_finite(key, int(array.size - finite.sum()), array.size), key)
        array = array[finite]
    if array.size == 0:
        return None
    for dtype in (array.dtype, np.dtype(np.float64)):
        try:
            with np.errstate(all="ignore"):
                made = wandb.Histogram(array.astype(dtype, copy=False))
        except (ValueError, IndexError):  # which of the two depends on the NumPy
            continue  # values so close that this dtype has no 64 distinct bin edges between them
        if np.isfinite(made.bins).all():
            return made
    # No dtype has: too close together, or so far apart that their difference overflows.
    return wandb.Histogram(np_histogram=([array.size], [float(array.min()), float(array.max())]))
