"""Gives the metrics logger of wandb around 0.13.4 the keys and the interface that later versions have.

To be deleted with the last version for which ``LOGS_PREFIXED_EPOCHS`` is false.
"""

from __future__ import annotations

from typing import Any

import wandb

from ..sdk.installed_callbacks import installed_callbacks

_InstalledMetricsLogger: Any = installed_callbacks().WandbMetricsLogger


class PrefixedMetricsLogger(_InstalledMetricsLogger):
    """Adds the ``epoch/`` keys, the learning rate, the step count and the declared x axis."""

    #: Whether the x axis is declared.
    declares = True

    def __init__(self, log_freq: str | int = "epoch", initial_global_step: int = 0) -> None:
        super().__init__(log_freq="epoch")  # declares nothing: what it would declare for "batch" is wrong
        self.logging_batch_wise = log_freq != "epoch"
        self.log_freq: Any = (1 if log_freq == "batch" else log_freq) if self.logging_batch_wise else None
        self.global_step = initial_global_step
        if self.declares:
            declare_axis(self.logging_batch_wise)

    def _get_lr(self) -> float | None:  # the subclass that users see reads it
        return None

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        row = {f"epoch/{name}": value for name, value in (logs or {}).items()}
        self._log_row("epoch", {**row, "epoch/epoch": epoch})

    def on_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        self.global_step += 1
        if self.logging_batch_wise and batch % self.log_freq == 0:
            row = {f"batch/{name}": value for name, value in (logs or {}).items()}
            self._log_row("batch", {**row, "batch/batch_step": self.global_batch})
            self.global_batch += self.log_freq

    def _log_row(self, prefix: str, row: dict[str, Any]) -> None:
        rate = self._get_lr()
        if rate is not None:
            row[f"{prefix}/learning_rate"] = rate
        wandb.log(row)


def declare_axis(by_batch: bool) -> None:
    """Declares the x axis of the metrics of batches, or of epochs, to the current run (``define_metric``)."""
    axis, metrics = ("batch/batch_step", "batch/*") if by_batch else ("epoch/epoch", "epoch/*")
    wandb.define_metric(axis)
    wandb.define_metric(metrics, step_metric=axis)
