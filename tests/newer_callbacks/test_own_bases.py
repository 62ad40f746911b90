"""Our bases, which stand where wandb's own three cannot be imported, do what those do: same runs, same errors.

Drawn options, logs and trainings are played once on each; the traces of both runs are compared. Compared are the bases
as they are, and the callbacks that users get from them.
"""

from __future__ import annotations

import inspect
import itertools
import math
import os
import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import wandb
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wandb_keras_compat import newer_callbacks
from wandb_keras_compat.sdk import own_callbacks
from wandb_keras_compat.sdk.callback_versions import LOGS_ANY_CHECKPOINT_FILE, LOGS_PREFIXED_EPOCHS
from wandb_keras_compat.sdk.installed_callbacks import are_wandbs, installed_callbacks
from wandb_keras_compat.testing import Recorder, diff, trace_of

from . import own_bases
from .conftest import X, small_model, tf

WANDBS = installed_callbacks()
#: What users get on our bases.
ON_OWN = own_bases.newer_on_own_bases()
same_interface = pytest.mark.skipif(
    not (LOGS_PREFIXED_EPOCHS and LOGS_ANY_CHECKPOINT_FILE), reason="the bases are those of wandb's present classes"
)
MODEL = small_model(metrics=["mae"])

# --- playing -------------------------------------------------------------------------------------------------


def outcome(module: ModuleType, folder: Path, play: Callable[[ModuleType], None]) -> dict[str, Any]:
    """What *play* does with the classes of *module*: the trace of its run, what it says and how it ends."""
    said: list[str] = []
    folder.mkdir(exist_ok=True)
    before = Path.cwd()
    os.chdir(folder)
    try:
        with Recorder() as recorder, pytest.MonkeyPatch.context() as patch:
            for name in ("termwarn", "termerror", "termlog"):
                patch.setattr(wandb, name, lambda text, *_, **__: said.append(str(text)))
            run = recorder.start_run(id="played", name="played")
            error = None
            try:
                if module in (own_callbacks, ON_OWN):
                    with own_bases.chosen():
                        play(module)
                else:
                    play(module)
            except Exception as raised:
                error = re.sub("0x[0-9a-f]+", "0x", f"{type(raised).__name__}: {raised}")
            run.finish()
            trace = trace_of(recorder.snapshot(), "recorder")
    finally:
        os.chdir(before)
    return {"trace": trace, "said": said, "error": error, "files": sorted(os.listdir(folder))}


def same(tmp_path_factory: pytest.TempPathFactory, one: ModuleType, other: ModuleType, play: Any) -> dict[str, Any]:
    """Asserts that *play* comes out the same with both modules, and returns how."""
    first, second = (outcome(module, tmp_path_factory.mktemp("played"), play) for module in (one, other))
    assert [str(found) for found in diff(first["trace"], second["trace"])] == []
    for key in ("said", "error", "files"):
        assert first[key] == second[key]
    return second


def train(callback: Any, epochs: list[Any], begin: bool = True) -> None:
    """Calls the hooks as a training would: for each epoch the logs of its batches, and its own.

    The weights change before each, as in a training: files that are alike are one version of an artifact, and a file of
    Keras says in which second it was written.
    """
    at = itertools.count()

    def step() -> None:
        number = next(at)
        MODEL.set_weights([np.full_like(weight, number) for weight in MODEL.get_weights()])

    callback.set_params({"epochs": len(epochs), "steps": 3})
    callback.set_model(MODEL)
    callback.on_train_begin()
    for epoch, (batches, logs) in enumerate(epochs):
        callback.on_epoch_begin(epoch)
        for batch, batch_logs in enumerate(batches):
            callback.on_train_batch_begin(batch)
            step()
            callback.on_train_batch_end(batch, batch_logs and dict(batch_logs))
        step()
        callback.on_epoch_end(epoch, logs and dict(logs))
    callback.on_train_end()


BASES = (WANDBS, own_callbacks)
USERS = (newer_callbacks, ON_OWN)

