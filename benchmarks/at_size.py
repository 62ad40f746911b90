"""What grows with the model or with the table, at size: 25 and 100 million parameters, 10,000 rows.

Each beside what does the same work with nothing of this package: a bare gradient pass, ``wandb.Histogram`` of each
array, ``wandb.Table`` and ``wandb.Image`` filled by hand. Wants 4 GB of memory; not part of a run without ``--only``.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from .bare_passes import bare_pass, summing_pass
from .measure import interleaved
from .models import BATCH, Subject
from .results import Effort, Row
from .wandb_runs import offline_run

TITLE = "at size"
LIMIT = 1.2
ROWS = 10_000
SAMPLES = 4 * BATCH
ROUNDS = 5


def _two_layers(first: int, second: int) -> Callable[[Any], list[Any]]:
    return lambda layers: [layers.Flatten(), layers.Dense(first, "relu"), layers.Dense(second, "relu")]


SUBJECTS = (
    Subject("MLP 25M", "4800-4500", (28, 28, 1), SAMPLES, _two_layers(4800, 4500)),
    Subject("MLP 100M", "9500-9700", (28, 28, 1), SAMPLES, _two_layers(9500, 9700)),
)
SMALL = Subject("MLP 8k", "no hidden layer", (28, 28, 1), ROWS, lambda layers: [layers.Flatten()])


def measure(effort: Effort) -> Iterator[Row]:
    """Rows for the gradient pass and the weights of each model, and for both tables."""
    for subject in SUBJECTS if effort.scale == 1 else SUBJECTS[:1]:
        yield from _of_model(subject, effort)
        gc.collect()
    yield from _of_tables(effort)


def _of_model(subject: Subject, effort: Effort) -> Iterator[Row]:
    from wandb_keras_compat.backends import backend_for

    model = subject.build()
    x, y = subject.data(SAMPLES)
    ours, bare, summing = (
        backend_for(model).gradient_pass(model),
        bare_pass("tensorflow", model),
        summing_pass("tensorflow", model),
    )
    batches = [(x[start : start + BATCH], y[start : start + BATCH]) for start in range(0, SAMPLES, BATCH)]
    sides: dict[str, Callable[[], object]] = {
        "ours": lambda: ours.over_arrays(x, y, None), "bare": lambda: bare(batches),
        "summing": lambda: summing(batches),
    }  # fmt: skip
    times = interleaved(sides, ROUNDS, clock=effort.clock)
    yield Row(TITLE, f"{subject.name}, gradient pass", "shim / bare", times.ratio("ours", "bare"))
    summed = times.ratio("ours", "summing")
    yield Row(TITLE, f"{subject.name}, gradient pass", "shim / bare that sums", summed, limit=LIMIT)
    with offline_run():
        import wandb

        weights = {
            "ours": _epoch(model, log_weights=True),
            "bare": lambda: [wandb.Histogram(array.numpy()) for layer in model.layers for array in layer.weights],
        }
        gradients = {
            "ours": _epoch(model, log_gradients=True, training_data=(x, y)),
            "bare": lambda: [wandb.Histogram(array) for array in summing(batches)],
        }
        times = interleaved(weights, ROUNDS, clock=effort.clock)
        yield Row(TITLE, f"{subject.name}, weights", "shim / bare histograms", times.ratio("ours", "bare"), limit=LIMIT)
        times = interleaved(gradients, ROUNDS, clock=effort.clock)
        yield Row(
            TITLE, f"{subject.name}, gradients", "shim / bare that sums, and bare histograms",
            times.ratio("ours", "bare"), limit=LIMIT,
        )  # fmt: skip


def _of_tables(effort: Effort) -> Iterator[Row]:
    import wandb

    model = SMALL.build()
    x, y = SMALL.data(effort.of(ROWS))
    labels = [str(number) for number in range(10)]
    options = {
        "log_evaluation": True,
        "log_evaluation_frequency": 1,
        "validation_data": (x, y[:, None]),
        "labels": labels,
    }

    def validation() -> None:
        table = wandb.Table(columns=["target", "input", "class", "image"])
        for picture, number in zip(x, y, strict=True):
            table.add_data(number, picture, labels[number], wandb.Image(picture))
        wandb.Artifact("bare", type="dataset").add(table, "table")

    def predictions() -> None:
        table = wandb.Table(columns=["output", "class", "score"])
        for output in model.predict(x, verbose=0):
            table.add_data(output, labels[int(np.argmax(output))], dict(zip(labels, output, strict=True)))
        run.log({"bare": table}, commit=False)

    with offline_run() as run:
        sides = {"ours": lambda: _callback(model, **options), "bare": validation}
        times = interleaved(sides, ROUNDS, warm_up=1, clock=effort.clock)
        yield Row(
            TITLE, f"{len(x)} pictures, validation", "shim / bare table", times.ratio("ours", "bare"), limit=LIMIT
        )
        sides = {"ours": _epoch(model, **options), "bare": predictions}
        times = interleaved(sides, ROUNDS, warm_up=1, clock=effort.clock)
        yield Row(TITLE, f"{len(x)} rows, predictions", "shim / bare table", times.ratio("ours", "bare"), limit=LIMIT)


def _callback(model: Any, **options: Any) -> Any:
    from wandb_keras_compat import WandbCallback

    callback = WandbCallback(**{"save_model": False, "save_graph": False, **options})
    callback.set_params({"epochs": 1, "steps": 1, "verbose": 0})
    callback.set_model(model)
    callback.on_train_begin()
    return callback


def _epoch(model: Any, **options: Any) -> Callable[[], object]:
    callback = _callback(model, **options)
    return lambda: callback.on_epoch_end(0, {"loss": 1.0})
