"""What runs the model under a strategy: gradients are those the training takes; a copy stands in where workers would wait."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from wandb_keras_compat import messages
from wandb_keras_compat.backends import backend_for

from ...builders import KERAS_3, callback, fit, images, keras, layers
from ...conftest import Observed
from .replicas import network, slope_of_one_step, sums_while_training

X, Y = images(7)

ONE_DEVICE: dict[str, Callable[[], Any]] = {
    "none": tf.distribute.get_strategy,
    "OneDevice": lambda: tf.distribute.OneDeviceStrategy("CPU:0"),
    "Mirrored": lambda: tf.distribute.MirroredStrategy(["CPU:0"]),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", ONE_DEVICE)
@pytest.mark.parametrize("form", ["arrays", "dataset"])
def test_gradients_are_those_a_step_takes(observed: Observed, name: str, form: str) -> None:
    with ONE_DEVICE[name]().scope():
        model = network()
    data = (X, Y) if form == "arrays" else tf.data.Dataset.from_tensor_slices((X, Y)).batch(32)
    found = sums_while_training(model, data)
    for one, two in zip(found, slope_of_one_step(model, X, Y), strict=True):
        np.testing.assert_allclose(one, two, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("name", ONE_DEVICE)
def test_the_steps_of_an_execution_are_read_from_every_kind_of_variable(name: str) -> None:
    """On Keras 2 the number is in a variable that the strategy made; WandbMetricsLogger asks for it as training begins."""
    with ONE_DEVICE[name]().scope():
        model = network()
        model.compile("sgd", "mse", steps_per_execution=3)
    assert backend_for(model).steps_per_execution(model) == 3


# --- several workers, of which this is one -----------------------------------------------------------------------


@pytest.fixture
def one_of_several(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every model made by a strategy counts as one that other workers train too."""
    if KERAS_3:
        pytest.skip("Keras 3 does not train with several workers")
    from wandb_keras_compat.backends.tensorflow import local_copy

    def pretend(model: Any) -> bool:
        return not type(model.distribute_strategy).__name__.startswith("_Default")

    monkeypatch.setattr(local_copy, "trained_by_several", pretend)


def _not_of(model: Any, method: Callable[..., Any]) -> Callable[..., Any]:
    """*method* of every model but *model*, which other workers would have to run and save too."""

    def guarded(self: Any, *args: Any, **kwargs: Any) -> Any:
        assert self is not model, "the model of all workers was run or saved"
        return method(self, *args, **kwargs)

    return guarded


def test_everything_is_logged_from_a_copy(observed: Observed, one_of_several: None, monkeypatch: Any) -> None:
    def twice(x: Any) -> Any:
        return x * 2

    class Scaled(layers.Layer):  # type: ignore[misc, name-defined]
        def build(self, shape: Any) -> None:
            self.scale = self.add_weight(name="scale", shape=(), initializer="ones")

        def call(self, x: Any) -> Any:
            return x * self.scale

    def build() -> Any:
        keras.utils.set_random_seed(0)
        with tf.distribute.MirroredStrategy(["CPU:0"]).scope():
            inputs = keras.Input((4, 4, 1))
            hidden = layers.Dense(3, activation=twice, name="first")(layers.Flatten()(inputs))
            hidden = layers.BatchNormalization()(layers.Dropout(0.3)(Scaled(name="scaled")(hidden))) + 1.0
            hidden = keras.Sequential([layers.Dense(3, name="inner")])(layers.Lambda(lambda x: x)(hidden))
            model = keras.Model(inputs, layers.Softmax()(hidden))
            metrics = ["accuracy", keras.metrics.AUC(name="auc")]
            model.compile(keras.optimizers.Adam(0.01), keras.losses.CategoricalCrossentropy(), metrics=metrics)
        return model

    plain = build()
    expected = fit(plain, data=(X, Y), epochs=2)
    model = build()
    under_test = callback(
        save_model=True, save_graph=True, log_weights=True, log_gradients=True, training_data=(X, Y), labels=["a", "b", "c"],
        input_type="image", output_type="label", log_evaluation=True, compute_flops=True, monitor="loss", mode="max",
        validation_data=(X, Y), log_evaluation_frequency=1,
    )  # fmt: skip
    for method in ("save", "save_weights", "predict", "get_weights"):
        monkeypatch.setattr(type(model), method, _not_of(model, getattr(type(model), method)))
    assert fit(model, under_test, data=(X, Y), epochs=2) == expected
    monkeypatch.undo()
    assert observed.warnings == []
    assert under_test.model is model
    for one, two in zip(model.get_weights(), plain.get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)
    keys = {"examples", "validation_predictions", "loss", "gradients/scaled/scale.gradient", "parameters/first.weights"}
    for row in observed.rows[:2]:
        assert set(row) >= keys
    assert {"GFLOPs", "graph", "best_loss"} <= set(observed.summary.keys())
    assert {artifact.type for artifact in observed.artifacts} >= {"model"}
    # "max" of a falling loss: the first epoch's model, with an optimizer that has made its steps.
    assert Path(under_test.filepath).exists()
    import h5py

    with h5py.File(under_test.filepath) as file:
        assert {"training_config", "model_config"} <= set(file.attrs)
        assert len(file["optimizer_weights"].attrs["weight_names"]) > 2 * len(model.trainable_variables)


