"""The ``best_`` summary: the best value of the monitored metric and its epoch."""

from __future__ import annotations

from typing import Any

import wandb

from .. import messages
from ..host.best_value import as_number
from ..host.feature import Feature


class Best(Feature):
    lost = "the best_ summary"
    retries = True
    runs_the_model = False

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._met = False
        #: The metrics of the last epoch while the monitored one has not been among those of any epoch.
        self._missed: list[str] | None = None

    def on_train_begin(self) -> None:
        self._met, self._missed = False, None

    def on_epoch_end(self, epoch: int, logs: dict[str, Any]) -> None:
        callback = self.callback
        callback.current = logs.get(callback.monitor)
        value = as_number(callback.current)
        callback._improved = False
        if value is not None:
            self._met = True
        self._missed = None if self._met else sorted(logs)
        if value is None or not callback.monitor_op(value, callback.best):
            return
        callback._improved = True
        if callback.log_best_prefix and callback.writes_best and callback.verbose and not callback.save_model:
            wandb.termlog(messages.improved(epoch, callback.monitor, callback.best, value))

    def after_epoch_end(self, epoch: int) -> None:
        """Runs after the checkpoint: a summary set earlier would name an epoch whose file is not uploaded yet."""
        callback = self.callback
        if callback._improved and callback.log_best_prefix and callback.writes_best:
            self.run.set_summary(f"{callback.log_best_prefix}{callback.monitor}", callback.current)
            self.run.set_summary(f"{callback.log_best_prefix}epoch", epoch)

    def on_train_end(self) -> None:
        if self._missed is not None and (self.callback.log_best_prefix or self.callback.save_model):
            self.warn(messages.no_best(self.callback.monitor, self._missed), "monitor")
