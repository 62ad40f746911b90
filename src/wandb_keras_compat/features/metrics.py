"""Epoch and batch metrics, over the installed wandb's ``WandbMetricsLogger``, under the legacy names."""

from __future__ import annotations

from typing import Any

from .. import messages
from ..host.feature import Feature
from ..sdk.proxy import WandbProxy, through_proxy


class Metrics(Feature):
    """Closes each epoch's row: Keras' own metric names, and ``epoch`` counted from 0.

    With ``log_batch_frequency=n`` every n-th batch has a row of its own, under the same bare names,
    with Keras' running means; batch 0 is the first. With ``keys="both"`` or ``"new"`` the rows are those of
    this package's :class:`~wandb_keras_compat.WandbMetricsLogger`.
    """

    lost = "metrics"
    retries = True
    runs_the_model = False

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._epochs = self._legacy("epoch")
        self._newer: Any = None
        self._batches = self._legacy(1)
        #: What Keras reports now: a metric may be called as the newer callback calls its counters.
        self.reported: dict[str, Any] = {}
        self._steps_per_execution: int | None = None

    def on_train_begin(self) -> None:
        self._steps_per_execution = None
        self._newer = None

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None) -> None:
        frequency = self.callback.log_batch_frequency
        if not frequency:
            return
        if self.callback.keys != "legacy":
            self._newer_logger().on_train_batch_end(batch, logs)
            return
        # With steps_per_execution Keras passes the last batch's index, which n need not divide.
        if self._steps_per_execution is None:  # on Keras 2 a variable: reading it costs as much as a row
            self._steps_per_execution = self.backend.steps_per_execution(self.model)
        execution = batch // self._steps_per_execution
        if execution % frequency != 0:  # also 2.0, which the newer callback takes for no frequency
            return
        self.reported = logs or {}
        self._batches.on_train_batch_end(execution, logs)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any]) -> None:
        self._steps_per_execution = None
        if not logs:
            self.warn(messages.no_metrics())
        self.reported = logs
        logger = self._epochs if self.callback.keys == "legacy" else self._newer_logger()
        logger.on_epoch_end(epoch, logs)
        logger.on_epoch_begin(epoch + 1)

    def _newer_logger(self) -> Any:
        if self._newer is not None:
            return self._newer
        from ..newer_callbacks import WandbMetricsLogger

        frequency = self.callback.log_batch_frequency
        logger = WandbMetricsLogger(log_freq=int(frequency) if frequency else "epoch", keys=self.callback.keys)
        logger.set_params(self.callback.params)
        logger.set_model(self.model)
        logger.on_train_begin()
        self._newer = logger
        return logger

    def _legacy(self, log_freq: Any) -> Any:
        names = _EpochNames(self) if log_freq == "epoch" else _BatchNames(self)
        logger_class = through_proxy("WandbMetricsLogger", names)
        # The rate was never logged; where it belongs to Keras' logs it is there without this.
        logger_class._get_lr = lambda _: None
        return logger_class(log_freq=log_freq)


class _EpochNames(WandbProxy):
    """Takes ``epoch/loss`` and logs ``loss``. wandb 0.13.4 writes epochs bare already."""

    def __init__(self, feature: Metrics) -> None:
        self._feature = feature

    def log(self, values: dict[str, Any], commit: bool = True) -> None:
        if "epoch/epoch" in values:
            values = {key.removeprefix("epoch/"): value for key, value in values.items()}
            values.update(self._feature.reported)  # a metric called "epoch" comes after the number, as it always did
        self._feature.run.log(values, commit=commit)


class _BatchNames(WandbProxy):
    """Takes ``batch/loss`` and logs ``loss``; the step count, a call of its own in wandb 0.13.4, is left out."""

    def __init__(self, feature: Metrics) -> None:
        self._feature = feature

    def log(self, values: dict[str, Any], commit: bool = True) -> None:
        values = {key.removeprefix("batch/"): value for key, value in values.items() if key != "batch/batch_step"}
        if commit:
            values.update(self._feature.reported)  # a metric called "batch_step" is no step count
        if values or commit:
            self._feature.run.log(values, commit=commit)
