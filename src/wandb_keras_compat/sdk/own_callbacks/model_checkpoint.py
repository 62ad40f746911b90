"""The base of ``WandbModelCheckpoint`` where wandb's own cannot be imported."""

from __future__ import annotations

import os
from string import Formatter
from typing import Any

import wandb
from wandb.sdk.lib import telemetry

from ...backends import model_checkpoint
from . import messages

_KerasModelCheckpoint: Any = model_checkpoint().KerasModelCheckpoint


class WandbModelCheckpoint(_KerasModelCheckpoint):
    """Keras' ``ModelCheckpoint``, which logs each file it saves as a version of the artifact ``run_<id>_model``.

    Args:
        filepath, monitor, verbose, save_best_only, save_weights_only, mode, save_freq, initial_value_threshold:
            as in Keras.
        **kwargs: passed to Keras' class.

    Raises:
        wandb.Error: there is no run.
    """

    def __init__(
        self,
        filepath: Any,
        monitor: str = "val_loss",
        verbose: int = 0,
        save_best_only: bool = False,
        save_weights_only: bool = False,
        mode: str = "auto",
        save_freq: str | int = "epoch",
        initial_value_threshold: float | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            filepath,
            monitor=monitor,
            verbose=verbose,
            save_best_only=save_best_only,
            save_weights_only=save_weights_only,
            mode=mode,
            save_freq=save_freq,
            initial_value_threshold=initial_value_threshold,
            **kwargs,
        )
        if wandb.run is None:
            raise wandb.Error(messages.INIT_BEFORE_MODEL_CHECKPOINT)
        with telemetry.context(run=wandb.run) as record:
            record.feature.keras_model_checkpoint = True
        self.save_weights_only = save_weights_only
        if save_best_only:
            self._check_filepath()

    def _check_filepath(self) -> None:
        if all(field is None for _, field, _, _ in Formatter().parse(self.filepath)):
            wandb.termwarn(messages.NO_PLACEHOLDERS, repeat=False)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        super().on_epoch_end(epoch, logs)
        if self.save_freq == "epoch":
            self._log_save(f"epoch_{epoch}", epoch, None, logs)

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        epoch = self._current_epoch
        if self._should_save_on_batch(batch):
            self._save_model(epoch=epoch, batch=batch, logs=logs)
            self._log_save(f"epoch_{epoch}_batch_{batch}", epoch, batch, logs)

    def _log_save(self, alias: str, epoch: int, batch: int | None, logs: dict[str, Any] | None) -> None:
        path = self._get_file_path(epoch=epoch, batch=batch, logs=logs)
        self._log_ckpt_as_artifact(path, aliases=["latest", alias])

    def _log_ckpt_as_artifact(self, filepath: str, aliases: list[str] | None = None) -> None:
        run = wandb.run
        if run is None:
            raise wandb.Error(messages.INIT_BEFORE_MODEL_CHECKPOINT)
        artifact = wandb.Artifact(f"run_{run.id}_model", type="model")
        if os.path.isdir(filepath):
            artifact.add_dir(filepath)
        elif os.path.isfile(filepath):
            artifact.add_file(filepath)
        else:
            raise FileNotFoundError(messages.nothing_saved(filepath))
        wandb.log_artifact(artifact, aliases=aliases or [])
