"""What a backend says of models of the Keras at hand: layers, names, shapes, losses, gradients and what it puts back."""

from __future__ import annotations

import logging
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from wandb_keras_compat.backends import backend_for

from ..builders import KERAS_3, callback, dense, keras, layers, numbers
from ..conftest import Observed
from ..features.test_gradients import of_linear_model, sums

ONLY_KERAS_3 = pytest.mark.skipif(not KERAS_3, reason="Keras 2 has another way, which its own tests hold")


def nested(*depths: int) -> Any:
    """A Sequential with a layer in a Sequential in a Sequential, as deep as each of *depths* says."""
    inner = [layers.Input((3,))]
    for at, depth in enumerate(depths):
        layer: Any = layers.Dense(3, name=f"d{at}", use_bias=False)
        for level in range(depth):
            layer = keras.Sequential([layer], name=f"s{at}_{level}")
        inner.append(layer)
    model = keras.Sequential(inner, name="outer")
    model.compile("sgd", "mse", run_eagerly=True)
    model(np.zeros((1, 3), "float32"))
    return model


@ONLY_KERAS_3
@pytest.mark.parametrize("depths", [(0,), (1,), (2,), (3, 0, 1)])
def test_gradients_are_named_by_layer_and_variable_without_the_sequentials_around(depths: tuple[int, ...]) -> None:
    """As Keras 2 named them; two parts at least, so that a variable keeps its layer's name."""
    model = nested(*depths)
    assert backend_for(model).gradient_names(model) == [f"d{at}/kernel" for at in range(len(depths))]


@ONLY_KERAS_3
def test_a_sequential_with_variables_of_its_own_keeps_its_name() -> None:
    class Scaled(keras.Sequential):  # type: ignore[misc, name-defined]
        def build(self, shape: Any = None) -> None:
            super().build(shape)
            self.scale = self.add_weight(name="scale", shape=(), initializer="ones")

    model = Scaled([layers.Input((3,)), layers.Dense(1, name="d", use_bias=False)], name="mine")
    model(np.zeros((1, 3), "float32"))
    assert sorted(backend_for(model).gradient_names(model)) == ["d/kernel", "mine/scale"]


def facts_of(model: Any) -> dict[str, Any]:
    return {each.name: each for each in backend_for(model).graph_layers(model)}


@ONLY_KERAS_3
def test_a_layer_has_a_shape_where_all_its_calls_agree() -> None:
    same, other = layers.Dense(2, name="same"), layers.Dense(2, name="other")
    flat, square = keras.Input((3,), name="flat"), keras.Input((4, 3), name="square")
    outputs = [same(flat), same(flat), other(flat), other(square)]
    facts = facts_of(keras.Model([flat, square], outputs))
    assert facts["same"].output_shape == [None, 2]
    assert facts["other"].output_shape == ["multiple"], "as Keras' own summary says"


@ONLY_KERAS_3
@pytest.mark.parametrize(
    "make",
    [
        lambda inner: keras.Sequential(inner),
        lambda inner: keras.Sequential([inner[0], keras.Sequential(inner[1:], name="in")]),
    ],
)
def test_the_layers_of_a_sequential_are_those_that_the_user_put_in(make: Any) -> None:
    """Without the input that Keras makes for it."""
    model = make([layers.Input((3,)), layers.Dense(2, name="a"), layers.Dense(1, name="b")])
    model(np.zeros((1, 3), "float32"))
    assert [each.name for each in backend_for(model).graph_layers(model)] == [layer.name for layer in model.layers]


