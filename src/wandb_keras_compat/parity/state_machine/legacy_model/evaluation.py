"""*Evaluation*: a table of the validation data when training begins, tables of predictions while it goes on."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ....testing.trace.canonical import Content, number
from ..data import RaisesInRow, RowFunction, Samples
from .arithmetic import predictions
from .columns import inferred
from .state import LegacyState
from .values import canonical

NO_DATA = "WandbCallback is unable to read validation_data from trainer"
NO_STEPS = (
    "WandbCallback is unable to log validation data. "
    "When using a generator for validation_data, you must pass validation_steps"
)
NOT_STARTED = "Error initializing ValidationDataLogger in WandbCallback."
FAILED = "Error during prediction logging for epoch:"


class Evaluation:
    """Of one callback.

    Attributes:
        x: what is predicted of; None where there is no table.
    """

    def __init__(self, owner: LegacyState) -> None:
        self._owner = owner
        self.x: Any = None
        # The real class notes batches, the shim epochs: see :meth:`train_ends`.
        self._batch_ran = self._epoch_ran = False

    # --- hooks ----------------------------------------------------------------------------------------------

    def train_begins(self) -> None:
        """The validation table: targets first, then inputs, then the columns made of them."""
        if not self._owner.options["log_evaluation"]:
            return
        self._epoch_ran = False
        if self._owner.rules.shim:
            self.x = None  # the real class keeps that of an earlier training, of the same data
        data = self._data()
        if data is None:
            return
        x, y = data
        columns = {"target": y, "input": x}
        try:
            made = self._made(columns, "validation_row_processor", [("input", x, []), ("target", y, self._labels())])
        except RaisesInRow:
            self._owner.say(NOT_STARTED)
            return
        self.x = x
        table = Content(_type="table", columns=[*columns, *made], rows=_rows([*columns.values(), *made.values()]))
        self._owner.run.use_artifact("wb_validation_data", "validation_dataset", {"validation_data.table.json": table})

    def batch_begins(self) -> None:
        self._batch_ran = True

    def epoch_ends(self, epoch: int) -> None:
        """At epochs 0, n, 2n and so on, in the epoch's row."""
        self._epoch_ran = True
        frequency = self._owner.options["log_evaluation_frequency"]
        if frequency > 0 and epoch % frequency == 0:
            self._log(commit=False)

    def train_ends(self) -> None:
        """In a row of its own, if there was any training since the last table."""
        due = self._batch_ran
        if self._batch_ran != self._epoch_ran and self.x is not None and self._owner.rules.differs("KD-056"):
            due = self._epoch_ran
        if due:
            self._log(commit=True)

    # --- tables ---------------------------------------------------------------------------------------------

    def _log(self, commit: bool) -> None:
        owner = self._owner
        if self.x is None:
            return
        output = predictions(owner.play.net, owner.version, self.x)
        columns = {"output": output, "val_row": range(len(output))}
        try:
            made = self._made(columns, "prediction_row_processor", [("output", output, self._labels())])
        except RaisesInRow:
            owner.say(FAILED)
            return
        if any(_has_nan(cell) for column in made.values() for cell in column):
            owner.say(FAILED)
            return
        table = Content(_type="table", columns=[*columns, *made], rows=_rows([*columns.values(), *made.values()]))
        owner.run.log({"validation_predictions": table}, commit)
        self._batch_ran = self._epoch_ran = False

    def _made(self, columns: dict[str, Any], option: str, values: list[tuple[str, Any, list[Any]]]) -> dict[str, Any]:
        """The columns that the user's function makes of a row, else those inferred."""
        function: RowFunction | None = self._owner.options[option]
        if function is not None:
            return function.column(columns)
        if not self._owner.options["infer_missing_processors"]:
            return {}
        return {
            f"{name}:{kind}": [make(value) for value in column]
            for name, column, labels in values
            for kind, make in inferred(column[0], labels, self._owner.rules).items()
        }

    def _labels(self) -> list[Any]:
        labels = self._owner.options["labels"]
        if labels and not isinstance(labels, list) and not self._owner.rules.differs("KD-057"):
            return []
        return list(labels or [])

    def _data(self) -> Any:  # noqa: PLR0911 - a way in which data is missing or there, each
        """x and y: of arrays all, of a generator so many batches, joined."""  # noqa: D403 - a name that begins small
        owner, options, net = self._owner, self._owner.options, self._owner.play.net
        source: Samples | None = options["validation_data"] or options["generator"]
        steps = options["validation_steps"]
        if owner.batch_drawn is not None and not owner.rules.differs("KD-058"):
            if options["generator"] is not None and options["generator"].form == "iterated":
                owner.say(NOT_STARTED)  # a batch of a dataset is tensors, which no table takes
                return None
            return owner.batch_drawn
        endless = source is not None and source.form == "forever" and not steps and owner.arrays_of_fit is not None
        if endless and (owner.rules.patches_fit or owner.rules.differs("KD-099")):
            source = owner.arrays_of_fit
        if source is None:
            owner.say(NO_DATA)
            return None
        if source.form in ("dataset", "sequence"):
            if not owner.rules.differs("KD-055"):
                owner.say(NO_STEPS if source.form == "sequence" and not steps else NOT_STARTED)
                return None
            batches = source.batches(net)[:steps]
        elif source.form == "reread":
            batches = source.batches(net)[:steps]
        elif source.form in ("forever", "iterated"):
            if not steps:
                owner.say(NO_STEPS)
                return None
            every = source.batches(net)
            if source.form == "iterated" and (steps == 1 or owner.batches_read + steps > len(every)):
                # One batch alone is still a tensor, which no table takes; batches that are joined are arrays.
                owner.batches_read += min(steps, len(every))
                owner.say(NOT_STARTED)
                return None
            batches = [every[at % len(every)] for at in range(owner.batches_read, owner.batches_read + steps)]
            owner.batches_read += steps
        else:
            return source.arrays(net)
        x, y = zip(*batches)
        return np.concatenate(x), np.concatenate(y)


def _rows(columns: list[Any]) -> list[list[Any]]:
    """Cells; an array of more than one dimension is in a file of its own."""
    return [
        [None if np.ndim(cell) > 1 and not isinstance(cell, dict) else _cell(cell) for cell in row]
        for row in zip(*columns)
    ]


def _cell(cell: Any) -> Any:
    """Of an array, NaN is nothing in a table."""
    made = canonical(cell)
    return [None if item == number(math.nan) else item for item in made] if isinstance(made, list) else made


def _has_nan(cell: Any) -> bool:
    """Whether a cell has a NaN that is Python's, which a ``wandb.Table`` refuses in a computed column."""
    if isinstance(cell, dict):
        return not isinstance(cell, Content) and any(map(_has_nan, cell.values()))
    return isinstance(cell, (float, np.ndarray)) and bool(np.isnan(cell).any())
