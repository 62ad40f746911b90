"""What the package's subclasses of W&B's three newer callbacks cost over the plain classes, per batch and per epoch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from .measure import interleaved
from .models import BATCH, BY_NAME
from .results import Effort, Row
from .wandb_runs import offline_run

TITLE = "newer callbacks"
SUBJECT = BY_NAME["MLP 26k"]
LIMIT = 1.02
CALLS = 200
FIT_BATCHES = 256


def measure(effort: Effort) -> Iterator[Row]:
    """The hooks as Keras calls them, without the noise of training around them.

    Where a hook of a batch does next to nothing (the logger of epochs counts), its share of a batch is measured in a
    whole ``fit``, and what it takes alone is shown in milliseconds.
    """
    from wandb.integration.keras import callbacks as plain

    import wandb_keras_compat as ours

    with offline_run():
        for name, hooks, calls in (
            ("WandbMetricsLogger, epoch", _logger_epochs, effort.of(CALLS)),
            ("WandbMetricsLogger, batch", _logger_batches, effort.of(CALLS)),
            ("WandbMetricsLogger without batches, fit", _silent_fit, effort.of(FIT_BATCHES)),
            ("WandbModelCheckpoint, epoch", _checkpoints, 1),
            ("WandbEvalCallback, epoch", _tables, 5),
        ):
            model = SUBJECT.build()
            sides = {side: hooks(classes, model, calls) for side, classes in (("ours", ours), ("plain", plain))}
            times = interleaved(sides, effort.rounds, clock=effort.clock)
            each = times.spread("plain", unit=1e-3 * calls).median
            yield Row(
                TITLE, name, "ours / plain", times.ratio("ours", "plain"), limit=LIMIT, note=f"plain {each:.3f} ms"
            )
        yield from _silent_hooks(effort)


def _silent_hooks(effort: Effort) -> Iterator[Row]:
    from wandb.integration.keras import callbacks as plain

    import wandb_keras_compat as ours

    calls = effort.of(CALLS) * 20
    model = SUBJECT.build()
    sides = {side: _silent_batches(classes, model, calls) for side, classes in (("ours", ours), ("plain", plain))}
    times = interleaved(sides, effort.rounds, clock=effort.clock)
    for side in sides:
        each = times.spread(side, unit=1e-3 * calls)
        yield Row(TITLE, "WandbMetricsLogger without batches, hook alone", f"{side}, one batch", each, unit="ms")


def _ready(callback: Any, model: Any) -> Any:
    callback.set_params({"epochs": 1, "steps": CALLS, "verbose": 0})
    callback.set_model(model)
    callback.on_train_begin()
    callback.on_epoch_begin(0)
    return callback


def _logger_epochs(classes: Any, model: Any, calls: int) -> Callable[[], None]:
    callback = _ready(classes.WandbMetricsLogger(), model)
    return lambda: [callback.on_epoch_end(epoch, {"loss": 0.5, "val_loss": 0.6}) for epoch in range(calls)]


def _logger_batches(classes: Any, model: Any, calls: int) -> Callable[[], None]:
    callback = _ready(classes.WandbMetricsLogger(log_freq="batch"), model)
    return lambda: [callback.on_train_batch_end(batch, {"loss": 0.5}) for batch in range(calls)]


def _silent_fit(classes: Any, model: Any, batches: int) -> Callable[[], object]:
    x, y = SUBJECT.data(batches * BATCH)
    callback = classes.WandbMetricsLogger()
    return lambda: model.fit(x, y, batch_size=BATCH, epochs=1, verbose=0, callbacks=[callback])


def _silent_batches(classes: Any, model: Any, calls: int) -> Callable[[], None]:
    callback = _ready(classes.WandbMetricsLogger(), model)
    return lambda: [callback.on_train_batch_end(batch, {"loss": 0.5}) for batch in range(calls)]


def _checkpoints(classes: Any, model: Any, calls: int) -> Callable[[], None]:
    import wandb

    callback = _ready(classes.WandbModelCheckpoint(f"{wandb.run.dir}/benchmark.keras"), model)
    return lambda: [callback.on_epoch_end(epoch, {"loss": 0.5}) for epoch in range(calls)]


def _tables(classes: Any, model: Any, calls: int) -> Callable[[], None]:
    class Tables(classes.WandbEvalCallback):  # type: ignore[misc, name-defined]
        def add_ground_truth(self, logs: Any = None) -> None:
            self.data_table.add_data(0)

        def add_model_predictions(self, epoch: int, logs: Any = None) -> None:
            for index in range(100):
                self.pred_table.add_data(index)

    callback = Tables(["index"], ["predicted"])
    callback.set_model(model)

    def epochs() -> None:
        for epoch in range(calls):
            callback.init_pred_table(["predicted"])
            callback.add_model_predictions(epoch)
            callback.log_pred_table()

    return epochs
