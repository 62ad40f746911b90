"""The documented uses of W&B's three newer callbacks, one run each, against the server the environment names.

    python -m wandb_keras_compat.parity.documented_uses ours|native FOLDER [USE...]

``native`` is the installed wandb's own classes. Prints one line of JSON for each use: ``use`` and ``result``, which is
"ok" or what was wrong. Each use is trained, what it logged is looked at, its artifacts are downloaded through the
public API and the model in them is loaded and asked for the predictions of the model that was saved.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import pathlib
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import wandb

from .frameworks import framework, keras
from .loaded_models import predictions_from, values
from .recording import made_with
from .used_model import X, Y, compiled_once, fit, model_of, model_to_train

PROJECT = "newer-callbacks"


class Wrong(Exception):
    """The use ran and did not do what the documentation says."""


def expect(condition: bool, otherwise: str) -> None:
    if not condition:
        raise Wrong(otherwise)


def tensorflow() -> Any:
    return importlib.import_module("tensorflow")


class Use:
    """One run: the classes under test, and what it logged afterwards."""

    def __init__(self, classes: Any) -> None:
        self.logger, self.checkpoint, self.tables = (
            getattr(classes, f"Wandb{name}") for name in ("MetricsLogger", "ModelCheckpoint", "EvalCallback")
        )
        self.path = f"{wandb.run.entity}/{wandb.run.project}"
        self.id = wandb.run.id

    def versions(self, name: str) -> list[Any]:
        """The versions of an artifact on the server, oldest first; the run is finished."""
        wandb.finish()
        api = wandb.Api()
        found: list[Any] = []
        with contextlib.suppress(wandb.Error, ValueError, LookupError):  # by version: there is no such artifact
            while True:
                found.append(api.artifact(f"{self.path}/{name}:v{len(found)}"))
        return found


# --- the metrics logger -----------------------------------------------------------------------------------------------


def summary_of(use: Use, *callbacks: Any, optimizer: Any = None, **arguments: Any) -> dict[str, Any]:
    fit(model_of(optimizer) if optimizer else model_to_train(), *callbacks, **arguments)
    wandb.finish()
    return dict(wandb.Api().run(f"{use.path}/{use.id}").summary)


def logger_epochs(use: Use) -> None:
    summary = summary_of(use, use.logger())
    missing = {"epoch/epoch", "epoch/loss", "epoch/learning_rate"} - summary.keys()
    expect(not missing, f"no {', '.join(sorted(missing))}")


def logger_batches(use: Use) -> None:
    summary = summary_of(use, use.logger(log_freq=2))
    missing = {"batch/batch_step", "batch/loss", "batch/learning_rate", "epoch/loss"} - summary.keys()
    expect(not missing, f"no {', '.join(sorted(missing))}")


def logger_initial_step(use: Use) -> None:
    summary = summary_of(use, use.logger(initial_global_step=5))
    expect("epoch/loss" in summary, "no epoch/loss")


def logger_schedule(use: Use) -> None:
    schedule = keras.optimizers.schedules.ExponentialDecay(0.1, 5, 0.5)
    summary = summary_of(use, use.logger(), optimizer=keras.optimizers.SGD(schedule))
    expect(0 < summary.get("epoch/learning_rate", 0) < 0.1, "no epoch/learning_rate of the schedule")


def logger_scheduler(use: Use) -> None:
    scheduler = keras.callbacks.LearningRateScheduler(lambda epoch: 0.05 / (epoch + 1))
    summary = summary_of(use, scheduler, use.logger())
    expect(abs(summary.get("epoch/learning_rate", 0) - 0.025) < 1e-6, "no epoch/learning_rate of the scheduler")


def logger_zero(use: Use) -> None:
    """Refused with a sentence: a frequency of 0 has no meaning."""
    try:
        fit(model_to_train(), use.logger(log_freq=0))
    except ValueError:
        return
    except Exception as error:
        raise Wrong(f"{type(error).__name__} in the middle of training") from error
    raise Wrong("accepted")


# --- the checkpoint -----------------------------------------------------------------------------------------------


def saves(filepath: Any, versions: int = 2, epochs: int = 2, **arguments: Any) -> Callable[[Use], None]:
    """A use that logs so many versions, the last of which loads and predicts as the model did when it was saved."""

    def use_checkpoint(use: Use) -> None:
        model, predictions = model_to_train(), []

        class Remember(keras.callbacks.Callback):
            def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
                predictions.append(values(self.model(X)))

        given = {name: value() if callable(value) else value for name, value in arguments.items()}
        fit(model, Remember(), use.checkpoint(filepath, **given), epochs=epochs)
        found = use.versions(f"run_{use.id}_model")
        expect(len(found) == versions, f"{len(found)} versions of the artifact, not {versions}")
        if versions:
            with tempfile.TemporaryDirectory() as folder:
                there = pathlib.Path(found[-1].download(root=folder))
                loaded = predictions_from(there, X, model_of)
                expect(loaded is not None, f"nothing in the artifact can be loaded: {sorted(os.listdir(there))}")
            wanted = [p for p in predictions if np.allclose(loaded, p, rtol=1e-4, atol=1e-5)]
            expect(bool(wanted), "the model in the artifact predicts something else")

    return use_checkpoint


# --- the tables ---------------------------------------------------------------------------------------------------


def tables(use: Use) -> None:
    base: Any = use.tables

    class Tables(base):
        def add_ground_truth(self, logs: Any = None) -> None:
            for index in range(len(X)):
                self.data_table.add_data(index, float(Y[index][0]))

        def add_model_predictions(self, epoch: int, logs: Any = None) -> None:
            predicted = values(self.model(X))
            for index in self.data_table_ref.get_index():
                truth = self.data_table_ref.data[index]
                self.pred_table.add_data(epoch, truth[0], truth[1], float(predicted[index][0]))

    offline, disabled = wandb.run.offline, wandb.run.disabled
    callback = Tables(["index", "truth"], ["epoch", "index", "truth", "predicted"])
    fit(model_to_train(), callback)
    expect(len(callback.pred_table.data) == len(X), "the prediction table is not filled")
    if not offline and not disabled:
        found = use.versions(f"run_{use.id}_pred")
        expect(len(found) == 2, f"{len(found)} versions of the predictions, not 2")


USES: dict[str, tuple[Callable[[Use], None], str]] = {
    "MetricsLogger: keys of epochs": (logger_epochs, "online"),
    "MetricsLogger: keys of batches": (logger_batches, "online"),
    "MetricsLogger: initial_global_step": (logger_initial_step, "online"),
    "MetricsLogger: LearningRateSchedule": (logger_schedule, "online"),
    "MetricsLogger: LearningRateScheduler": (logger_scheduler, "online"),
    "MetricsLogger: log_freq=0 is refused": (logger_zero, "online"),
    'ModelCheckpoint: "models"': (saves("models"), "online"),
    'ModelCheckpoint: "m.h5"': (saves("m.h5"), "online"),
    'ModelCheckpoint: "m.keras"': (saves("m.keras"), "online"),
    'ModelCheckpoint: weights, "w"': (saves("w", save_weights_only=True), "online"),
    'ModelCheckpoint: weights, "ck-{epoch}"': (saves("ck-{epoch}", save_weights_only=True), "online"),
    'ModelCheckpoint: weights, "w.h5"': (saves("w.h5", save_weights_only=True), "online"),
    'ModelCheckpoint: weights, "w.weights.h5"': (saves("w.weights.h5", save_weights_only=True), "online"),
    "ModelCheckpoint: options=SaveOptions": (
        saves("models", options=lambda: tensorflow().saved_model.SaveOptions(experimental_io_device="/job:localhost")),
        "online",
    ),
    "ModelCheckpoint: options=CheckpointOptions": (
        saves(
            "w", save_weights_only=True,
            options=lambda: tensorflow().train.CheckpointOptions(experimental_io_device="/job:localhost"),
        ),
        "online",
    ),
    "ModelCheckpoint: save_format=": (saves("models", save_format="tf"), "online"),
    "ModelCheckpoint: pathlib.Path": (saves(pathlib.Path("m.keras")), "online"),
    "ModelCheckpoint: save_best_only, {epoch}, not improved": (
        saves("m-{epoch}.keras", versions=1, save_best_only=True, monitor="loss", mode="max"), "online",
    ),
    "ModelCheckpoint: save_best_only, fixed path, not improved": (
        saves("m.keras", versions=1, save_best_only=True, monitor="loss", mode="max"), "online",
    ),
    "ModelCheckpoint: monitor missing": (
        saves("m.keras", versions=0, save_best_only=True, monitor="val_nothing", mode="min"), "online",
    ),
    "ModelCheckpoint: initial_value_threshold": (
        saves("m.keras", versions=0, save_best_only=True, monitor="loss", mode="min", initial_value_threshold=0.0),
        "online",
    ),
    "ModelCheckpoint: save_freq=2": (saves("m.keras", versions=5, save_freq=2), "online"),
    "EvalCallback: online": (tables, "online"),
    "EvalCallback: offline": (tables, "offline"),
    "EvalCallback: disabled": (tables, "disabled"),
}  # fmt: skip


#: Those that there are with TensorFlow alone, and why.
OF_TENSORFLOW = dict.fromkeys(
    ("ModelCheckpoint: options=SaveOptions", "ModelCheckpoint: options=CheckpointOptions"),
    "its options are objects of TensorFlow",
)


def classes_of(which: str) -> Any:
    if which == "ours":
        return importlib.import_module("wandb_keras_compat")
    return importlib.import_module("wandb.integration.keras.callbacks")


def result_of(name: str, which: str) -> str:
    """In one line what was wrong, or "ok"."""
    action, mode = USES[name]
    keras.backend.clear_session()
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            classes = classes_of(which)
            wandb.init(project=PROJECT, mode=mode, settings=wandb.Settings(console="off"))
            action(Use(classes))
    except Wrong as wrong:
        return str(wrong)
    except Exception as error:
        compiled_once.cache_clear()  # a training that broke off may leave anything in its model
        return f"{type(error).__name__}: {' '.join(str(error).split())[:110]}"
    finally:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            wandb.finish()
    return "ok"


def played(which: str, folder: pathlib.Path, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Name and result of each of *names* as they come.

    Args:
        which: ``ours`` or ``native``.
        folder: each is in a folder of its own below it, that stays: the SDK's service lives in the first.
    """
    for name in names:
        here = folder / str(list(USES).index(name))
        here.mkdir(parents=True)
        os.chdir(here)
        yield name, result_of(name, which)


def main(which: str, folder: str, *names: str) -> None:
    versions = made_with()
    print(json.dumps({name: versions[name] for name in (framework.DISTRIBUTION, "keras", "wandb")}), flush=True)
    not_here = {} if framework.DISTRIBUTION == "tensorflow" else OF_TENSORFLOW
    for name, result in played(which, pathlib.Path(folder), [name for name in names or USES if name not in not_here]):
        print(json.dumps({"use": name, "result": result}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
