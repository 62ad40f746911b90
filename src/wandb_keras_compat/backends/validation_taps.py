"""Wrappers of validation data that pass the batches on to Keras and remember them on the way.

A shuffled dataset, a generator or an augmenting Sequence gives other items when it is read a second time, and items
that the callback took would be missing in Keras' validation, which changes ``val_loss``. So only Keras reads such
data.
"""

from __future__ import annotations

import copy
import types
import weakref
from collections.abc import Iterator
from typing import Any

from ..data.batch_memory import BatchMemory
from ..data.kinds import is_dataset, is_sequence
from ..data.loaders import is_data_loader

#: Wrapper of validation data in use now, to the memory that it fills.
_memories: weakref.WeakKeyDictionary[Any, BatchMemory] = weakref.WeakKeyDictionary()


def memory_of(stand_in: Any) -> BatchMemory | None:
    """The memory that *stand_in* fills; None for data that is not wrapped."""
    try:
        return _memories.get(stand_in)
    except TypeError:  # arrays cannot be looked up
        return None


def tapped(data: Any, memory: BatchMemory, in_processes: bool) -> Any:
    """A wrapper of *data* to give to Keras, so that *memory* is filled; None for data that cannot be wrapped.

    Keras treats it as it treats *data*: it is a generator for a generator, a dataset of the same elements for a
    dataset, and for anything else an object whose ``__class__`` is that of *data*.

    Args:
        data: a generator, iterator, dataset, Sequence or torch ``DataLoader``.
        memory: gets the batches that Keras reads.
        in_processes: Keras reads Sequences in other processes, whose memory nobody sees here.
    """
    stand_in: Any
    if isinstance(data, types.GeneratorType):
        stand_in = _passing_on(data, memory)
    elif is_dataset(data):
        from .tensorflow.datasets import tapped_dataset

        stand_in = tapped_dataset(data, memory)
    elif is_sequence(data):
        if in_processes or getattr(data, "use_multiprocessing", False):
            _read_a_copy(data, memory)
            return data
        stand_in = _TappedSequence(data, memory)
    elif hasattr(data, "__next__") or hasattr(data, "next"):
        stand_in = _TappedIterator(data, memory)
    elif is_data_loader(data):
        stand_in = _TappedIterable(data, memory)
    else:
        return None
    _memories[stand_in] = memory
    return stand_in


def _passing_on(source: Iterator[Any], memory: BatchMemory) -> Iterator[Any]:
    for batch in source:
        memory.remember(batch)
        yield batch


class _StandIn:
    """Has the ``__class__`` and all attributes of the object it wraps."""

    def __init__(self, source: Any, memory: BatchMemory) -> None:
        self._tapped_source = source
        self._tapped_memory = memory

    @property  # type: ignore[misc]
    def __class__(self) -> type[Any]:
        return type(self._tapped_source)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tapped_source, name)


class _TappedIterator(_StandIn):
    def __iter__(self) -> Any:
        return self

    def __next__(self) -> Any:
        batch = next(self._tapped_source)
        self._tapped_memory.remember(batch)
        return batch

    next = __next__


class _TappedIterable(_StandIn):
    """Numbers the batches of each pass, so that only the first pass is remembered."""

    def __len__(self) -> int:
        return len(self._tapped_source)

    def __iter__(self) -> Iterator[Any]:
        # Begun now, not with the first batch: a DataLoader draws its seed here, and others draw in between.
        return self._passing_on(iter(self._tapped_source))

    def _passing_on(self, batches: Iterator[Any]) -> Iterator[Any]:
        for index, batch in enumerate(batches):
            self._tapped_memory.remember(batch, index)
            yield batch


class _TappedSequence(_StandIn):
    def __len__(self) -> int:
        return len(self._tapped_source)

    def __getitem__(self, index: int) -> Any:
        batch = self._tapped_source[index]
        self._tapped_memory.remember(batch, index)
        return batch

    def __iter__(self) -> Iterator[Any]:
        return (self[index] for index in range(len(self)))


def _read_a_copy(sequence: Any, memory: BatchMemory) -> None:
    """Fills *memory* from a shallow copy of the Sequence, so that counters it keeps while it is read do not change.

    The worker processes of Keras read copies too, so Keras' own reading changes nothing in this process either.
    """
    twin = copy.copy(sequence)
    for index in range(len(twin)):
        if memory.is_full:
            break
        memory.remember(twin[index], index)


def reads_the_same_twice(data: Any) -> bool:
    """Whether *data* gives the same each time and reading it has no side effect; a dataset must have no state."""
    if not is_dataset(data):
        return False
    from .tensorflow.datasets import is_repeatable

    try:
        return is_repeatable(data)
    except Exception:  # private parts of TensorFlow; when in doubt Keras reads alone
        return False
