"""What is done between two looks, each in a process of its own.

A case is a generator: it yields what may not change; what comes before is its preparation. It is looked at
again at its end, or at a second ``yield``.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf
import wandb
from wandb.sdk import wandb_setup

import wandb_keras_compat as ours

from .attributes import LIBRARIES, SHARED

keras = tf.keras
KERAS = ("keras", "tensorflow", "tf_keras")
ALL = (*LIBRARIES, *SHARED)
#: What is no library of ours draws random numbers, too: Keras for weights, and some that commands import.
BUT_RANDOM = tuple(name for name in ALL if name not in ("random", "numpy"))

Case = Callable[[], Iterator[tuple[str, ...]]]
CASES: dict[str, Case] = {}


def case(name: str) -> Callable[[Case], Case]:
    return lambda function: CASES.setdefault(name, function)


# --- importing --------------------------------------------------------------------------------------------------------


def importing(*names: str) -> Case:
    def look_up() -> Iterator[tuple[str, ...]]:
        yield ALL
        for name in names:
            getattr(ours, name)

    return look_up


for public in ours.__all__:
    CASES[f"import {public}"] = importing(public)
CASES["import all"] = importing(*ours.__all__)
CASES["import all, last first"] = importing(*reversed(ours.__all__))


@case("install and uninstall")
def around() -> Iterator[tuple[str, ...]]:
    yield ALL
    ours.install()
    ours.uninstall()


@case("everything of ours, then wandb's own class")
def wandbs_own_class_works() -> Iterator[tuple[str, ...]]:
    """Where wandb has it, and it patches Keras for it, that is what plain wandb does."""
    for name in ours.__all__:
        getattr(ours, name)
    yield ()
    if getattr(wandb.keras, "WandbCallback", None) is not None:
        assert wandb.patched["keras"]


# --- commands ---------------------------------------------------------------------------------------------------------


def command(*arguments: str, about: tuple[str, ...] = BUT_RANDOM, prepare: Callable[[], None] = lambda: None) -> Case:
    def call() -> Iterator[tuple[str, ...]]:
        from wandb_keras_compat.cli import main

        prepare()
        yield about
        try:
            main(list(arguments), standalone_mode=True)
        except SystemExit as end:
            assert end.code in (0, 1, None), end.code

    return call


PROGRAM = """
import tensorflow as tf, wandb
from wandb.keras import WandbCallback
assert WandbCallback.__module__.startswith("wandb_keras_compat.")
wandb.init(mode="disabled")
model = tf.keras.Sequential([tf.keras.layers.Input((3,)), tf.keras.layers.Dense(1)])
model.compile("sgd", "mse")
x, y = tf.zeros((4, 3)), tf.zeros((4, 1))
model.fit(x, y, validation_data=(x, y), verbose=0, callbacks=[WandbCallback()])
model.fit(x, y, validation_data=(x, y), verbose=0, callbacks=None)  # what wandb's patch ends in a TypeError
"""


def written() -> None:
    use_all_of_keras()
    Path("train.py").write_text(PROGRAM)
    Path("old.py").write_text("from wandb.keras import WandbCallback\n")


for name in ("run", "trace", "backend", "demo"):
    CASES[f"command {name} --help"] = command(name, "--help")
CASES["command --help"] = command("--help")
if find_spec("libcst") is not None:  # else `migrate` says that it needs it, and ends with 2
    CASES["command migrate --help"] = command("migrate", "--help")
    CASES["command migrate"] = command("migrate", "--check", "old.py", prepare=written)
# The names of wandb are the hook's business there, and what the program itself does to the interpreter its own.
CASES["command run"] = command("run", "train.py", about=KERAS, prepare=written)


# --- training ---------------------------------------------------------------------------------------------------------

SAMPLES = 4
X, Y = np.zeros((SAMPLES, 4, 4, 1), "float32"), np.eye(2, dtype="float32")[np.arange(SAMPLES) % 2]
DATA = {"validation_data": (X, Y), "labels": ["no", "yes"]}


def callbacks() -> dict[str, Callable[[], Any]]:
    """Each public callback, with as much as it can do."""

    class Evaluation(ours.WandbEvalCallback):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__(["index"], ["index"])

        def add_ground_truth(self, logs: Any = None) -> None:
            self.data_table.add_data(0)

        def add_model_predictions(self, epoch: int, logs: Any = None) -> None:
            self.pred_table.add_data(epoch)

    everything = {
        **DATA, "training_data": (X, Y), "log_gradients": True, "log_weights": True, "compute_flops": True,
        "log_evaluation": True, "input_type": "image", "output_type": "label", "log_batch_frequency": 1,
    }  # fmt: skip
    return {
        "WandbCallback": lambda: ours.WandbCallback(**everything),
        "WandbMetricsLogger": lambda: ours.WandbMetricsLogger(log_freq=1, keys="both"),
        "WandbModelCheckpoint": lambda: ours.WandbModelCheckpoint("model.keras"),
        "WandbEvalCallback": Evaluation,
        "WandbBestModel": lambda: ours.WandbBestModel(),
        "WandbBestSummary": lambda: ours.WandbBestSummary(),
        "WandbExamplesLogger": lambda: ours.WandbExamplesLogger(**DATA, input_type="image"),
        "WandbFlopsLogger": lambda: ours.WandbFlopsLogger(),
        "WandbGradientsLogger": lambda: ours.WandbGradientsLogger((X, Y)),
        "WandbGraphLogger": lambda: ours.WandbGraphLogger(),
        "WandbPredictionsLogger": lambda: ours.WandbPredictionsLogger(**DATA),
        "WandbWeightsLogger": lambda: ours.WandbWeightsLogger(),
    }


class Fails(keras.callbacks.Callback):  # type: ignore[misc]
    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        raise ZeroDivisionError


def training(*names: str, others: tuple[type[Any], ...] = ()) -> Case:
    def train() -> Iterator[tuple[str, ...]]:
        from wandb_keras_compat.testing.doors.recorder import Recorder

        warnings.simplefilter("ignore")
        made = callbacks()
        with Recorder() as recorder:
            use_all_of_wandb(recorder.start_run())
            use_all_of_keras()
            yield BUT_RANDOM
            kept = [made[name]() for name in names]
            for callback in kept:
                try:
                    fit(callback, *(other() for other in others))
                except ZeroDivisionError:
                    assert others
            yield ()

    return train


def fit(*callbacks: Any) -> None:
    model = keras.Sequential([keras.layers.Input((4, 4, 1)), keras.layers.Flatten(), keras.layers.Dense(2, "softmax")])
    model.compile("sgd", "categorical_crossentropy", run_eagerly=True)
    model.fit(X, Y, validation_data=(X, Y), epochs=2, batch_size=2, verbose=0, shuffle=False, callbacks=list(callbacks))


def use_all_of_keras() -> None:
    """What Keras keeps for later when it trains, predicts, saves and is differentiated for the first time is no change."""
    fit()
    model = keras.Sequential([keras.layers.Input((3,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.predict(np.zeros((2, 3)), verbose=0)
    model.save("own.h5")
    model.save("own.keras") if hasattr(keras, "Operation") else model.save("own")
    tf.saved_model.save(model, "own-saved")
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(model(np.zeros((2, 3), "float32")))
    tape.gradient(loss, model.trainable_variables)


def use_all_of_wandb(run: Any) -> None:
    """Nor what wandb keeps."""
    if hasattr(wandb_setup, "singleton"):  # what it knows of the process it reads when it is first asked
        assert wandb_setup.singleton().settings
    pictures = wandb.Table(columns=["picture"], data=[[wandb.Image(np.zeros((2, 2), "uint8"))]])
    run.log({"x": 1, "image": wandb.Image(np.zeros((2, 2), "uint8")), "h": wandb.Histogram([1.0]), "table": pictures})
    artifact = wandb.Artifact("own", type="own")
    artifact.add(wandb.Table(columns=["index"], data=[[1]]), "table")
    run.use_artifact(artifact).wait().get("table")


TRAINED = [name for name in ours.__all__ if name.startswith("Wandb")]
CASES["train all"] = training(*TRAINED)
CASES["train all until it fails"] = training(*TRAINED, others=(Fails,))
for name in TRAINED:
    CASES[f"alone {name}"] = training(name)
    CASES[f"alone {name} until it fails"] = training(name, others=(Fails,))


# --- the judge itself: each must be noticed -----------------------------------------------------------------------------


@case("noticed: Model.fit is ")
def replaces_fit() -> Iterator[tuple[str, ...]]:
    yield ALL
    original = keras.Model.fit
    keras.Model.fit = lambda *given, **named: original(*given, **named)


@case("noticed: wandb.log is another")
def replaces_log() -> Iterator[tuple[str, ...]]:
    yield ALL
    wandb.log = lambda *_: None


@case("noticed: wandb.our_own is new")
def adds_a_name() -> Iterator[tuple[str, ...]]:
    yield ALL
    wandb.our_own = True  # type: ignore[attr-defined]


@case("noticed: sys.meta_path changed")
def leaves_a_finder() -> Iterator[tuple[str, ...]]:
    yield ALL
    ours.install()
    sys.modules.pop("not there", None)


@case("noticed: warnings changed")
def leaves_a_filter() -> Iterator[tuple[str, ...]]:
    yield ALL
    warnings.simplefilter("error", UserWarning)