@pytest.mark.parametrize("loss", [None, "mse"])
@pytest.mark.parametrize("added", [False, True], ids=["no loss added", "a loss added"])
@ONLY_KERAS_3
def test_there_is_no_gradient_without_a_loss(loss: str | None, added: bool) -> None:
    class Adds(layers.Layer):  # type: ignore[misc, name-defined]
        def call(self, x: Any) -> Any:
            if added:
                self.add_loss(tf.reduce_sum(x))
            return x

    model = keras.Sequential([layers.Input((3,)), layers.Dense(1), Adds()])
    model.layers[0].bias.assign([5.0])  # whatever else is drawn, the sum is far from zero
    model.compile("sgd", loss, run_eagerly=True)
    x, y = numbers()
    compute = lambda: float(backend_for(model).compute_loss(model, x, y, model(x), None))
    if loss is None and not added:
        with pytest.raises(ValueError, match="compiled without a loss"):
            compute()
    else:
        own = float(np.mean((np.asarray(model(x)) - y) ** 2)) if loss else 0.0
        assert compute() == pytest.approx(own + (float(np.sum(np.asarray(model(x)))) if added else 0.0), rel=1e-4)


@pytest.mark.parametrize("fails", [False, True])
@pytest.mark.parametrize("before", ["a history", None])
def test_the_history_of_a_model_is_the_same_object_afterwards(before: Any, fails: bool) -> None:
    """``fit`` returns what it finds there, and ``predict`` puts another one there."""
    model = SimpleNamespace(history=before)
    keeps = backend_for(dense()).keeps_history(model)
    try:
        with keeps:
            model.history = "that of predict"
            assert 1 // (not fails)
    except ZeroDivisionError:
        assert fails
    assert model.history is before


@pytest.mark.parametrize("draws", [0, 1, 3])
def test_random_numbers_of_keras_and_tensorflow_are_put_back(draws: int) -> None:
    """Keras 3 counts in a generator of its own, which ``tf.random`` knows nothing of."""
    model = dense()
    backend = backend_for(model)

    def draw() -> list[Any]:
        tf.random.normal((2,))  # takes a seed of the operations', from a generator that is in the state
        own = keras.random.normal((2,)) if KERAS_3 else tf.zeros(2)
        return [np.asarray(own).tolist(), tf.random.get_global_generator().normal((2,)).numpy().tolist()]

    keras.utils.set_random_seed(5)
    draw()
    state = backend.random_state(model)
    expected = [draw() for _ in range(2)]
    after = repr(backend.random_state(model))
    backend.restore_random_state(state)
    assert repr(backend.random_state(model)) == repr(state)
    beside = [draw() for _ in range(draws)]
    backend.restore_random_state(state)
    assert [draw() for _ in range(2)] == expected
    assert repr(backend.random_state(model)) == after
    assert beside == expected[:draws] or draws > len(expected)


