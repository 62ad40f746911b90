"""`WandbMetricsLogger`: metrics and learning rate, per epoch or per batch."""

from __future__ import annotations

import functools
import operator
from functools import cache
from typing import Any

import wandb

from .. import versions
from ..backends import backend_for
from ..host.copies import Copies
from ..host.hooks_in_turn import HooksInTurn
from ..metric_keys import checked_keys, legacy_row
from ..sdk.callback_versions import LOGS_PREFIXED_EPOCHS
from ..sdk.installed_callbacks import installed_callbacks
from ..sdk.proxy import WandbProxy, through_proxy
from ..sdk.telemetry import take_telemetry
from ..sdk.terminal import warn
from . import messages
from .executions import Executions, executions
from .prefixed_metrics import PrefixedMetricsLogger, declare_axis

_Base: Any = installed_callbacks().WandbMetricsLogger if LOGS_PREFIXED_EPOCHS else PrefixedMetricsLogger


class WandbMetricsLogger(HooksInTurn, Copies, _Base):
    """Logs what Keras reports, and the learning rate, to the active W&B run.

    Every epoch logs one row of ``epoch/<metric>``, ``epoch/epoch`` (0-based) and ``epoch/learning_rate``.
    With batches on, every ``log_freq``-th batch of an epoch, the first included, also logs one row of
    ``batch/<metric>``, ``batch/batch_step`` and ``batch/learning_rate``. The x axis of the chosen kind is
    declared with ``define_metric``.

    ``batch/batch_step`` grows by ``log_freq`` for each row, as in every wandb, so it drifts from the true
    batch number when ``log_freq`` does not divide the batches of an epoch. With ``steps_per_execution`` it
    counts batches, not executions: an execution in which a batch was due logs one row, for the last due one.

    For the time of a move from the legacy callback, ``keys="both"`` gives each of these rows the legacy names as
    well (``val_loss`` beside ``epoch/val_loss``, ``epoch`` beside ``epoch/epoch``), and ``keys="legacy"`` those
    alone, declaring no x axis and, as ``log_batch_frequency`` did, counting executions:
    :mod:`wandb_keras_compat.metric_keys` has the table.

    Args:
        log_freq: ``"epoch"``, ``"batch"``, or a number of batches of 1 or more.
        initial_global_step: number of updates done before this training, so that a resumed training with a
            learning rate schedule logs the right rates. Only optimizers that hand out the schedule itself ask
            for it (Keras 2's legacy optimizers); all others know their own step.
        keys: ``"new"``, ``"legacy"`` or ``"both"``.

    Raises:
        wandb.Error: when ``wandb.init()`` has not been called.
        ValueError: when ``log_freq`` or ``keys`` is none of the above.
    """

    _of_training = (*Copies._of_training, "_executions")

    # What a subclass has that leaves out this constructor.
    keys = "new"
    declares = True
    logging_batch_wise = False
    log_freq: Any = None
    global_batch = global_step = 0
    _executions: Executions | None = None
    #: The id of the run in which the x axis is declared.
    _declared_in: str | None = None

    def __init__(self, log_freq: str | int = "epoch", initial_global_step: int = 0, *, keys: str = "new") -> None:
        self.keys = checked_keys(keys, "WandbMetricsLogger")
        self.declares = self.keys != "legacy"
        init = super().__init__ if self.declares else functools.partial(_undeclared().__init__, self)
        take_telemetry(wandb.run)
        init(log_freq=_checked(log_freq), initial_global_step=initial_global_step)
        self._declared_in = getattr(wandb.run, "id", None)

    def _get_lr(self) -> float | None:
        try:
            return backend_for(self.model).learning_rate(self.model, self.global_step)
        except Exception as error:
            warn(messages.no_learning_rate(error, versions.describe()), repeat=False)
            return None

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        super().on_train_begin(logs)
        if self.declares and wandb.run is not None and wandb.run.id != self._declared_in:
            declare_axis(self.logging_batch_wise)
            self._declared_in = wandb.run.id
        self._executions = executions(backend_for(self.model), self.model, self.params)

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        super().on_epoch_begin(epoch, logs)
        if self._executions is not None:
            self._executions.begin_epoch()

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        if self.keys != "new":
            wandb.log(legacy_row(logs, epoch), commit=self.keys == "legacy")
        if self.keys != "legacy":
            super().on_epoch_end(epoch, logs)

    def on_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        if self._executions is not None:
            counted = self._executions
            batch = self._catch_up(counted.ran(batch)) if self.declares else counted.number(batch)
        if self.keys != "new" and self.logging_batch_wise and batch % self.log_freq == 0:
            wandb.log(legacy_row(logs), commit=self.keys == "legacy")
        if self.keys != "legacy":
            super().on_batch_end(batch, logs)

    def _catch_up(self, ran: range) -> int:
        """Count the batches that ran since the last call; return the index under which to log this row.

        The installed class counts calls. Its counters are moved on by what it missed, and it is called with
        the last batch that was due, if any was, so that its own test and its own row decide the rest.
        """
        self.global_step += len(ran) - 1  # the installed class adds the remaining one
        if not self.logging_batch_wise:
            return ran[-1]
        due = [batch for batch in ran if batch % self.log_freq == 0]
        if not due:
            return ran[-1]
        self.global_batch += (len(due) - 1) * self.log_freq
        return due[-1]


@cache
def _undeclared() -> Any:
    """The base class, as one that declares no x axis."""
    if not LOGS_PREFIXED_EPOCHS:
        return PrefixedMetricsLogger
    return through_proxy("WandbMetricsLogger", WandbProxy(), announced=True)


def _checked(log_freq: str | int) -> str | int:
    if isinstance(log_freq, str) and log_freq in ("epoch", "batch"):
        return log_freq
    try:
        batches = operator.index(log_freq)  # type: ignore[arg-type]  # NumPy's integers count as well
    except TypeError:
        batches = 0
    if batches < 1 or isinstance(log_freq, bool):
        raise ValueError(messages.bad_log_freq(log_freq))
    return batches