#: Few, so that the names of metrics meet those of the counters and of each other.
NAMES = st.sampled_from(["loss", "val_loss", "mae", "epoch", "batch_step", "learning_rate"])
VALUES = st.sampled_from([0.0, 0.5, 1.0, -2.5, math.inf, math.nan]) | st.floats(width=32)
LOGS = st.none() | st.dictionaries(NAMES, VALUES, max_size=4)
EPOCHS = st.lists(st.tuples(st.lists(LOGS, max_size=4), LOGS), max_size=3)


def test_the_process_has_both() -> None:
    assert are_wandbs()
    assert issubclass(newer_callbacks.WandbMetricsLogger, WANDBS.WandbMetricsLogger)
    assert issubclass(ON_OWN.WandbMetricsLogger, own_callbacks.WandbMetricsLogger)
    assert not issubclass(ON_OWN.WandbMetricsLogger, WANDBS.WandbMetricsLogger)


@same_interface
@pytest.mark.skipif(
    "options" in inspect.signature(WANDBS.WandbModelCheckpoint.__init__).parameters,
    reason="this wandb's has an argument of Keras 2, which Keras 3 and our base lack",
)
@pytest.mark.parametrize("name", own_callbacks.__all__)
def test_has_the_methods_and_arguments_of_wandbs(name: str) -> None:
    theirs, ours = getattr(WANDBS, name), getattr(own_callbacks, name)
    internal = {"_save_model", "is_old_tf_keras_version", "_is_old_tf_keras_version"}  # for TensorFlow before 2.6
    for method, function in vars(theirs).items():
        if inspect.isfunction(function) and method not in internal:
            assert arguments(getattr(ours, method)) == arguments(function), method
    assert getattr(ours, "__abstractmethods__", None) == getattr(theirs, "__abstractmethods__", None)


def arguments(function: Any) -> list[tuple[str, Any, Any]]:
    return [(one.name, one.default, one.kind) for one in inspect.signature(function).parameters.values()]


@pytest.mark.parametrize("module", [WANDBS, own_callbacks], ids=["wandb's", "ours"])
def test_an_argument_that_keras_does_not_know_reaches_keras(module: Any) -> None:
    class Evaluation(module.WandbEvalCallback):
        def add_ground_truth(self, logs: Any = None) -> None: ...

        def add_model_predictions(self, epoch: int, logs: Any = None) -> None: ...

    with Recorder() as recorder:
        recorder.start_run(id="played")
        for kind in (lambda **more: Evaluation(["a"], ["b"], **more), module.WandbMetricsLogger):
            with pytest.raises(TypeError):
                kind(no_such_argument=1)


@pytest.mark.parametrize("name", own_callbacks.__all__)
@pytest.mark.parametrize("modules", [BASES, USERS])
def test_without_a_run_the_same_error(monkeypatch: pytest.MonkeyPatch, modules: Any, name: str) -> None:
    monkeypatch.setattr(wandb, "run", None)
    messages = []
    for module in modules:
        kind = getattr(module, name)
        if name == "WandbEvalCallback":
            kind = type("Evaluation", (kind,), {"add_ground_truth": print, "add_model_predictions": print})
        given = {"WandbMetricsLogger": (), "WandbModelCheckpoint": ("m.keras",), "WandbEvalCallback": ([], [])}[name]
        with pytest.raises(wandb.Error) as caught:
            kind(*given)
        messages.append(str(caught.value))
    assert messages[0] == messages[1] != ""


# --- metrics -------------------------------------------------------------------------------------------------

FREQUENCIES = st.sampled_from(["epoch", "batch", 1, 2, 3, 0, -2, True, "never", 2.0, None, np.int64(2)])


@same_interface
@settings(max_examples=20)
@given(log_freq=FREQUENCIES, step=st.integers(0, 9), epochs=EPOCHS)
def test_metrics_on_the_bases(
    tmp_path_factory: pytest.TempPathFactory, log_freq: Any, step: int, epochs: list[Any]
) -> None:
    def play(module: ModuleType) -> None:
        callback = module.WandbMetricsLogger(log_freq, step)
        train(callback, epochs)
        wandb.log({"counted": callback.global_step, "batches": callback.global_batch})

    same(tmp_path_factory, *BASES, play)


