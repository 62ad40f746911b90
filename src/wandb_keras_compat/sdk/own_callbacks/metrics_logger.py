"""The base of ``WandbMetricsLogger`` where wandb's own cannot be imported."""

from __future__ import annotations

from typing import Any

import wandb
from wandb.sdk.lib import telemetry

from ...backends import backend_for, callback_base
from . import messages

_Callback: Any = callback_base()


class WandbMetricsLogger(_Callback):
    """Logs the metrics of epochs, and those of batches if asked to, with the learning rate.

    Args:
        log_freq: ``"epoch"``, ``"batch"``, or each how many batches of an epoch a row is logged.
        initial_global_step: number of updates done before, for an optimizer that hands out its schedule.

    Raises:
        wandb.Error: there is no run.
    """

    def __init__(self, log_freq: Any = "epoch", initial_global_step: int = 0, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if wandb.run is None:
            raise wandb.Error(messages.INIT_BEFORE_METRICS_LOGGER)
        with telemetry.context(run=wandb.run) as record:
            record.feature.keras_metrics_logger = True
        frequency = 1 if log_freq == "batch" else log_freq
        self.logging_batch_wise = isinstance(frequency, int)
        self.log_freq: Any = frequency if self.logging_batch_wise else None
        self.global_step = initial_global_step
        self.global_batch = 0
        axis, metrics = ("batch/batch_step", "batch/*") if self.logging_batch_wise else ("epoch/epoch", "epoch/*")
        wandb.define_metric(axis)
        wandb.define_metric(metrics, step_metric=axis)

    def _get_lr(self) -> float | None:
        try:
            return backend_for(self.model).learning_rate(self.model, self.global_step)
        except Exception as error:
            wandb.termerror(messages.no_learning_rate(error), repeat=False)
            return None

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        self._log_row("epoch", logs, {"epoch/epoch": epoch})

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        self.on_batch_end(batch, logs)

    def on_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        self.global_step += 1
        if self.logging_batch_wise and batch % self.log_freq == 0:
            self._log_row("batch", logs, {"batch/batch_step": self.global_batch})
            self.global_batch += self.log_freq

    def _log_row(self, prefix: str, logs: dict[str, Any] | None, axis: dict[str, int]) -> None:
        row = {f"{prefix}/{name}": value for name, value in (logs or {}).items()}
        row.update(axis)
        rate = self._get_lr()
        if rate is not None:
            row[f"{prefix}/learning_rate"] = rate
        wandb.log(row)
