"""A callback that is given alone, and in no list, logs what it logs in one: its hooks run in turn, where the model trains.

On JAX and PyTorch Keras calls the batch hooks of a callback that is given alone in other threads.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import wandb

import wandb_keras_compat as compat
from wandb_keras_compat.backends.batch_hooks import call_in_turn
from wandb_keras_compat.backends.families import program_keras
from wandb_keras_compat.testing import Recorder, trace_of

keras: Any = program_keras()
X = np.random.default_rng(0).random((32, 4)).astype("float32")
Y = X.sum(axis=1, keepdims=True)


class Tables(compat.WandbEvalCallback):  # type: ignore[misc]
    def add_ground_truth(self, logs: Any = None) -> None:
        self.data_table.add_data(0)

    def add_model_predictions(self, epoch: int, logs: Any = None) -> None:
        self.pred_table.add_data(epoch, 0)


MADE: dict[str, Any] = {
    "WandbCallback": (compat.WandbCallback, {"save_model": False}),
    "WandbCallback, batches": (compat.WandbCallback, {"save_model": False, "log_batch_frequency": 1}),
    "WandbMetricsLogger": (compat.WandbMetricsLogger, {"log_freq": "batch"}),
    "WandbModelCheckpoint": (compat.WandbModelCheckpoint, {"filepath": "m-{epoch}.keras", "save_freq": 3}),
    "WandbEvalCallback": (Tables, {"data_table_columns": ["i"], "pred_table_columns": ["epoch", "i"]}),
    "WandbGraphLogger": (compat.WandbGraphLogger, {}),
    "WandbBestModel": (compat.WandbBestModel, {"monitor": "loss"}),
}


def model() -> Any:
    keras.backend.clear_session()
    keras.utils.set_random_seed(1)
    made = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation="relu"), keras.layers.Dense(1)])
    made.compile(keras.optimizers.SGD(0.05), "mse")
    return made


@pytest.fixture
def recorder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Recorder]:
    monkeypatch.chdir(tmp_path)
    with Recorder() as recorder:
        yield recorder


def logged(name: str, *, alone: bool) -> dict[str, Any]:
    kind, arguments = MADE[name]
    with Recorder() as recorder:
        recorder.start_run(id="r")
        callback = kind(**arguments)
        given = callback if alone else [callback]
        model().fit(X, Y, batch_size=4, epochs=2, verbose=0, validation_data=(X, Y), callbacks=given)
        wandb.finish()
        (run,) = trace_of(recorder.snapshot(), "recorder")["runs"]
    return {part: run[part] for part in ("history", "summary", "artifacts", "files")}


@pytest.mark.slow
@pytest.mark.parametrize("name", MADE)
def test_alone_it_logs_what_it_logs_in_a_list(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert logged(name, alone=True) == logged(name, alone=False)


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("overrides_set_model", [False, True], ids=["", "set_model overridden"])
def test_its_hooks_run_in_the_thread_that_trains(name: str, overrides_set_model: bool, recorder: Recorder) -> None:
    kind, arguments = MADE[name]
    threads: dict[str, set[threading.Thread]] = {}

    class Tells(kind):  # type: ignore[misc]
        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            threads.setdefault("fit", set()).add(threading.current_thread())
            super().on_train_batch_end(batch, logs)

        def on_test_batch_end(self, batch: int, logs: Any = None) -> None:
            threads.setdefault("evaluate", set()).add(threading.current_thread())
            super().on_test_batch_end(batch, logs)

        def on_predict_batch_end(self, batch: int, logs: Any = None) -> None:
            threads.setdefault("predict", set()).add(threading.current_thread())
            super().on_predict_batch_end(batch, logs)

    class OverridesIt(Tells):
        def set_model(self, model: Any) -> None:
            super().set_model(model)

    recorder.start_run()
    callback = (OverridesIt if overrides_set_model else Tells)(**arguments)
    trained = model()
    trained.fit(X, Y, batch_size=4, epochs=1, verbose=0, callbacks=callback)
    trained.evaluate(X, Y, verbose=0, callbacks=callback)
    trained.predict(X, verbose=0, callbacks=callback)
    assert threads == {key: {threading.current_thread()} for key in ("fit", "evaluate", "predict")}


def test_a_callback_without_batch_hooks_leaves_the_threads_to_keras(recorder: Recorder) -> None:
    recorder.start_run()
    lists = keras.callbacks.CallbackList
    alone, plain = lists(compat.WandbBestSummary(), model=model()), lists(keras.callbacks.Callback(), model=model())
    assert vars(alone).get("_async_train") == vars(plain).get("_async_train")


class CallbackList:
    """As much of Keras' own as decides who is called in threads: all, unless a callback has batch hooks of its own."""

    def __init__(self, *asynchronous: bool) -> None:
        self._async_train, self._async_test, self._async_predict = asynchronous
        self.looked_at: list[Any] = []

    def _configure_async_dispatch(self, callbacks: list[Any]) -> None:
        self.looked_at += callbacks
        self._async_train, self._async_test, self._async_predict = False, True, False

    def set_model(self, callback: Any, bases: int = 1) -> None:
        def below(left: int) -> None:
            if left == 1:
                call_in_turn(callback)
            else:
                below(left - 1)

        if bases == 0:
            call_in_turn(callback)
        else:
            below(bases)

    def threads(self) -> tuple[bool, bool, bool]:
        return self._async_train, self._async_test, self._async_predict


@pytest.mark.parametrize("before", [(True, True, True), (False, False, True), (True, False, False)])
def test_hooks_that_keras_would_call_in_threads_are_called_in_turn_and_no_others(before: Any) -> None:
    callers = CallbackList(*before)
    callers.set_model("callback")
    assert callers.threads() == (False, before[1], False)
    assert callers.looked_at == ["callback"]


@pytest.mark.parametrize("bases", [0, 1, 10, 18])
def test_the_list_is_found_below_as_many_classes_as_a_subclass_may_have(bases: int) -> None:
    callers = CallbackList(True, True, True)
    callers.set_model("callback", bases)
    assert callers.threads() == (False, True, False)


def test_where_no_list_sets_the_model_nothing_is_done() -> None:
    call_in_turn("callback")
    far = CallbackList(True, True, True)
    far.set_model("callback", bases=200)
    assert far.threads() == (True, True, True)


@pytest.mark.parametrize("missing", ["_configure_async_dispatch", "_async_train", "_async_predict"])
def test_a_list_that_knows_no_threads_is_left_alone(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    callers = CallbackList(True, True, True)
    if missing in vars(callers):
        delattr(callers, missing)
    else:
        monkeypatch.delattr(CallbackList, missing)
    before = dict(vars(callers))
    callers.set_model("callback")
    assert vars(callers) == before


def test_a_function_called_set_model_hides_no_list() -> None:
    def set_model(callback: Any) -> None:
        call_in_turn(callback)

    class Outer(CallbackList):
        def set_model(self, callback: Any, bases: int = 1) -> None:
            set_model(callback)

    callers = Outer(True, True, True)
    callers.set_model("callback")
    assert callers.threads() == (False, True, False)
