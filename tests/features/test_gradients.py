"""``log_gradients``."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tensorflow as tf
import wandb
from hypothesis import given, settings
from hypothesis import strategies as st

from ..builders import KERAS_3, callback, dense, fit, generator_of, keras, layers, numbers, run_epochs, sequence_of
from ..conftest import Observed


def sums(model: Any, training_data: Any) -> list[Any]:
    """The numbers behind the histograms."""
    under_test = callback(log_gradients=True, training_data=training_data)
    under_test.set_model(model)
    gradients: list[Any] = under_test._features.gradients.sums()
    return gradients


def of_linear_model(model: Any, x: Any, y: Any, weight: Any = None, size: int = 32) -> list[Any]:
    """The same for ``dense()`` by hand: d/dw mean(weight * (x w + b - y)^2), summed over batches of *size*."""
    w, b = (values.astype("float64") for values in model.get_weights())
    weight = np.ones(len(x)) if weight is None else weight
    total = [np.zeros_like(w), np.zeros_like(b)]
    for start in range(0, len(x), size):
        part = slice(start, start + size)
        slope = 2 * (x[part] @ w + b - y[part]) * weight[part, None] / len(x[part])
        total[0] += x[part].T @ slope
        total[1] += slope.sum(axis=0)
    return total


@pytest.fixture(scope="module")
def linear() -> Any:
    return dense(eager=False)


@settings(max_examples=15)
@given(samples=st.integers(1, 100), seed=st.integers(0, 9), weighted=st.booleans())
def test_quirk_08_27_gradients_are_summed_over_batches_of_32_in_order(
    observed: Observed, linear: Any, samples: int, seed: int, weighted: bool
) -> None:
    x, y = numbers(samples, seed=seed)
    weight = np.linspace(0.0, 2.0, samples).astype("float32") if weighted else None
    found = sums(linear, (x, y, weight) if weighted else (x, y))
    for one, expected in zip(found, of_linear_model(linear, x, y, weight)):
        np.testing.assert_allclose(one, expected, rtol=1e-4, atol=1e-5)


def test_quirk_08_the_numbers_are_the_same_each_time_and_leave_the_model_alone(observed: Observed, linear: Any) -> None:
    before = linear.get_weights()
    data = numbers(70)
    for one, other in zip(sums(linear, data), sums(linear, data)):
        np.testing.assert_array_equal(one, other)
    for one, other in zip(before, linear.get_weights()):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("form", ["dataset", "sequence", "generator"])
def test_quirk_08_other_forms_are_summed_over_their_own_batches(observed: Observed, linear: Any, form: str) -> None:
    x, y = numbers(10)
    data = {
        "dataset": lambda: tf.data.Dataset.from_tensor_slices((x, y)).batch(4),
        "sequence": lambda: sequence_of(x, y, 4),
        "generator": lambda: generator_of(x, y, 4),
    }[form]()
    for one, expected in zip(sums(linear, data), of_linear_model(linear, x, y, size=4)):
        np.testing.assert_allclose(one, expected, rtol=1e-4, atol=1e-5)


def test_quirk_08_gradients_are_those_of_the_end_of_the_epoch_and_in_its_row(observed: Observed) -> None:
    model, data = dense(), numbers()
    fit(model, callback(log_gradients=True, training_data=data))
    (row,) = observed.rows
    assert {key for key in row if "/" in key} == {"gradients/d/kernel.gradient", "gradients/d/bias.gradient"}
    kernel, bias = of_linear_model(model, *data)  # at the weights fit left
    logged = row["gradients/d/kernel.gradient"]
    assert isinstance(logged, wandb.Histogram)
    np.testing.assert_allclose([logged.bins[0], logged.bins[-1]], [kernel.min(), kernel.max()], rtol=1e-4)
    assert sum(row["gradients/d/bias.gradient"].histogram) == bias.size


def test_quirk_10_names_are_those_of_keras_2_and_none_overwrites_another(observed: Observed) -> None:
    inner = keras.Sequential([layers.Input((3,)), layers.Dense(3, name="d", use_bias=False)], name="inner")
    model = keras.Sequential([layers.Input((3,)), inner, layers.Dense(1, name="d", use_bias=False)], name="outer")
    model.compile("sgd", "mse", run_eagerly=True)
    run_epochs(callback(log_gradients=True, training_data=numbers()), {"loss": 1.0}, model=model)
    keys = {key for key in observed.rows[0] if "/" in key}
    assert len(keys) == 2
    assert "gradients/d/kernel.gradient" in keys
    assert observed.rows[0]["gradients/d/kernel.gradient"].histogram is not None
    assert sum(observed.rows[0]["gradients/d/kernel.gradient"].histogram) == 3  # the last of the two keeps the key
    assert any("inner" in key for key in keys)


def test_quirk_10_recurrent_names(observed: Observed) -> None:
    keras.backend.clear_session()  # older Keras numbers the cells through the whole program
    model = keras.Sequential([layers.Input((2, 3)), layers.LSTM(2, name="l")])
    model.compile("sgd", "mse", run_eagerly=True)
    data = np.ones((4, 2, 3), "float32"), np.ones((4, 2), "float32")
    run_epochs(callback(log_gradients=True, training_data=data), {"loss": 1.0}, model=model)
    parts = ("kernel", "recurrent_kernel", "bias")
    assert {key for key in observed.rows[0] if "/" in key} == {
        f"gradients/l/lstm_cell/{part}.gradient" for part in parts
    }


def test_quirk_25_an_embedding_has_its_gradient_not_its_weights(observed: Observed) -> None:
    keras.utils.set_random_seed(0)
    model = keras.Sequential([layers.Input((1,)), layers.Embedding(5, 2, name="e"), layers.Flatten()])
    model.compile("sgd", "mse", run_eagerly=True)
    x, y = np.array([[0], [3], [3]]), np.ones((3, 2), "float32")
    (found,) = sums(model, (x, y))
    weights = model.get_weights()[0]
    expected = np.zeros_like(weights)
    for index in x[:, 0]:
        expected[index] += 2 * (weights[index] - 1) / y.size
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-7)


def test_quirk_25_a_variable_the_loss_does_not_depend_on_has_gradient_zero(observed: Observed) -> None:
    class Dead(layers.Layer):  # type: ignore[misc, name-defined]
        def build(self, shape: Any) -> None:
            self.dead = self.add_weight(name="dead", shape=(2,), initializer="ones")

        def call(self, x: Any) -> Any:
            return x

    model = keras.Sequential([layers.Input((3,)), Dead(name="z"), layers.Dense(1)])
    model.compile("sgd", "mse", run_eagerly=True)
    np.testing.assert_array_equal(sums(model, numbers())[0], [0.0, 0.0])


def test_quirk_26_loss_weights_count(observed: Observed) -> None:
    def two_headed(loss_weights: Any) -> Any:
        keras.utils.set_random_seed(0)
        x = keras.Input((3,))
        model = keras.Model(x, [layers.Dense(1, name="a")(x), layers.Dense(1, name="b")(x)])
        model.compile("sgd", ["mse", "mse"], loss_weights=loss_weights, run_eagerly=True)
        return model

    x, y = numbers()
    plain, weighted = (sums(two_headed(weights), (x, [y, y])) for weights in (None, [1.0, 10.0]))
    for index, factor in enumerate((1, 1, 10, 10)):
        np.testing.assert_allclose(weighted[index], factor * plain[index], rtol=1e-4)


@pytest.mark.parametrize("length", [0, 1, 4])
def test_quirk_27_other_lengths_are_refused_in_legacys_words(observed: Observed, length: int) -> None:
    with pytest.raises(ValueError, match="^training data must be a tuple of length two$"):
        callback(log_gradients=True, training_data=tuple(np.ones((2, 2)) for _ in range(length)))


def test_quirk_27_a_list_of_two_is_read_as_x_and_y(observed: Observed, linear: Any) -> None:
    x, y = numbers()
    for one, other in zip(sums(linear, [x, y]), sums(linear, (x, y))):
        np.testing.assert_array_equal(one, other)


def test_quirk_28_a_finite_generator_serves_every_epoch(observed: Observed) -> None:
    x, y = numbers(8)
    under_test = callback(log_gradients=True, training_data=generator_of(x, y, 4))
    model = dense()
    fit(model, under_test, epochs=3)
    assert len(observed.column("gradients/d/kernel.gradient")) == 3
    assert observed.warnings == []
    kernel, _ = of_linear_model(model, x, y, size=4)
    logged = observed.rows[-1]["gradients/d/kernel.gradient"]
    np.testing.assert_allclose([logged.bins[0], logged.bins[-1]], [kernel.min(), kernel.max()], rtol=1e-4)


@pytest.mark.parametrize("form", ["dataset", "generator"])
def test_quirk_28_data_without_end_is_cut_where_keras_cuts_it(observed: Observed, form: str) -> None:
    x, y = numbers(8)
    data = (
        tf.data.Dataset.from_tensor_slices((x, y)).batch(4).repeat()
        if form == "dataset"
        else generator_of(x, y, 4, forever=True)
    )
    model = dense()
    fit(model, callback(log_gradients=True, training_data=data))
    kernel, _ = of_linear_model(model, x, y, size=4)  # two steps: all of x once
    logged = observed.rows[-1]["gradients/d/kernel.gradient"]
    np.testing.assert_allclose([logged.bins[0], logged.bins[-1]], [kernel.min(), kernel.max()], rtol=1e-4)
    assert observed.warnings == []


def _lookups() -> dict[str, Any]:
    """Layers that keep what they have learnt in no variable on Keras 2, and what is fed to them."""
    words, numbers_ = np.array([["a"], ["b"], ["c"]], dtype=object), np.array([[4], [7], [1]], dtype="int64")
    found = {
        "TextVectorization": (layers.TextVectorization(max_tokens=8, output_sequence_length=1), words),
        "StringLookup": (layers.StringLookup(num_oov_indices=2), words),
        "IntegerLookup": (layers.IntegerLookup(num_oov_indices=2), numbers_),
        "Normalization": (layers.Normalization(), numbers_),
    }
    for layer, learnt in found.values():
        layer.adapt(tf.constant(learnt.tolist()))
    return found | {"Hashing": (layers.Hashing(4), words), "CategoryEncoding": (layers.CategoryEncoding(8), numbers_)}


@pytest.mark.parametrize("eager", [False, True])
@pytest.mark.parametrize("nested", [False, True])
def test_layers_that_look_things_up_have_gradients_behind_them(observed: Observed, nested: bool, eager: bool) -> None:
    inputs, outputs, data = [], [], []
    for name, (layer, fed) in _lookups().items():
        is_text = fed.dtype == object
        given = keras.Input((1,), dtype="string" if is_text else "int64", name=name)
        looked_up = layer(given)
        if name in ("Normalization", "CategoryEncoding"):
            outputs.append(looked_up)
        else:
            outputs.append(layers.Flatten()(layers.Embedding(8, 2, name=f"e_{name}")(looked_up)))
        inputs.append(given)
        data.append(tf.constant(fed.tolist()))
    before = keras.Model(inputs, outputs, name="before")
    taken = before(inputs) if nested else outputs
    model = keras.Model(inputs, layers.Dense(1, name="d")(layers.Concatenate()(taken)))
    model.compile("sgd", "mse", run_eagerly=eager)
    y = np.ones((3, 1), "float32")
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((model(data) - y) ** 2)
    variables = [
        getattr(variable, "value", variable) if KERAS_3 else variable for variable in model.trainable_variables
    ]
    expected = [tf.convert_to_tensor(gradient).numpy() for gradient in tape.gradient(loss, variables)]
    assert len(expected) == 6
    for one, two in zip(sums(model, (data, y)), expected):
        np.testing.assert_allclose(one, two, rtol=1e-5, atol=1e-7)
