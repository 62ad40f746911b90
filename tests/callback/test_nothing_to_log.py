"""A capability that was asked for and has nothing to work on says so once: which, why, and what to write instead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from wandb_keras_compat.features import REGISTRY

from ..builders import Subclassed, callback, dense, fit, keras, layers, numbers, run_epochs
from ..conftest import Observed


def _subclassed() -> Any:
    model = Subclassed()
    model.compile("sgd", "mse", run_eagerly=True)
    return model


def _frozen() -> Any:
    model = dense()
    model.trainable = False
    return model


def _of_many_arrays() -> Any:
    model = keras.Sequential([layers.Input((3,)), layers.BatchNormalization(), layers.Reshape((3, 1)), layers.LSTM(1)])
    model.compile("sgd", "mse", run_eagerly=True)
    return model


class NoLayers(keras.Model):
    def call(self, x: Any) -> Any:
        return x


def _train_twice(model: Any, **options: Any) -> None:
    under_test = callback(**options)
    for _ in range(2):
        fit(model, under_test, epochs=2)


def _without_validation(**options: Any) -> None:
    fit(dense(), callback(**options), epochs=2, validation_data=None)


#: What deprives each capability of all it works on: {name: (program, why, what to write instead)}.
DEPRIVED: dict[str, tuple[Callable[[], Any], str, str]] = {
    "flops": (lambda: _train_twice(_subclassed(), compute_flops=True), "no symbolic inputs", "build it with fixed input shapes"),
    "graph": (lambda: run_epochs(callback(save_graph=True), {"val_loss": 1.0}, model=NoLayers()), "no layers", "attributes"),
    "weights": (lambda: _train_twice(_of_many_arrays(), log_weights=True), "one or two arrays", "get_weights()"),
    "gradients": (lambda: run_epochs(
        callback(log_gradients=True, training_data=numbers()), *[{"val_loss": 1.0}] * 2, model=_frozen()
    ), "no trainable variables", "trainable=True"),
    "examples": (lambda: _without_validation(monitor="loss", input_type="image"), "neither fit nor", "validation_data=(x, y)"),
    "evaluation": (lambda: _without_validation(monitor="loss", log_evaluation=True), "unable to read", "Pass validation_data to fit"),
    "metrics": (lambda: run_epochs(callback(), {}, {}), "Keras reported none", "Compile the model with"),
    "best": (lambda: _without_validation(), "val_loss was never among", "monitor="),
    "checkpoint": (lambda: _without_validation(save_model=True), "no model was saved", "monitor="),
}  # fmt: skip


@pytest.mark.parametrize("entry", REGISTRY, ids=lambda entry: entry.name)
def test_it_says_once_what_it_lacks_and_what_to_write(observed: Observed, entry: Any) -> None:
    program, why, instead = DEPRIVED[entry.name]
    program()
    said = [warning for warning in observed.warnings if why in warning]
    assert len(said) == 1, observed.warnings
    assert instead in said[0]


def test_nothing_is_said_where_there_is_something_to_log(observed: Observed) -> None:
    everything = dict.fromkeys(("log_weights", "log_gradients", "compute_flops", "save_graph", "save_model"), True)
    fit(dense(outputs=1), callback(**everything, training_data=numbers(), log_evaluation=True), epochs=2)
    assert observed.warnings == []


def test_types_of_which_none_is_an_image_are_said(observed: Observed) -> None:
    for types in ({"input_type": "auto"}, {"input_type": "label", "output_type": "label"}):
        observed.clear()
        fit(dense(), callback(**types), epochs=2)
        (said,) = observed.warnings
        assert "none is an image" in said and "'segmentation_mask'" in said


def test_a_monitor_that_comes_in_some_epochs_is_none_that_never_came(observed: Observed) -> None:
    fit(dense(), callback(), epochs=4, validation_freq=3)
    assert observed.warnings == [] and observed.summary["best_epoch"] == 2
