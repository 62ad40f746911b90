"""What a scenario does around ``fit``: each takes a :class:`Training` and uses its callbacks as people did."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import wandb

from . import workers
from .frameworks import keras
from .training import Training


def one_fit(training: Training) -> None:
    training.fit(training.callback())


def two_fits(training: Training) -> None:
    callbacks = training.callback()()
    training.fit(*callbacks)
    training.fit(*callbacks)


def two_callbacks(training: Training) -> None:
    training.fit(training.callback(), training.callback(log_weights=True))


def resumed(training: Training) -> None:
    """A run that already had a best value, which this training does not reach."""
    training.start_run(resume_summary={"best_val_loss": -1.0, "best_epoch": 3}, step=7)
    one_fit(training)


def resumed_better(training: Training) -> None:
    training.start_run(resume_summary={"best_val_loss": 1e9, "best_epoch": 3}, step=7)
    one_fit(training)


def raises_midway(training: Training) -> None:
    """The data gives out an error in the second epoch, as data does."""

    class Breaks(keras.callbacks.Callback):
        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            if self.params.get("epoch") == 1 and batch == 1:
                raise RuntimeError("the data ended")

        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            self.params["epoch"] = epoch

    try:
        training.fit(training.callback(), Breaks())
    except RuntimeError as error:
        if "the data ended" not in str(error):
            raise


def stops_midway(training: Training) -> None:
    class Stops(keras.callbacks.Callback):
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            self.model.stop_training = epoch == 1

    training.fit(training.callback(), Stops())


class Logs(keras.callbacks.Callback):
    """A user's own logging, around that of the callback."""

    def __init__(self, commit: bool) -> None:
        super().__init__()
        self.commit = commit

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        wandb.log({"mine": epoch * 10}, commit=self.commit)


def user_logs(training: Training) -> None:
    training.fit(Logs(commit=True), training.callback(), Logs(commit=True))


def user_logs_uncommitted(training: Training) -> None:
    training.fit(Logs(commit=False), training.callback())


def learning_rate_schedule(training: Training) -> None:
    schedule = keras.callbacks.LearningRateScheduler(lambda epoch: 0.05 / (epoch + 1))
    training.fit(schedule, training.callback())


def subclass_hooks(training: Training) -> None:
    """Overrides the hooks to log before and after, as people did for metrics of their own."""

    class Mine(training.base):  # type: ignore[name-defined]
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            super().on_epoch_end(epoch, {**(logs or {}), "doubled": 2.0 * (logs or {}).get("loss", 0.0)})

        def on_train_end(self, logs: Any = None) -> None:
            super().on_train_end(logs)
            wandb.run.summary["done"] = True

    training.fit(training.callback(base=Mine))


def subclass_log_weights(training: Training) -> None:
    class Mine(training.base):  # type: ignore[name-defined]
        def _log_weights(self) -> Any:
            return {f"own/{key}": value for key, value in super()._log_weights().items()}

    training.fit(training.callback(base=Mine))


def subclass_save_model(training: Training) -> None:
    class Mine(training.base):  # type: ignore[name-defined]
        def _save_model(self, epoch: int) -> None:
            wandb.run.summary["saved_in"] = epoch

        def _save_model_as_artifact(self, epoch: int) -> None:
            wandb.run.summary["logged_in"] = epoch

    training.fit(training.callback(base=Mine))


def subclass_captions(training: Training) -> None:
    class Mine(training.base):  # type: ignore[name-defined]
        def _logits_to_captions(self, logits: Any) -> Any:
            return [f"{float(row.max()):.2f}" for row in logits]

    training.fit(training.callback(base=Mine))


def a_new_run(training: Training) -> None:
    """The same model goes on in another run, with a callback of that run's own."""
    training.fit(training.callback())
    training.start_run(name="another")
    training.fit(training.callback())


def own_table(training: Training) -> None:
    """The validation data is in a table of the user's, and the predictions refer to its rows."""
    x, _ = training.arrays()
    table = wandb.Table(columns=["id"], data=[[index] for index in range(len(x))])
    artifact = wandb.Artifact("own", type="dataset")
    artifact.add(table, "data")
    wandb.run.use_artifact(artifact)
    training.fit(training.callback(validation_indexes=table.get_index(), prediction_row_processor=_highest))


def _highest(index: Any, row: Any) -> dict[str, Any]:
    return {"highest": int(row["output"].argmax())}


def mirrored(training: Training) -> None:
    """Two replicas; on a machine without two devices, two logical ones."""
    import tensorflow as tf

    strategy = tf.distribute.MirroredStrategy(
        [f"CPU:{index}" for index in range(len(tf.config.list_logical_devices("CPU")))]
    )
    with strategy.scope():
        training.make_model()
    one_fit(training)


def two_workers(training: Training) -> None:
    """One of two workers: both have the callback, and a run."""
    with workers.strategy().scope():
        training.make_model()
    one_fit(training)


PROGRAMS: dict[str, Callable[[Training], None]] = {
    program.__name__: program
    for program in (
        one_fit, two_fits, two_callbacks, resumed, resumed_better, raises_midway, stops_midway, user_logs,
        user_logs_uncommitted, learning_rate_schedule, subclass_hooks, subclass_log_weights, subclass_save_model,
        subclass_captions, a_new_run, own_table, mirrored, two_workers,
    )
}  # fmt: skip
