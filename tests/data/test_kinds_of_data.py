"""pandas, sparse and ragged data give what the same numbers give as NumPy arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from wandb_keras_compat import messages
from wandb_keras_compat.data import arrays
from wandb_keras_compat.data.batches import first_samples, joined_batches, sample_count, take, to_numpy

from ..builders import callback, classifier, dense, fit, images, keras, layers, sequence_of
from ..conftest import Observed

ORDER = [5, 3, 1, 0, 2, 4, 7, 6]
DENSE = (np.random.default_rng(0).random((8, 5)) * (np.random.default_rng(1).random((8, 5)) > 0.5)).astype("float32")
TARGETS = np.random.default_rng(2).random((8, 1)).astype("float32")


def _pandas(array: Any) -> Any:
    pandas = pytest.importorskip("pandas", reason="what is tested is pandas'")
    if array.ndim == 1:
        return pandas.Series(array, index=ORDER[: len(array)])
    return pandas.DataFrame(array, index=ORDER[: len(array)], columns=[f"c{i}" for i in range(array.shape[1])])


def _scipy(kind: str) -> Callable[[Any], Any]:
    def make(array: Any) -> Any:
        sparse = pytest.importorskip("scipy.sparse", reason="what is tested is scipy's")
        return getattr(sparse, f"{kind}_matrix")(array)

    return make


#: Ways to hold an array of shape (samples, features).
KINDS: dict[str, Callable[[Any], Any]] = {
    "pandas": _pandas,
    "csr": _scipy("csr"),
    "csc": _scipy("csc"),
    "coo": _scipy("coo"),
    "float64 csr": lambda array: _scipy("csr")(array.astype("float64")),
    "SparseTensor": lambda array: tf.sparse.from_dense(array),
    "tensor": tf.constant,
}


@pytest.fixture(params=sorted(KINDS))
def held(request: pytest.FixtureRequest) -> Any:
    return KINDS[request.param](DENSE)


def test_samples_are_counted_taken_and_written_out(held: Any) -> None:
    assert sample_count(held) == 8
    np.testing.assert_allclose(to_numpy(held), DENSE)
    np.testing.assert_allclose(take({"x": held}, [6, 1, 1])["x"], DENSE[[6, 1, 1]])


def test_gradients_are_those_of_the_array(observed: Observed, held: Any) -> None:
    found = [_gradients(dense(5, eager=eager), (x, TARGETS)) for x in (DENSE, held) for eager in (False, True)]
    for other in found[1:]:
        for one, two in zip(found[0], other):
            np.testing.assert_allclose(two, one, rtol=1e-5)


def test_gradients_over_several_batches_weigh_samples_as_those_of_the_array(observed: Observed) -> None:
    x, y = np.tile(DENSE, (5, 1)), np.tile(TARGETS, (5, 1))
    weight = np.linspace(0, 1, 40).astype("float32")
    model = dense(5, eager=False)
    expected = _gradients(model, (x, y, weight))
    for kind in ("csr", "SparseTensor"):
        for one, two in zip(expected, _gradients(model, (KINDS[kind](x), y, weight))):
            np.testing.assert_allclose(two, one, rtol=1e-5)


def test_batches_of_sparse_tensors_are_read(observed: Observed) -> None:
    data = tf.data.Dataset.from_tensor_slices((KINDS["SparseTensor"](DENSE), TARGETS)).batch(4)
    model = dense(5, eager=False)
    expected = [_gradients(model, (DENSE[part], TARGETS[part])) for part in (slice(0, 4), slice(4, 8))]
    for one, two, both in zip(*expected, _gradients(model, data)):
        np.testing.assert_allclose(both, one + two, rtol=1e-5)
    np.testing.assert_allclose(joined_batches(data, None)[0], DENSE)
    np.testing.assert_allclose(first_samples(data, 5)[0], DENSE[:5])


@pytest.mark.parametrize("kind", ["pandas", "csc", "SparseTensor"])
def test_tables_are_those_of_the_array(observed: Observed, kind: str) -> None:
    expected, found = (_tables(observed, x) for x in (DENSE, KINDS[kind](DENSE)))
    assert found[0].columns == expected[0].columns
    assert found[1].columns == expected[1].columns
    for one, two in zip(expected[0].data + expected[1].data, found[0].data + found[1].data):
        for value, other in zip(one, two):
            np.testing.assert_allclose(other, value, rtol=1e-5)


def test_a_series_of_targets_with_a_shuffled_index_is_read_by_position(observed: Observed) -> None:
    series = _pandas(TARGETS[:, 0])
    tables = [_tables(observed, DENSE, y)[0] for y in (TARGETS[:, 0], series)]
    assert tables[0].columns == tables[1].columns
    for one, two in zip(tables[0].data, tables[1].data):
        np.testing.assert_equal(two, one)
    for one, two in zip(*(_gradients(dense(5), (DENSE, y)) for y in (TARGETS[:, 0], series))):
        np.testing.assert_allclose(one, two, rtol=1e-5)


def test_pandas_columns_of_several_types_are_numbers() -> None:
    pandas = pytest.importorskip("pandas", reason="what is tested is pandas'")
    frame = pandas.DataFrame({"a": [1.5, 2.5], "b": [True, False], "c": pandas.array([1, 2], dtype="Int64")})
    np.testing.assert_array_equal(to_numpy(frame), [[1.5, 1, 1], [2.5, 0, 2]])
    assert to_numpy(frame).dtype == "float64"
    assert to_numpy(pandas.Series(["x", "y"])).tolist() == ["x", "y"]


def test_examples_take_pandas_targets_and_draw_the_right_ones(observed: Observed) -> None:
    pandas = pytest.importorskip("pandas", reason="what is tested is pandas'")
    x, y = images()
    frame = pandas.DataFrame(y, index=[4, 2, 0, 1, 3, 5])
    options = {"input_type": "image", "output_type": "label", "predictions": 2}
    drawn = []
    for targets in (y, frame):
        fit(classifier(), callback(validation_data=(x, targets), **options), data=(x, y))
        drawn.append([(picture.image.tobytes(), picture._caption) for picture in observed.column("examples")[-1]])
    assert drawn[0] == drawn[1]
    assert observed.warnings == []


def test_ragged_data_is_a_column_of_lists(observed: Observed) -> None:
    ragged = tf.ragged.constant([[1, 2], [3], []], dtype="int64")
    assert arrays.plain(ragged) == [[1, 2], [3], []]
    assert arrays.joined([ragged, ragged]).to_list() == [[1, 2], [3], [], [1, 2], [3], []]
    assert arrays.count(ragged) == 3


def test_a_sparse_array_too_large_to_write_out_is_refused_with_a_reason(observed: Observed) -> None:
    sparse = pytest.importorskip("scipy.sparse", reason="what is tested is scipy's")
    huge = sparse.csr_matrix((1 << 14, 1 << 13), dtype="float32")
    with pytest.raises(ValueError, match="give fewer samples as validation_data"):
        arrays.plain(huge)
    assert str(1 << 27) in messages.too_large_to_spell_out(1 << 27)


def _gradients(model: Any, training_data: Any) -> list[Any]:
    under_test = callback(log_gradients=True, training_data=training_data)
    under_test.set_model(model)
    sums: list[Any] = under_test._features.gradients.sums()
    return sums


def _tables(observed: Observed, x: Any, y: Any = TARGETS) -> tuple[Any, Any]:
    """The validation table and the prediction table."""
    observed.clear()
    under_test = callback(log_evaluation=True, validation_data=(x, y))
    fit(dense(5), under_test, data=(DENSE, TARGETS))
    assert observed.warnings == []
    return under_test._features.evaluation._tables.data_table, observed.column("validation_predictions")[0]


# --- several inputs and outputs ----------------------------------------------------------------------------------


def _network(inputs: int, outputs: int, form: type = list) -> Any:
    keras.utils.set_random_seed(0)
    given = [keras.Input((4, 4, 1), name=f"in{index}") for index in range(inputs)]
    hidden = layers.Flatten()(given[0] if inputs == 1 else layers.Add()(given))
    made = [layers.Dense(3, "softmax", name=f"out{index}")(hidden) for index in range(outputs)]
    if form is dict:
        given = {f"in{index}": tensor for index, tensor in enumerate(given)}
        made = {f"out{index}": tensor for index, tensor in enumerate(made)}
    model = keras.Model(
        given if inputs > 1 or form is dict else given[0], made if outputs > 1 or form is dict else made[0]
    )
    model.compile("sgd", "categorical_crossentropy", run_eagerly=True)
    return model


def _shaped(array: Any, count: int, form: type, name: str) -> Any:
    if form is dict:
        return {f"{name}{index}": array for index in range(count)}
    return form([array] * count) if count > 1 else array


@pytest.mark.parametrize("form", [dict, list, tuple])
@pytest.mark.parametrize(("inputs", "outputs"), [(1, 1), (2, 1), (1, 2), (2, 2)])
def test_tables_and_images_of_several_inputs_and_outputs(
    observed: Observed, form: type, inputs: int, outputs: int
) -> None:
    x, y = images()
    data = (_shaped(x, inputs, form, "in"), _shaped(y, outputs, form, "out"))
    under_test = callback(
        input_type="image", output_type="label", labels=["p", "q", "r"], log_evaluation=True, validation_data=data
    )
    # Keras 2 takes no tuple of targets that it does not find in a list of outputs, so fit gets lists.
    fitted = tuple(list(part) if isinstance(part, tuple) else part for part in data)
    model = _network(inputs, outputs, form)
    fit(model, under_test, data=fitted)
    tables = under_test._features.evaluation._tables
    (predictions,) = observed.column("validation_predictions")
    named = {"in": inputs > 1 or form is dict, "out": outputs > 1 or form is dict}
    expected = {f"in{i}" for i in range(inputs)} if named["in"] else {"input"}
    assert expected <= set(tables.data_table.columns)
    expected = {f"out{i}" for i in range(outputs)} if named["out"] else {"output"}
    assert expected | {f"{name}:max_class" for name in expected} <= set(predictions.columns)
    pictures = observed.column("examples")
    if inputs > 1:
        assert pictures == []
        assert [messages.several_inputs() in text for text in observed.warnings] == [True]
    elif outputs > 1:
        assert [picture._caption for picture in pictures[0]] == [None] * 6
        assert observed.warnings == [messages.no_captions()]
    else:
        assert {picture._caption for picture in pictures[0]} <= {"p", "q", "r"}
        assert observed.warnings == []


def test_a_sequence_of_pandas_batches_is_joined(observed: Observed) -> None:
    x, y = joined_batches(sequence_of(DENSE, TARGETS, 4), None)
    np.testing.assert_array_equal(x, DENSE)
    np.testing.assert_array_equal(arrays.joined([_pandas(y[:4]), _pandas(y[4:])]), TARGETS)
