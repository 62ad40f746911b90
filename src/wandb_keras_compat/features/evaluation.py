"""``log_evaluation``: validation data and predictions as tables, over the installed wandb's ``WandbEvalCallback``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import wandb

from .. import messages
from ..data import batches as forms
from ..data.arrays import class_names, plain
from ..data.batch_memory import BatchMemory
from ..host.feature import Feature
from ..sdk.proxy import WandbProxy, through_proxy
from .row_processors import inferred_columns, label_table


class Evaluation(Feature):
    """The validation table once, the prediction table at epochs 0, n, 2n, ... and at the end.

    ``log_evaluation_frequency`` is n; 0 means only at the end. The validation table is the artifact
    ``wb_validation_data`` (type ``validation_dataset``, entry ``validation_data``), the prediction table
    is logged as ``validation_predictions``.
    """

    lost = "the evaluation table"
    retries = True

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._tables: Any = None
        self._due = False

    def on_train_begin(self) -> None:
        self._tables, self._due = None, False
        self._start()

    def on_epoch_end(self, epoch: int, logs: dict[str, Any]) -> None:
        self._due = True
        frequency = self.callback._log_evaluation_frequency
        if self._tables is None and isinstance(self.callback._validation_source(), BatchMemory):
            self._start()  # what is read only once has shown its data only now
        if frequency > 0 and epoch % frequency == 0:
            self.callback._attempt_evaluation_log(commit=False)

    def on_train_end(self) -> None:
        if self._due:
            self.callback._attempt_evaluation_log()

    def log_predictions(self, commit: bool = True) -> None:
        """Logs one prediction table; a failure warns, and the table is tried again when it is next due."""
        if self._tables is None:
            return
        try:
            self._tables.log(commit)
            self._due = False
        except Exception as error:
            self.warn(messages.evaluation_failed(error), "predictions")

    def _start(self) -> None:
        try:
            pair = self._validation_data()
            if pair is not None:
                tables = evaluation_tables(self, *pair)
                tables.on_train_begin()
                self._tables = tables
        except Exception as error:
            self.warn(messages.evaluation_not_started(error), self.lost)

    def _validation_data(self) -> tuple[Any, Any] | None:
        callback = self.callback
        source = callback._validation_source()
        if source is None:
            unreadable = callback._unreadable()
            self.warn(messages.no_validation_data(unreadable), unreadable)
            return None
        steps = callback.validation_steps or (callback.fit_data.steps if callback.fit_data else None)
        if hasattr(source, "__next__") and not steps and callback.fit_data is not None:
            # Nobody says how much of the generator makes a table, but what fit validates on may be whole.
            whole = callback.fit_data.given
            source = whole if isinstance(whole, (list, tuple)) else source
        if isinstance(source, (list, tuple)):
            x, y, _ = forms.split_batch(source)
            return x, y
        if isinstance(source, BatchMemory):
            return forms.join(source.seen) if source.seen else None
        if hasattr(source, "__next__") and not steps:
            self.warn(messages.NO_STEPS)
            return None
        return forms.joined_batches(source, steps)


def evaluation_tables(feature: Evaluation, inputs: Any, targets: Any) -> Any:
    """An instance of the installed ``WandbEvalCallback`` that logs the legacy tables of *inputs* and *targets*.

    The sequence is that of the newer callback (make the data table, fill it, log it; make a prediction table, fill
    it, log it); the content of the tables and the names they are logged under are those of the legacy class.
    """
    callback, run, backend = feature.callback, feature.run, feature.backend
    original = through_proxy("WandbEvalCallback", WandbProxy())
    labels = label_table(class_names(callback.labels))
    given = inputs
    inputs = _by_column("input", inputs, backend.input_names(feature.model))
    targets = None if targets is None else _by_column("target", targets, backend.output_names(feature.model))

    class LegacyTables(original):  # type: ignore[misc, valid-type]
        def log(self, commit: bool) -> None:
            self.commit = commit
            self.on_epoch_end(0)

        # --- the validation table --------------------------------------------------------------------

        def on_train_begin(self, logs: Any = None) -> None:
            if callback._validation_indexes is None:
                super().on_train_begin(logs)
            else:
                self.indexes = callback._validation_indexes  # rows of a table the user has

        def init_data_table(self, column_names: list[str]) -> None:
            # The newer callback allows mixed types in a column; readers of these tables have typed ones.
            self.data_table = wandb.Table(columns=list(column_names))

        def init_pred_table(self, column_names: list[str]) -> None:
            # A table adds its columns to the very list it is given; each one needs its own.
            super().init_pred_table(list(column_names))

        def add_ground_truth(self, logs: Any = None) -> None:
            if targets is None:
                raise ValueError(messages.no_targets())
            _add_columns(self.data_table, "target", targets)
            _add_columns(self.data_table, "input", inputs)
            process = callback._validation_row_processor
            if process is None and callback._infer_missing_processors:
                base = None if isinstance(inputs, dict) else _example(inputs)
                process = _inferred(
                    {**_columns("input", inputs, None), **_columns("target", targets, labels, base)},
                    lambda row_index, row: row.get("input"),
                )
            if process is not None:
                self.data_table.add_computed_columns(process)

        def log_data_table(self, *_: Any, **__: Any) -> None:
            artifact = wandb.Artifact("wb_validation_data", type="validation_dataset")
            artifact.add(self.data_table, "validation_data")
            # Hardly waited for: the table links by reference, and training should not stand still.
            run.use_artifact(artifact)
            self.indexes = self.data_table.get_index()

        # --- a prediction table ----------------------------------------------------------------------

        def add_model_predictions(self, epoch: int, logs: Any = None) -> None:
            predictions = backend.predict(feature.model, given)
            predictions = _by_column("output", predictions, backend.output_names(feature.model))
            _add_columns(self.pred_table, "output", predictions)
            self.pred_table.add_column("val_row", self.indexes)
            process = callback._prediction_row_processor
            if process is None and callback._infer_missing_processors:
                base = None if isinstance(inputs, dict) else _example(inputs)
                process = _inferred(_columns("output", predictions, labels, base), _input_of_linked_row)
            if process is not None:
                self.pred_table.add_computed_columns(process)

        def log_pred_table(self, *_: Any, **__: Any) -> None:
            run.log({"validation_predictions": self.pred_table}, commit=self.commit)

    tables = LegacyTables(data_table_columns=[], pred_table_columns=[])
    tables.set_model(feature.model)
    return tables


def _by_column(name: str, values: Any, names: list[str] | None) -> Any:
    """*values* for the columns of a table: one array or list, or a dict of them by the *names* of the model's tensors.

    A list or tuple holds an array for each tensor, as Keras reads it, or for each sample, as the legacy class read it;
    only the first has as many entries as the model has tensors.
    """
    if isinstance(values, (list, tuple)) and forms.is_structure(values):
        if names is None:
            names = [f"{name}_{index}" for index in range(1, len(values) + 1)] if isinstance(values, tuple) else []
        if len(values) != len(names):
            return [plain(value) for value in values]
        values = values[0] if len(values) == 1 else dict(zip(names, values))
    if isinstance(values, dict):
        return {key: plain(value) for key, value in values.items()}
    return plain(values)


def _add_columns(table: wandb.Table, name: str, values: Any) -> None:
    for key, column in values.items() if isinstance(values, dict) else [(name, values)]:
        table.add_column(key, column if isinstance(column, list) else forms.to_numpy(column))


def _example(values: Any) -> Any:
    return values[0] if hasattr(values, "__len__") else None


def _columns(name: str, values: Any, labels: Any, base: Any = None) -> dict[str, tuple[str, Any]]:
    """``{column: (the key of its value in a row, how to make it)}`` for one value or a dict of them."""
    if isinstance(values, dict):
        parts = [_columns(key, column, labels) for key, column in values.items()]
        return {column: made for part in parts for column, made in part.items()}
    columns = inferred_columns(_example(values), labels, base)
    return {f"{name}:{suffix}": (name, make) for suffix, make in columns.items()}


def _inferred(columns: dict[str, tuple[str, Any]], base_of: Callable[[Any, Any], Any]) -> Any:
    def process(row_index: Any, row: dict[str, Any]) -> dict[str, Any]:
        return {column: make(row[key], base_of(row_index, row)) for column, (key, make) in columns.items()}

    return process


def _input_of_linked_row(row_index: Any, row: dict[str, Any]) -> Any:
    """The input a prediction belongs to, through the link to its validation row."""
    linked = row["val_row"]
    return linked.get_row().get("input") if hasattr(linked, "get_row") else None
