"""Data in whose place a wrapper stands is read as it would be, and what is read is remembered on the way."""

from __future__ import annotations

import sys
from types import GeneratorType, ModuleType
from typing import Any

import pytest

from wandb_keras_compat.backends import validation_taps
from wandb_keras_compat.backends.validation_taps import memory_of, reads_the_same_twice, tapped
from wandb_keras_compat.data.batch_memory import BatchMemory

BATCHES = [([1.0], [1]), ([2.0], [2]), ([3.0], [3])]


def memory(batches: int | None = None) -> BatchMemory:
    return BatchMemory(batches, None)


class Iterating:
    """An iterator class of the user's own, with attributes that Keras looks at."""

    batch_size = 1

    def __init__(self) -> None:
        self.left = list(BATCHES)

    def __iter__(self) -> Any:
        return self

    def __next__(self) -> Any:
        if not self.left:
            raise StopIteration
        return self.left.pop(0)


class Sequence:
    __module__ = "keras.utils"

    def __init__(self) -> None:
        self.read: list[int] = []
        self.workers = 3

    def __len__(self) -> int:
        return 3

    def __getitem__(self, index: int) -> Any:
        self.read.append(index)
        return BATCHES[index]


class DataLoader:
    def __init__(self) -> None:
        self.begun = 0

    def __len__(self) -> int:
        return 3

    def __iter__(self) -> Any:
        self.begun += 1
        return iter(BATCHES)


@pytest.fixture
def torch(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("torch.utils.data")
    vars(module)["DataLoader"] = DataLoader
    monkeypatch.setitem(sys.modules, "torch.utils.data", module)


@pytest.mark.parametrize("make", [lambda: (batch for batch in BATCHES), Iterating, Sequence, DataLoader])
def test_keras_reads_the_same_batches_of_an_object_of_the_same_class(make: Any, torch: None) -> None:
    data, kept = make(), memory()
    through = tapped(data, kept, in_processes=False)
    assert through is not data and isinstance(through, type(data))
    assert memory_of(through) is kept and memory_of(data) is None
    assert list(through) == BATCHES
    assert kept.seen == BATCHES


def test_a_generator_is_one_and_ends_as_its_own() -> None:
    def breaks() -> Any:
        yield BATCHES[0]
        raise OSError("the disk is gone")

    kept = memory()
    through = tapped(breaks(), kept, in_processes=False)
    assert isinstance(through, GeneratorType)
    with pytest.raises(OSError, match="the disk is gone"):
        list(through)
    assert kept.seen == BATCHES[:1]


def test_a_stand_in_has_the_attributes_and_the_length_of_what_it_stands_for(torch: None) -> None:
    iterator, sequence, loader = (
        tapped(made, memory(), in_processes=False) for made in (Iterating(), Sequence(), DataLoader())
    )
    assert iterator.batch_size == 1 and iter(iterator) is iterator and iterator.next() == BATCHES[0]
    assert sequence.workers == 3 and len(sequence) == len(loader) == 3
    with pytest.raises(AttributeError, match="nothing"):
        _ = iterator.nothing


def test_an_iterator_of_old_is_one() -> None:
    old = type("Old", (), {"next": lambda self: BATCHES[0], "__next__": lambda self: BATCHES[0]})
    assert tapped(old(), memory(), in_processes=False).next() == BATCHES[0]
    only = type("Only", (), {"next": lambda self: 1})
    assert memory_of(tapped(only(), memory(), in_processes=False)) is not None


def test_batches_of_a_sequence_have_their_places_whatever_the_order_they_are_read_in() -> None:
    kept = memory()
    through = tapped(Sequence(), kept, in_processes=False)
    for index in (2, 0, 1, 0):
        assert through[index] == BATCHES[index]
    assert kept.seen == BATCHES


def test_of_a_loader_the_first_pass_is_remembered_and_a_pass_begins_when_it_is_asked_for(torch: None) -> None:
    loader, kept = DataLoader(), memory()
    through = tapped(loader, kept, in_processes=False)
    first = iter(through)
    assert loader.begun == 1
    assert list(first) == list(through) == BATCHES
    assert kept.seen == BATCHES and loader.begun == 2


@pytest.mark.parametrize("asked_by", ["fit", "the Sequence"])
def test_a_sequence_that_other_processes_read_stays_and_a_copy_of_it_is_read(asked_by: str) -> None:
    sequence: Any = Sequence()
    if asked_by == "the Sequence":
        sequence.use_multiprocessing = True
    kept = memory(2)
    sequence.count = 0
    assert tapped(sequence, kept, in_processes=asked_by == "fit") is sequence
    assert kept.seen == BATCHES[:2] and sequence.read == [0, 1], "no further than is kept"
    assert memory_of(sequence) is None


def test_counters_that_a_sequence_keeps_while_it_is_read_do_not_change() -> None:
    class Counting(Sequence):
        __module__ = "my"
        count = 0

        def __getitem__(self, index: int) -> Any:
            self.count += 1
            return BATCHES[index]

    sequence = Counting()
    tapped(sequence, memory(), in_processes=True)
    assert sequence.count == 0


def test_what_cannot_be_wrapped_is_not() -> None:
    for data in ({"a": 1}, 7, "text", object()):
        assert tapped(data, memory(), in_processes=False) is None
    assert memory_of([1]) is None


def test_only_a_dataset_may_read_the_same_twice_and_in_doubt_it_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not reads_the_same_twice(Sequence()) and not reads_the_same_twice(iter([]))
    monkeypatch.setattr(validation_taps, "is_dataset", lambda data: True)
    datasets = ModuleType("wandb_keras_compat.backends.tensorflow.datasets")
    vars(datasets).update(is_repeatable=lambda data: 1 // data == 1, tapped_dataset=lambda data, memory: Sequence())
    monkeypatch.setitem(sys.modules, datasets.__name__, datasets)
    assert [reads_the_same_twice(data) for data in (1, 2, 0)] == [True, False, False]
    kept = memory()
    assert memory_of(tapped(1, kept, in_processes=False)) is kept


def test_a_dataset_is_read_through_one_of_the_same_elements() -> None:
    tf = pytest.importorskip("tensorflow", reason="a dataset is TensorFlow's")
    seen = memory()
    stand_in = tapped(tf.data.Dataset.range(4).batch(2), seen, in_processes=False)
    assert isinstance(stand_in, tf.data.Dataset) and memory_of(stand_in) is seen
    assert [batch.numpy().tolist() for batch in stand_in] == [[0, 1], [2, 3]]
    assert [batch.numpy().tolist() for batch in seen.seen] == [[0, 1], [2, 3]]


def test_a_dataset_of_sparse_elements_is_remembered_as_such() -> None:
    tf = pytest.importorskip("tensorflow", reason="a dataset is TensorFlow's")
    seen = memory()
    (read,) = tapped(tf.data.Dataset.from_tensors(tf.sparse.eye(2)), seen, in_processes=False)
    (kept,) = seen.seen
    assert isinstance(kept, tf.SparseTensor) and isinstance(read, tf.SparseTensor)
    assert tf.sparse.to_dense(kept).numpy().tolist() == [[1.0, 0.0], [0.0, 1.0]]
