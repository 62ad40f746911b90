"""The only module that writes to the W&B run.

It owns commit and step order: parts of a row are sent uncommitted, the metrics close the row, and what
belongs to the summary, files and artifacts follows. Steps are wandb's own counter and are never passed,
so a user's ``wandb.log`` calls and ours interleave as they always did. All of it is handed to wandb's service in the
thread of the training, in order; what wandb asks the server before it does so is not waited for.
"""

from __future__ import annotations

from typing import Any

import wandb

from .files import publish_file
from .run_state import RunState, run_state
from .server_questions import inputs_not_waited_for, without_waiting

#: What a row of metrics holds, and wandb asks no server about.
_NUMBERS = frozenset({int, float, bool})


class RunWriter:
    """Writes to whatever run is current, so a callback that outlives its run writes to the next one."""

    @property
    def run(self) -> Any:
        """The current ``wandb.run``.

        Raises:
            wandb.Error: there is none.
        """
        run = wandb.run
        if run is None:
            raise wandb.Error("there is no W&B run any more: call wandb.init() before training goes on")
        return run

    @property
    def state(self) -> RunState:
        """Whether the current run is online, offline or disabled."""
        return run_state(self.run)

    def log(self, values: dict[str, Any], commit: bool) -> None:
        """Adds *values* to the current row, and closes the row if *commit*."""
        run = self.run
        if _NUMBERS.issuperset(map(type, values.values())):  # most rows; the guard costs as much as the call
            run.log(values, commit=commit)
            return
        with without_waiting(run):
            run.log(values, commit=commit)

    def add(self, values: dict[str, Any]) -> None:
        """Adds *values* to the current row; nothing happens for an empty dict."""
        if values:
            self.log(values, commit=False)

    def set_summary(self, key: str, value: Any) -> None:
        """Sets one summary value, in a record of its own after the rows written so far."""
        self.run.summary[key] = value

    def publish(self, path: str) -> None:
        """Has the file *path* inside the run folder, as it is now, uploaded; to be called after each change."""
        publish_file(self.run, path)

    def log_artifact(self, artifact: Any, aliases: list[str]) -> None:
        """Logs *artifact* as an output of the run."""
        run = self.run
        with without_waiting(run):
            run.log_artifact(artifact, aliases=aliases)

    def use_artifact(self, artifact: Any) -> None:
        """Logs *artifact* as an input of the run. Offline runs can use none: there it is an output."""
        run = self.run
        with without_waiting(run):
            if run.offline:
                run.log_artifact(artifact)
            else:
                with inputs_not_waited_for(run):
                    run.use_artifact(artifact)