@same_interface
@settings(max_examples=20)
@given(
    log_freq=st.sampled_from(["epoch", "batch", 2, 3, 0]),
    keys=st.sampled_from(["new", "new", "legacy", "both"]),
    epochs=EPOCHS,
)
def test_metrics(tmp_path_factory: pytest.TempPathFactory, log_freq: Any, keys: str, epochs: list[Any]) -> None:
    def play(module: ModuleType) -> None:
        callback = module.WandbMetricsLogger(log_freq=log_freq, keys=keys)
        callback.set_params({"epochs": 3, "steps": 3})
        callback.set_model(MODEL)
        train(callback, epochs)

    same(tmp_path_factory, *USERS, play)


@pytest.mark.slow
@same_interface
def test_rates_of_a_real_training(tmp_path_factory: pytest.TempPathFactory) -> None:
    decay = tf.keras.optimizers.schedules.ExponentialDecay(0.1, decay_steps=2, decay_rate=0.5)

    def play(module: ModuleType) -> None:
        for rate in (0.25, decay):
            model = small_model(tf.keras.optimizers.SGD(rate))
            model.set_weights([np.ones_like(weight) for weight in model.get_weights()])
            callbacks = [
                module.WandbMetricsLogger("batch"),
                tf.keras.callbacks.LearningRateScheduler(lambda _, lr: lr / 2),
            ]
            model.fit(
                X, X[:, :1], batch_size=4, epochs=2, verbose=0, shuffle=False, callbacks=callbacks[: 2 - callable(rate)]
            )

    found = same(tmp_path_factory, *USERS, play)
    rates = [row["batch/learning_rate"] for row in found["trace"]["runs"][0]["history"] if "batch/learning_rate" in row]
    assert len(set(rates)) >= 4


def test_a_rate_that_cannot_be_read_is_told_once_and_no_row_has_it() -> None:
    """Once for a program: each row asks for it anew."""
    said: list[tuple[str, bool]] = []
    with Recorder() as recorder, pytest.MonkeyPatch.context() as patch:
        recorder.start_run(id="played")
        patch.setattr(wandb, "termerror", lambda text, repeat=True: said.append((text, repeat)))
        logger = own_callbacks.WandbMetricsLogger()
        logger.set_model(object())
        logger.on_epoch_end(0, {"loss": 1.0})
        (row,) = trace_of(recorder.snapshot(), "recorder")["runs"][0]["history"]
    ((text, repeat),) = said
    assert text.startswith("Unable to log learning rate: ") and "optimizer" in text
    assert not repeat and row["epoch/loss"] == 1 and "epoch/learning_rate" not in row


# --- checkpoints ---------------------------------------------------------------------------------------------

CHECKPOINTS = st.fixed_dictionaries(
    {
        "filepath": st.sampled_from(["m.keras", "m-{epoch:02d}.keras", "m-{batch}.keras", "{val_loss:.2f}.keras", "m"]),
        "monitor": st.sampled_from(["val_loss", "loss", "mae", "gone"]),
        "save_best_only": st.booleans(),
        "save_weights_only": st.sampled_from([False, False, True]),
        "mode": st.sampled_from(["auto", "min", "max", "best"]),
        "save_freq": st.sampled_from(["epoch", "epoch", 1, 2, "batch"]),
        "initial_value_threshold": st.sampled_from([None, None, 0.25]),
    }
)


#: One that saves after each epoch and one that saves within them: few of those drawn get that far.
AFTER_EPOCHS = {
    "filepath": "m-{epoch:02d}.keras", "monitor": "loss", "save_best_only": False, "save_weights_only": False,
    "mode": "auto", "save_freq": "epoch", "initial_value_threshold": None,
}  # fmt: skip
WITHIN_EPOCHS = {**AFTER_EPOCHS, "filepath": "m-{batch}.keras", "save_freq": 2}
TWO_EPOCHS = [([{"loss": 0.5}] * 3, {"loss": 1.0}), ([{"loss": 0.25}] * 3, {"loss": 0.5})]


