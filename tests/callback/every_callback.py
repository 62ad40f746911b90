"""One of every public callback, and what they log; also a program that is given them in a pickle.

    python -m tests.callback.every_callback PICKLE FOLDER

unpickles a list of callbacks before there is a run, trains with them in a run of its own in FOLDER, and prints what
they logged as the last line, in JSON.
"""

from __future__ import annotations

import json
import pickle
import sys
from pathlib import Path
from typing import Any

import pytest
import wandb

import wandb_keras_compat as package

from ..builders import classifier, fit, images
from ..conftest import Observed, Runs

X, Y = images()


class Tables(package.WandbEvalCallback):
    """The newer evaluation callback, as users write it."""

    def __init__(self) -> None:
        super().__init__(["row"], ["epoch", "row"])

    def add_ground_truth(self, logs: Any = None) -> None:
        self.data_table.add_data(1)

    def add_model_predictions(self, epoch: int, logs: Any = None) -> None:
        self.pred_table.add_data(epoch, self.data_table_ref.data[0][0])


class Mine(package.WandbCallback):
    """A subclass with attributes of its own."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.calls: list[int] = []

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self.calls.append(epoch)
        super().on_epoch_end(epoch, {**(logs or {}), "calls": len(self.calls)})


def everything() -> list[Any]:
    """A list to give to ``fit``: the order is that of the small callbacks in ``capabilities``."""
    return [
        Mine(
            monitor="loss", log_weights=True, log_gradients=True, training_data=(X, Y), input_type="image",
            labels=["a", "b", "c"], log_evaluation=True, save_model=False, compute_flops=True, keys="new",
        ),
        package.WandbFlopsLogger(),
        package.WandbGraphLogger(),
        package.WandbWeightsLogger(),
        package.WandbGradientsLogger((X, Y)),
        package.WandbExamplesLogger("image", predictions=3),
        package.WandbPredictionsLogger(),
        package.WandbMetricsLogger(log_freq=1),
        package.WandbBestSummary(),
        package.WandbBestModel(save_weights_only=True),
        package.WandbModelCheckpoint("ck-{epoch}.h5", save_weights_only=True),
        Tables(),
    ]  # fmt: skip


def logged(observed: Observed, callbacks: list[Any]) -> dict[str, Any]:
    """What *callbacks* log in a training of two epochs, as JSON can hold it."""
    observed.clear()
    fit(classifier(), *callbacks, data=(X, Y), epochs=2)
    in_rows = {key for row in observed.rows for key in row}  # which reach the summary as well, sooner or later
    return {
        "rows": [{key: _plain(value) for key, value in row.items()} for row in observed.rows],
        "summary": sorted(key for key in observed.summary.keys() if key[0] != "_" and key not in in_rows),
        "artifacts": sorted((found.type, *found.aliases) for found in [*observed.artifacts, *observed.used]),
        "warnings": observed.warnings,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, wandb.Histogram):
        return [round(float(edge), 4) for edge in value.bins[:: len(value.bins) - 1]]
    if isinstance(value, list):
        return len(value)
    try:
        return round(float(value), 4)
    except TypeError:
        return type(value).__name__


def main(path: str, folder: str) -> None:
    callbacks = pickle.loads(Path(path).read_bytes())
    observed = Observed(Runs(Path(folder)).start(), pytest.MonkeyPatch())
    print(json.dumps(logged(observed, callbacks)))
    wandb.finish()


if __name__ == "__main__":
    main(*sys.argv[1:])
