"""`WandbEvalCallback`: tables of ground truth and predictions, on online, offline and disabled runs."""

from __future__ import annotations

from typing import Any

import wandb

from .. import versions
from ..host.copies import Copies
from ..host.hooks_in_turn import HooksInTurn
from ..sdk.installed_callbacks import installed_callbacks
from ..sdk.run_state import RunState, run_state
from ..sdk.server_questions import inputs_not_waited_for, without_waiting
from ..sdk.telemetry import take_telemetry
from ..sdk.terminal import warn
from . import messages

_InstalledEvalCallback: Any = installed_callbacks().WandbEvalCallback


class WandbEvalCallback(HooksInTurn, Copies, _InstalledEvalCallback):
    """Base class for callbacks that log a table of predictions after every epoch.

    Subclass it and write ``add_ground_truth(logs)``, which fills ``self.data_table`` once when training
    begins, and ``add_model_predictions(epoch, logs)``, which fills ``self.pred_table`` after each epoch and
    may take the rows of the ground truth from ``self.data_table_ref`` (``get_index()``,
    ``data[index][column]``) so that images are stored once.

    Online it is the installed wandb's own class. Offline, where a run cannot use an artifact and where that
    class ends the training, the ground truth is logged as the same artifact and ``data_table_ref`` is the
    local table. What is taken from it becomes part of each prediction table's own artifact, since wandb refers
    only to artifacts that a server has: more on the local disk, the same in the tables. So it is online where the
    server does not have the ground truth after two seconds; it is waited for no longer. On a disabled run nothing can
    be logged: one warning says so, and both methods are called as ever.

    Args:
        data_table_columns: names of the columns of the ground truth.
        pred_table_columns: names of the columns of the predictions.

    Raises:
        wandb.Error: when ``wandb.init()`` has not been called.
        TypeError: when one of the two methods is not written.
    """

    _of_training = (*Copies._of_training, "data_table", "data_table_ref", "pred_table")

    def __init__(self, data_table_columns: list[str], pred_table_columns: list[str], *args: Any, **kwargs: Any) -> None:
        take_telemetry(wandb.run)
        super().__init__(data_table_columns, pred_table_columns, *args, **kwargs)

    def log_data_table(self, name: str = "val", type: str = "dataset", table_name: str = "val_data") -> None:
        """Log ``data_table`` as the artifact ``name`` and set ``data_table_ref``, from which to refer to its rows.

        Args:
            name: name of the artifact.
            type: type of the artifact.
            table_name: name of the table in the artifact.
        """
        self.data_table_ref = self.data_table
        state = _where_tables_go()
        if state is None:
            return
        try:
            with without_waiting(wandb.run):
                if state == "online":
                    with inputs_not_waited_for(wandb.run):
                        super().log_data_table(name=name, type=type, table_name=table_name)
                else:
                    artifact = wandb.Artifact(name, type=type)
                    artifact.add(self.data_table, table_name)
                    wandb.log_artifact(artifact)
        except Exception as error:
            warn(messages.data_table_not_logged(error, versions.describe()), repeat=False)

    def log_pred_table(
        self,
        type: str = "evaluation",
        table_name: str = "eval_data",
        aliases: list[str] | None = None,
    ) -> None:
        """Log ``pred_table`` as a new version of the artifact ``run_<id>_pred``.

        Args:
            type: type of the artifact.
            table_name: name of the table in the artifact.
            aliases: aliases of this version, ``["latest"]`` if not given.
        """
        if _where_tables_go() is None:
            return
        try:
            with without_waiting(wandb.run):
                super().log_pred_table(type=type, table_name=table_name, aliases=aliases)
        except Exception as error:
            warn(messages.pred_table_not_logged(error, versions.describe()), repeat=False)


def _where_tables_go() -> RunState | None:
    """Whether the run is online or offline; None, and one warning, where nothing can be logged."""
    state = run_state(wandb.run)
    if state not in ("none", "disabled"):
        return state
    warn(messages.tables_not_logged(state, versions.describe()), repeat=False)
    return None