@pytest.mark.parametrize("fails", [False, True])
@ONLY_KERAS_3
def test_saving_leaves_the_loggers_as_they_were(tmp_path: Any, fails: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own advice about HDF5 is kept back for us; what the user's own saving says is not."""
    model = dense()
    logger = logging.getLogger("absl")
    before = list(logger.filters)
    if fails:
        monkeypatch.setattr(type(model), "save", lambda *_, **__: 1 // 0)
    for _ in range(2):
        try:
            backend_for(model).save_model_h5(model, str(tmp_path / "m.h5"))
        except ZeroDivisionError:
            assert fails
    assert logger.filters == before


@settings(max_examples=8)
@given(samples=st.integers(4, 14), size=st.sampled_from([1, 3, 4]))
def test_a_model_of_a_fixed_batch_size_has_gradients_over_its_full_batches(
    observed: Observed, samples: int, size: int
) -> None:
    """Of its own size, and what is left over is no batch."""
    inputs = keras.Input(batch_shape=(size, 3)) if KERAS_3 else keras.Input((3,), batch_size=size)
    model = keras.Model(inputs, layers.Dense(1, name="d")(inputs))
    model.compile("sgd", "mse", run_eagerly=True)
    x, y = numbers(samples)
    full = samples - samples % size
    for found, expected in zip(sums(model, (x, y)), of_linear_model(model, x[:full], y[:full], size=size)):
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
@pytest.mark.parametrize("own", [False, True], ids=["a loss", "compute_loss"])
def test_data_of_any_floats_is_what_fit_makes_of_it(observed: Observed, dtype: str, own: bool) -> None:
    """What a model computes by itself gets the model's own floats, or it cannot subtract one from the other."""
    squares = lambda y, predicted: tf.reduce_mean(tf.square(predicted - y))

    class Own(keras.Sequential):  # type: ignore[misc, name-defined]
        def compute_loss(
            self, x: Any = None, y: Any = None, y_pred: Any = None, sample_weight: Any = None, **_: Any
        ) -> Any:
            return squares(y, y_pred)

    model = (Own if own else keras.Sequential)([layers.Input((3,)), layers.Dense(1, name="d")])
    model.compile("sgd", None if own else squares, run_eagerly=True)
    x, y = (array.astype(dtype) for array in numbers(8))
    given_floats = x.astype("float32"), y.astype("float32")
    for found, expected in zip(sums(model, (x, y)), of_linear_model(model, *given_floats)):
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


def test_the_graph_is_there_after_the_first_batch(observed: Observed) -> None:
    """A training that is broken off in its first epoch has one, also where no batch is logged."""
    under_test = callback(save_graph=True)
    under_test.set_model(dense())
    under_test.on_train_begin()
    assert "graph" not in observed.summary.keys()
    under_test.on_train_batch_end(0, {"loss": 1.0})
    assert "graph" in observed.summary.keys()
    assert observed.rows == []


@pytest.mark.parametrize("mode", ["min", "max"])
@pytest.mark.parametrize("known", [0.0, -0.0, 0, 1.5, -2])
def test_a_run_that_goes_on_begins_with_the_best_of_its_summary(observed: Observed, known: float, mode: str) -> None:
    """Zero is a value, and no reason to begin anew."""
    observed.summary["best_z"] = known
    under_test = callback(monitor="z", mode=mode)
    assert under_test.best == known
    worse, better = (known + 1, known - 1) if mode == "min" else (known - 1, known + 1)
    under_test.set_model(dense())
    under_test.on_train_begin()
    under_test.on_epoch_end(0, {"z": worse})
    assert (under_test.best, observed.summary["best_z"]) == (known, known)
    under_test.on_epoch_end(1, {"z": better})
    assert (under_test.best, observed.summary["best_z"]) == (better, better)


def test_a_run_without_one_begins_with_the_worst(observed: Observed) -> None:
    assert [callback(monitor="z", mode=mode).best for mode in ("min", "max")] == [np.inf, -np.inf]


class Noisy(keras.Model):  # type: ignore[misc, name-defined]
    """Trains on noise that TensorFlow draws, operation by operation."""

    def __init__(self) -> None:
        super().__init__()
        self.dense = layers.Dense(1)

    def call(self, x: Any, training: Any = None) -> Any:
        return self.dense(x + tf.random.normal(tf.shape(x)) if training else x)


def test_a_generator_that_draws_with_tensorflow_leaves_a_training_alone_that_does(observed: Observed) -> None:
    def trained(with_callback: bool) -> list[Any]:
        keras.utils.set_random_seed(3)
        model = Noisy()
        model.compile("sgd", "mse", run_eagerly=True)
        x, y = numbers(4)

        def noise() -> Any:
            while True:
                yield x + tf.random.normal(x.shape).numpy(), y

        tables = {"log_evaluation": True, "log_evaluation_frequency": 1, "generator": noise(), "validation_steps": 1}
        row = {"validation_row_processor": lambda *_: {"a": 1}, "prediction_row_processor": lambda *_: {"b": 1}}
        callbacks = [callback(**tables, **row)] if with_callback else []
        model.fit(x, y, epochs=2, verbose=0, shuffle=False, callbacks=callbacks)
        return [array.tolist() for array in model.get_weights()]

    assert trained(with_callback=True) == trained(with_callback=False)
