"""Copies, second lives, and the methods that legacy subclasses override."""

from __future__ import annotations

import copy
import os
import pickle
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
import wandb

from wandb_keras_compat import WandbCallback

from ..builders import callback, classifier, fit, generator_of, images, keras, layers
from ..conftest import Observed

X, Y = images()


@pytest.mark.slow
@pytest.mark.parametrize("form", ["generator", "dataset", "arrays", "fit"])
def test_a_deep_copy_trains_as_the_original_would(observed: Observed, form: str) -> None:
    data: Any = {
        "generator": generator_of(X, Y, 2, forever=True),
        "dataset": tf.data.Dataset.from_tensor_slices((X, Y)).batch(6),
        "arrays": (X, Y),
        "fit": None,
    }[form]
    original = callback(
        input_type="image", validation_data=data, log_gradients=True, training_data=(X, Y), log_best_prefix="top_"
    )
    fit(classifier(), original, data=(X, Y))
    twin = copy.deepcopy(original)
    observed.clear()
    fit(classifier(), twin, data=(X, Y))
    assert twin is not original
    assert type(twin) is WandbCallback
    assert [len(drawn) for drawn in observed.column("examples")] == [2 if form == "generator" else 6]
    assert "gradients/d/kernel.gradient" in observed.rows[0]
    assert observed.warnings == []


def test_a_deep_copy_of_a_subclass_has_its_attributes(observed: Observed) -> None:
    class Mine(WandbCallback):
        def __init__(self, **options: Any) -> None:
            super().__init__(**options)
            self.notes = ["a"]
            self.lock = threading.Lock()
            self.stream = (number for number in range(3))

    original = callback(Mine, monitor="acc")
    twin = copy.deepcopy(original)
    assert isinstance(twin, Mine)
    assert (twin.monitor, twin.notes) == ("acc", ["a"])
    twin.notes.append("b")
    assert original.notes == ["a"]
    assert (twin.lock, twin.stream) == (original.lock, original.stream)  # what cannot be copied is shared


def test_copies_track_their_own_best(observed: Observed) -> None:
    original = callback(monitor="loss")
    twin = copy.deepcopy(original)
    fit(classifier(), original, data=(X, Y))
    assert original.best < np.inf
    assert twin.best == np.inf


def test_a_copy_in_another_process_of_the_same_run_saves_in_the_folder_of_the_run(observed: Observed) -> None:
    sent = pickle.loads(pickle.dumps(callback()))
    assert sent.filepath == os.path.join(wandb.run.dir, "model-best.h5")
    sent.filepath = "elsewhere"
    sent.on_train_begin()
    assert sent.filepath == "elsewhere", "the user's own place is kept"


def test_a_second_fit_logs_again_from_epoch_zero(observed: Observed) -> None:
    under_test, model = callback(log_weights=True, log_evaluation=True), classifier()
    fit(model, under_test, data=(X, Y), epochs=2)
    fit(model, under_test, data=(X, Y))
    assert observed.column("epoch") == [0, 1, 0]
    assert len(observed.column("parameters/d.weights")) == 3
    assert [a.name for a in observed.artifacts if a.type != "run_table"] == ["wb_validation_data"] * 2


def test_a_new_run_in_the_same_process_starts_afresh(start_run: Callable[..., Observed]) -> None:
    first = start_run()
    under_test = callback(monitor="loss", save_graph=True)
    fit(classifier(), under_test, data=(X, Y), epochs=2)
    second = start_run()
    fit(classifier(), under_test, data=(X, Y))
    assert (len(first.rows), len(second.rows)) == (2, 1)
    assert second.summary["best_epoch"] == 0
    assert second.summary["best_loss"] == second.rows[0]["loss"]
    assert "graph" in second.summary.keys()


@pytest.mark.parametrize("how", ["overridden", "patched"])
def test_private_methods_are_still_override_points(
    observed: Observed, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    calls: list[str] = []
    names = (
        "_log_images", "_log_weights", "_log_gradients", "_save_model", "_save_model_as_artifact",
        "_attempt_evaluation_log", "_logits_to_captions",
    )  # fmt: skip

    def noting(name: str) -> Any:
        through = getattr(WandbCallback, name)

        def method(self: Any, *args: Any, **kwargs: Any) -> Any:
            calls.append(name)
            return through(self, *args, **kwargs)

        return method

    methods = {name: noting(name) for name in names}
    kind = type("Mine", (WandbCallback,), methods) if how == "overridden" else WandbCallback
    if how == "patched":
        for name, method in methods.items():
            monkeypatch.setattr(WandbCallback, name, method)
    under_test = kind(
        save_graph=False, log_weights=True, log_gradients=True, training_data=(X, Y), log_evaluation=True,
        input_type="image", output_type="label", validation_data=(X, Y),
    )  # fmt: skip
    fit(classifier(), under_test, data=(X, Y))
    assert sorted(calls) == sorted(names)
    assert {"examples", "parameters/d.weights", "gradients/d/kernel.gradient"} <= set(observed.rows[0])
    assert len(observed.column("validation_predictions")) == 1


def test_what_an_override_returns_is_what_is_logged(observed: Observed) -> None:
    class Mine(WandbCallback):
        def _log_weights(self) -> dict[str, Any]:
            return {"parameters/mine": 1}

        def _log_gradients(self) -> dict[str, Any]:
            return {"gradients/mine": 2}

        def _log_images(self, num_images: int = 36) -> Any:
            return [num_images, len(self.validation_data[0])]

    under_test = callback(
        Mine, log_weights=True, log_gradients=True, training_data=(X, Y), input_type="image",
        validation_data=(X, Y), predictions=4,
    )  # fmt: skip
    fit(classifier(), under_test, data=(X, Y))
    (row,) = observed.rows
    assert (row["parameters/mine"], row["gradients/mine"], row["examples"]) == (1, 2, [4, 6])


def test_masks_to_pixels_is_an_override_point(observed: Observed) -> None:
    seen = []

    class Mine(WandbCallback):
        def _masks_to_pixels(self, masks: Any) -> Any:
            seen.append(np.shape(masks))
            return super()._masks_to_pixels(masks)

    inputs = keras.Input((4, 4, 1))
    model = keras.Model(inputs, layers.Conv2D(3, 1)(inputs))
    model.compile("sgd", "mse", run_eagerly=True)
    masks = np.zeros((6, 4, 4, 3), "float32")
    under_test = callback(Mine, input_type="image", output_type="segmentation_mask", validation_data=(X, masks))
    fit(model, under_test, data=(X, masks))
    assert seen == [(6, 4, 4, 3)] * 2  # predictions and references
    assert len(observed.rows[0]["examples"]) == 18


def test_attributes_changed_after_construction_count(observed: Observed) -> None:
    under_test = callback()
    under_test.log_weights = True
    under_test.monitor = "loss"
    fit(classifier(), under_test, data=(X, Y))
    assert "parameters/d.weights" in observed.rows[0]
    assert "best_loss" in observed.summary.keys()
