"""The base of ``WandbEvalCallback`` where wandb's own cannot be imported."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import wandb
from wandb.sdk.lib import telemetry

from ...backends import callback_base
from . import messages

_Callback: Any = callback_base()


class WandbEvalCallback(_Callback, ABC):
    """Logs a table of ground truth once and a table of predictions after each epoch; a subclass fills them.

    Args:
        data_table_columns: names of the columns of the ground truth.
        pred_table_columns: names of the columns of the predictions.

    Raises:
        wandb.Error: there is no run.
    """

    def __init__(self, data_table_columns: list[str], pred_table_columns: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if wandb.run is None:
            raise wandb.Error(messages.INIT_BEFORE_EVAL_CALLBACK)
        with telemetry.context(run=wandb.run) as record:
            record.feature.keras_wandb_eval_callback = True
        self.data_table_columns = data_table_columns
        self.pred_table_columns = pred_table_columns

    # --- what happens when ---------------------------------------------------------------------------

    def on_train_begin(self, logs: Any = None) -> None:
        self.init_data_table(column_names=self.data_table_columns)
        self.add_ground_truth(logs)
        self.log_data_table()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self.init_pred_table(column_names=self.pred_table_columns)
        self.add_model_predictions(epoch, logs)
        self.log_pred_table()

    # --- what a subclass writes ----------------------------------------------------------------------

    @abstractmethod
    def add_ground_truth(self, logs: Any = None) -> None:
        """Adds the rows of the ground truth to ``data_table``."""
        raise NotImplementedError(f"{type(self).__name__}.add_ground_truth")

    @abstractmethod
    def add_model_predictions(self, epoch: int, logs: Any = None) -> None:
        """Adds the rows of one epoch to ``pred_table``."""
        raise NotImplementedError(f"{type(self).__name__}.add_model_predictions")

    # --- the tables ----------------------------------------------------------------------------------

    def init_data_table(self, column_names: list[str]) -> None:
        """Makes ``data_table``, empty; a column may hold values of several types."""
        self.data_table = wandb.Table(columns=column_names, allow_mixed_types=True)

    def init_pred_table(self, column_names: list[str]) -> None:
        """Makes ``pred_table``, empty."""
        self.pred_table = wandb.Table(columns=column_names)

    def log_data_table(self, name: str = "val", type: str = "dataset", table_name: str = "val_data") -> None:
        """Logs ``data_table`` in the artifact *name*, and sets ``data_table_ref`` to the table that a server has."""
        artifact = wandb.Artifact(name, type=type)
        artifact.add(self.data_table, table_name)
        wandb.run.use_artifact(artifact)
        artifact.wait()
        self.data_table_ref = artifact.get(table_name)

    def log_pred_table(
        self, type: str = "evaluation", table_name: str = "eval_data", aliases: list[str] | None = None
    ) -> None:
        """Logs ``pred_table`` in a new version of the artifact ``run_<id>_pred``."""
        artifact = wandb.Artifact(f"run_{wandb.run.id}_pred", type=type)
        artifact.add(self.pred_table, table_name)
        wandb.run.log_artifact(artifact, aliases=aliases or ["latest"])
