"""Gradient passes sum over the batches that ``fit`` would make of the data, without shuffling."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wandb_keras_compat.backends.common import sliced_gradients
from wandb_keras_compat.backends.common.sliced_gradients import SlicedGradientPass, of_some_batch, slice_bounds


class OfBatches(SlicedGradientPass):
    """Hands the batches over in the place of sums; leaves arrays what they are."""

    def tensor(self, values: Any) -> Any:
        return self.array(np.asarray(values.toarray() if hasattr(values, "toarray") else values))

    def _over_tensors(self, batches: Any) -> Any:
        return list(batches)


def keras_of(fixed: int | None = None) -> Any:
    checked: list[Any] = []
    return SimpleNamespace(
        fixed_batch_size=lambda model: fixed, floatx=lambda: "float32", check_loss=checked.append, checked=checked
    )


def rows(count: int) -> Any:
    return np.arange(2 * count, dtype="float64").reshape(count, 2)


@given(samples=st.integers(1, 70), fixed=st.none() | st.integers(1, 9))
def test_the_slices_are_those_of_fit(samples: int, fixed: int | None) -> None:
    x, y = rows(samples), np.arange(samples)
    keras = keras_of(fixed)
    batches: Any = OfBatches("model", keras).over_arrays({"a": x, "b": -x}, y, None)
    size, whole = (32, samples) if fixed is None else (fixed, samples // fixed * fixed)
    assert [len(batch[1]) for batch in batches] == [min(size, whole - start) for start in range(0, whole, size)]
    assert keras.checked == ["model"]
    assert all(batch[2] is None for batch in batches)
    if batches:
        np.testing.assert_array_equal(np.concatenate([batch[0]["b"] for batch in batches]), -x[:whole])
        np.testing.assert_array_equal(np.concatenate([batch[1] for batch in batches]), y[:whole])


def test_sparse_data_is_written_out_a_batch_at_a_time() -> None:
    sparse = pytest.importorskip("scipy.sparse", reason="what is tested is scipy's")
    given_to_it: list[int] = []

    class Watching(OfBatches):
        def tensor(self, values: Any) -> Any:
            given_to_it.append(values.shape[0])
            return super().tensor(values)

    x, weight = rows(40), np.ones(40)
    keras = keras_of()
    batches: Any = Watching("model", keras).over_arrays(sparse.coo_matrix(x), x[:, 0], weight)
    assert max(given_to_it) == 32
    np.testing.assert_array_equal(np.concatenate([batch[0] for batch in batches]), x)
    assert [len(batch[2]) for batch in batches] == [32, 8]
    assert keras.checked == ["model"]


def test_batches_of_the_users_own_are_taken_as_they_come() -> None:
    keras = keras_of()
    given_to_it = [(rows(3), [1, 2, 3]), (rows(2), [1, 2], np.ones(2)), rows(1)]
    found: Any = OfBatches("model", keras).over_batches(given_to_it)
    assert [[None if part is None else len(part) for part in batch] for batch in found] == [
        [3, 3, None], [2, 2, 2], [1, None, None]
    ]  # fmt: skip
    assert keras.checked == ["model"]


@pytest.mark.parametrize(
    ("dtype", "becomes"), [("float64", "float32"), ("float16", "float32"), ("int64", "int64"), ("bool", "bool"), ("uint8", "uint8")]
)  # fmt: skip
def test_floats_are_those_of_keras_and_other_numbers_stay(dtype: str, becomes: str) -> None:
    made = SlicedGradientPass("model", keras_of()).array(np.ones(2, dtype))
    assert made.dtype == becomes
    one = np.ones(2, "float32")
    assert SlicedGradientPass("model", keras_of()).array(one) is one, "a large array is not copied for nothing"


def test_without_a_sample_or_a_batch_there_is_no_gradient() -> None:
    with pytest.raises(ValueError, match="training_data"):
        slice_bounds(keras_of(), "model", np.zeros((0, 2)))
    with pytest.raises(ValueError, match="training_data"):
        of_some_batch(None)
    assert of_some_batch([1]) == [1]
    assert sliced_gradients.BATCH_SIZE == 32


def test_a_tensor_is_one_of_keras() -> None:
    keras = pytest.importorskip("keras", reason="Keras is not installed")
    if not hasattr(keras, "ops"):
        pytest.skip("Keras 2 has no tensors of its own")
    made = SlicedGradientPass("model", keras_of()).tensor(np.ones((2, 1)))
    assert keras.ops.is_tensor(made) and keras.backend.standardize_dtype(made.dtype) == "float32"