def test_a_copy_has_the_values_of_now(one_of_several: None) -> None:
    with tf.distribute.MirroredStrategy(["CPU:0"]).scope():
        vocabulary = layers.StringLookup()
        vocabulary.adapt(["b", "a", "b"])
        inputs = keras.Input((1,), dtype="string")
        scores = layers.BatchNormalization()(layers.Embedding(4, 2)(vocabulary(inputs)))
        model = keras.Model(inputs, layers.Dense(1)(layers.Flatten()(scores)))
        model.compile("adam", "mse")
    text, y = np.array([["a"], ["b"], ["c"]], dtype=object), np.ones((3, 1), "float32")
    backend = backend_for(model)
    copy = backend.local_copy(model)
    for _ in range(2):  # the optimizer has no state before the first step
        copy.refresh()
        np.testing.assert_array_equal(copy.model.predict(text, verbose=0), model.predict(text, verbose=0))
        model.fit(text, y, verbose=0)
    copy.refresh()
    copy.model.fit(text, y, verbose=0)
    model.fit(text, y, verbose=0)
    for one, two in zip(copy.model.trainable_variables, model.trainable_variables, strict=True):
        np.testing.assert_allclose(one.numpy(), two.numpy(), rtol=1e-5, atol=1e-7)
    for (name, values), layer in zip(backend.layer_values(model), model.layers, strict=True):
        assert name == layer.name
        for one, two in zip(values, layer.get_weights(), strict=True):
            np.testing.assert_array_equal(one, two)


def test_a_model_that_cannot_be_copied_is_neither_run_nor_saved(observed: Observed, one_of_several: None) -> None:
    class NoConfig(keras.Model):  # type: ignore[misc, name-defined]
        def __init__(self, size: int) -> None:
            super().__init__()
            self.flat, self.out = layers.Flatten(), layers.Dense(size, activation="softmax", name="out")

        def get_config(self) -> Any:
            raise NotImplementedError("no configuration")

        def call(self, x: Any) -> Any:
            return self.out(self.flat(x))

    with tf.distribute.MirroredStrategy(["CPU:0"]).scope():
        model = NoConfig(3)
        model.compile("sgd", "categorical_crossentropy")
    under_test = callback(
        save_model=True, log_weights=True, log_gradients=True, training_data=(X, Y), input_type="image",
        log_evaluation=True, validation_data=(X, Y), log_evaluation_frequency=1,
    )  # fmt: skip
    fit(model, under_test, data=(X, Y), epochs=2)
    (said,) = observed.warnings
    assert said == messages.needs_the_other_workers(NotImplementedError("no configuration"))
    assert not Path(under_test.filepath).exists()
    assert len(observed.column("parameters/out.weights")) == len(observed.column("val_loss")) == 2
    assert observed.column("examples") == observed.column("validation_predictions") == []
    assert observed.summary["best_epoch"] in (0, 1)