def checkpoint(module: ModuleType, options: dict[str, Any], epochs: list[Any]) -> None:
    if options["save_weights_only"]:
        options = {**options, "filepath": options["filepath"].replace(".keras", ".weights.h5")}
    callback = module.WandbModelCheckpoint(**options)
    train(callback, epochs)
    wandb.log({"best": callback.best})


@same_interface
@settings(max_examples=20)
@example(options=AFTER_EPOCHS, epochs=TWO_EPOCHS)
@example(options=WITHIN_EPOCHS, epochs=TWO_EPOCHS)
@given(options=CHECKPOINTS, epochs=EPOCHS)
def test_checkpoints_on_the_bases(
    tmp_path_factory: pytest.TempPathFactory, options: dict[str, Any], epochs: list[Any]
) -> None:
    same(tmp_path_factory, *BASES, lambda module: checkpoint(module, options, epochs))


@same_interface
@settings(max_examples=20)
@given(options=CHECKPOINTS, of_run=st.sampled_from([False, True, "top_"]), epochs=EPOCHS)
def test_checkpoints(
    tmp_path_factory: pytest.TempPathFactory, options: dict[str, Any], of_run: Any, epochs: list[Any]
) -> None:
    given = {**options, "best_of_run": of_run}
    same(tmp_path_factory, *USERS, lambda module: checkpoint(module, given, epochs))


def test_a_name_without_placeholders_is_warned_of_once_for_a_program() -> None:
    said: list[bool] = []
    with Recorder() as recorder, pytest.MonkeyPatch.context() as patch:
        recorder.start_run(id="played")
        patch.setattr(wandb, "termwarn", lambda text, repeat=True: said.append(repeat))
        for best, name in ((True, "m.keras"), (True, "m-{epoch}.keras"), (False, "m.keras")):
            own_callbacks.WandbModelCheckpoint(name, save_best_only=best)
    assert said == [False]


# --- tables --------------------------------------------------------------------------------------------------

CELLS = st.none() | st.integers(-5, 5) | st.floats(-1, 1) | st.sampled_from(["cat", "dog", ""]) | st.booleans()
ROWS = st.lists(st.tuples(CELLS, CELLS), max_size=3)


def evaluate(module: ModuleType, rows: list[Any], predictions: list[list[Any]], names: dict[str, Any]) -> None:
    class Evaluation(module.WandbEvalCallback):  # type: ignore[misc, name-defined]
        def add_ground_truth(self, logs: Any = None) -> None:
            for row in rows:
                self.data_table.add_data(*row, wandb.Image(np.full((2, 2), 7, "uint8")))

        def add_model_predictions(self, epoch: int, logs: Any = None) -> None:
            reference = self.data_table_ref
            for index, prediction in zip(reference.get_index(), predictions[epoch]):
                self.pred_table.add_data(epoch, *reference.data[index], prediction)

        def log_pred_table(self, *args: Any, **kwargs: Any) -> None:
            super().log_pred_table(*args, **{**kwargs, **names})

    train(Evaluation(["a", "b", "image"], ["epoch", "a", "b", "image", "guess"]), [([], None)] * len(predictions))


@same_interface
@pytest.mark.parametrize("modules", [BASES, USERS], ids=["bases", "users"])
@given(
    rows=ROWS,
    predictions=st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=2),
    names=st.sampled_from([{}, {"aliases": ["best"]}, {"type": "guesses", "table_name": "t"}]),
)
@settings(max_examples=10)
def test_tables(
    tmp_path_factory: pytest.TempPathFactory,
    modules: Any,
    rows: list[Any],
    predictions: list[Any],
    names: dict[str, Any],
) -> None:
    same(tmp_path_factory, *modules, lambda module: evaluate(module, rows, predictions, names))
