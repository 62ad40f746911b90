"""Structures of arrays and forms of data, read as Keras reads them."""

from __future__ import annotations

from collections import namedtuple
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from wandb_keras_compat.data import batches
from wandb_keras_compat.data.batches import (
    batches_of,
    first_samples,
    is_infinite,
    is_structure,
    join,
    joined_batches,
    map_arrays,
    sample_count,
    sole_array,
    split_batch,
    take,
    to_numpy,
)

ONE, TWO = np.arange(3.0), np.arange(6.0).reshape(3, 2)
Pair = namedtuple("Pair", "a b")


class Endless:
    """A dataset of TensorFlow, as far as its kind and length."""

    def __init__(self, cardinality: int) -> None:
        self.cardinality = lambda: np.int64(cardinality)

    def __iter__(self) -> Any:
        return iter([(ONE, TWO)] * 4)


Endless = type("DatasetV2", (Endless,), {"__module__": "tensorflow.python.data.ops"})  # type: ignore[misc]


class Batches:
    """A Keras Sequence without an end of its own."""

    def __len__(self) -> int:
        return 2

    def __getitem__(self, index: int) -> Any:
        return ONE + index, TWO


Batches = type("Sequence", (Batches,), {"__module__": "keras.utils"})  # type: ignore[misc]


def test_a_structure_keeps_its_form_and_its_arrays_their_places() -> None:
    add = lambda first, second: first + second
    for structure in ({"a": ONE, "b": [TWO, ONE]}, [ONE, TWO], (ONE, {"c": TWO}), Pair(ONE, TWO), ONE):
        doubled = map_arrays(add, structure, structure)
        assert type(doubled) is type(structure)
    pair = map_arrays(add, Pair(ONE, TWO), Pair(TWO[:, 0], TWO))
    np.testing.assert_array_equal(pair.a, ONE + TWO[:, 0])
    np.testing.assert_array_equal(pair.b, 2 * TWO)
    assert list(map_arrays(add, {"a": ONE}, {"a": ONE})) == ["a"]


def test_a_list_of_numbers_is_one_array_and_a_list_of_arrays_is_several() -> None:
    assert [is_structure(value) for value in ([ONE], (ONE, TWO), [1, 2], [ONE, 2], [], (), ONE, {"a": ONE})] == [
        True, True, False, False, False, False, False, False
    ]  # fmt: skip
    assert sample_count([1, 2, 3, 4]) == 4 and sample_count([TWO, [1]]) == 2
    assert sample_count({"a": [TWO, ONE[:1]]}) == 3
    np.testing.assert_array_equal(to_numpy([1, 2]), [1, 2])
    assert isinstance(to_numpy([1, 2]), np.ndarray)
    np.testing.assert_array_equal(take([ONE, TWO], [2, 0])[1], TWO[[2, 0]])


def test_the_only_array_is_found_however_deep_and_of_several_there_is_none() -> None:
    for structure in (ONE, [ONE], {"a": ONE}, {"a": (ONE,)}):
        np.testing.assert_array_equal(sole_array(structure), ONE)
    for structure in ({"a": ONE, "b": ONE}, [ONE, TWO], {}, [1]):
        assert sole_array(structure) is structure


@pytest.mark.parametrize(
    ("batch", "parts"),
    [((1, 2, 3), (1, 2, 3)), ([1, 2], (1, 2, None)), ((1,), (1, None, None)), (1, (1, None, None))],
)
def test_what_a_batch_lacks_is_none(batch: Any, parts: Any) -> None:
    assert split_batch(batch) == parts


def test_a_sequence_is_read_by_its_length_and_from_its_start_each_time() -> None:
    data = Batches()
    assert [batch[0][0] for batch in batches_of(data)] == [0, 1]
    assert [batch[0][0] for batch in batches_of(data)] == [0, 1]
    iterator = iter([1, 2, 3])
    assert next(batches_of(iterator)) == 1 and list(batches_of(iterator)) == [2, 3]


def test_a_loader_is_read_beside_keras(monkeypatch: pytest.MonkeyPatch) -> None:
    loader: Any = SimpleNamespace()
    monkeypatch.setattr(batches, "is_data_loader", lambda data: data is loader)
    monkeypatch.setattr(batches, "read_beside", lambda data: iter([data]))
    assert list(batches_of(loader)) == [loader]


def test_data_that_never_ends_is_read_only_where_the_steps_are_told() -> None:
    assert is_infinite(Endless(-1)) and not is_infinite(Endless(4)) and not is_infinite(Endless(-2))
    assert not is_infinite(iter([]))
    with pytest.raises(ValueError, match="the validation data"):
        joined_batches(Endless(-1), None)
    assert len(joined_batches(Endless(-1), 2)[0]) == 6
    assert len(joined_batches(Endless(4), None)[1]) == 12
    assert len(joined_batches(Batches(), 1)[0]) == 3


def test_without_a_batch_it_is_said_of_what() -> None:
    with pytest.raises(ValueError, match="the validation data"):
        join([])
    with pytest.raises(ValueError, match="the validation data"):
        first_samples(iter([]), 3)


def test_the_first_samples_may_end_within_a_batch_or_with_one() -> None:
    assert [len(first_samples(Batches(), count)[0]) for count in (1, 3, 4, 6, 9)] == [1, 3, 4, 6, 6]
    read: list[int] = []

    def reading() -> Any:
        for number in range(3):
            read.append(number)
            yield {"a": ONE}

    x, y = first_samples(reading(), 3)
    assert read == [0] and len(x["a"]) == 3 and y is None
