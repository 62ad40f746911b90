"""The forms in which people hand over data, and how to read them without using them up.

A *batch* is what Keras takes from a generator: ``(x, y)`` or ``(x, y, sample_weight)``, where x and y
are arrays, or lists, tuples or dicts of arrays, each with the samples along axis 0.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from .. import messages
from . import arrays
from .kinds import is_dataset, is_sequence
from .loaders import is_data_loader, read_beside

# --- structures of arrays ------------------------------------------------------------------------------


def map_arrays(function: Callable[..., Any], first: Any, *others: Any) -> Any:
    """Applies *function* to the arrays of structures of the same shape, and keeps the structure."""
    if isinstance(first, dict):
        return {key: map_arrays(function, first[key], *(other[key] for other in others)) for key in first}
    if is_structure(first):
        parts = [map_arrays(function, *each) for each in zip(first, *others)]
        return type(first)(*parts) if hasattr(first, "_fields") else type(first)(parts)
    return function(first, *others)


def is_structure(value: Any) -> bool:
    """Whether *value* is a list or tuple of arrays, as opposed to a list of numbers, which is one array."""
    return isinstance(value, (list, tuple)) and len(value) > 0 and all(hasattr(v, "shape") for v in value)


def first_array(structure: Any) -> Any:
    """Some array of *structure*: the one that says how many samples there are."""
    if isinstance(structure, dict):
        return first_array(next(iter(structure.values())))
    if is_structure(structure):
        return first_array(structure[0])
    return structure


def sample_count(structure: Any) -> int:
    return arrays.count(first_array(structure))


def to_numpy(structure: Any) -> Any:
    return map_arrays(lambda array: np.asarray(arrays.plain(array)), structure)


def sole_array(structure: Any) -> Any:
    """The array in a dict, list or tuple of one; *structure* itself where there are several, or it is one."""
    if isinstance(structure, dict) and len(structure) == 1:
        return sole_array(next(iter(structure.values())))
    return sole_array(structure[0]) if is_structure(structure) and len(structure) == 1 else structure


def take(structure: Any, indices: Sequence[int]) -> Any:
    """The samples at *indices* of every array of *structure*."""
    return map_arrays(lambda array: arrays.rows(array, indices), structure)


def split_batch(batch: Any) -> tuple[Any, Any, Any]:
    """``(x, y, sample_weight)`` of a batch, as Keras reads it: None for what is not there."""
    if not isinstance(batch, (list, tuple)):
        return batch, None, None
    x, y, sample_weight = (*batch, None, None)[:3]
    return x, y, sample_weight


def join(batches: Iterable[Any]) -> tuple[Any, Any]:
    """All of *batches* as one ``(x, y)``; each array is copied once, so time grows linearly.

    Raises:
        ValueError: there is no batch.
    """
    pairs = [split_batch(batch)[:2] for batch in batches]
    if not pairs:
        raise ValueError(messages.empty_data("the validation data"))
    x, y = (_concatenated(parts) for parts in zip(*pairs))
    return x, y


def _concatenated(parts: Sequence[Any]) -> Any:
    if parts[0] is None:
        return None
    return map_arrays(lambda *parts: arrays.joined(parts), *parts)


# --- batches ---------------------------------------------------------------------------------------------


def batches_of(data: Any) -> Iterator[Any]:
    """The batches of a dataset, a Keras Sequence, a torch ``DataLoader``, or anything that can be iterated.

    The first three are read from their start each time; an iterator goes on where it was.
    """
    if is_sequence(data):
        return (data[index] for index in range(len(data)))
    if is_data_loader(data):
        return read_beside(data)
    return iter(data)


def is_infinite(data: Any) -> bool:
    """Whether *data* is a dataset that is known never to end."""
    return is_dataset(data) and int(data.cardinality()) == -1


def first_samples(data: Any, count: int) -> tuple[Any, Any]:
    """The first *count* samples of a dataset or a Sequence as ``(x, y)``, reading no further batch.

    Raises:
        ValueError: there is no sample.
    """
    collected: list[Any] = []
    seen = 0
    for batch in batches_of(data):
        collected.append(batch)
        seen += sample_count(split_batch(batch)[0])
        if seen >= count:
            break
    x, y = join(collected)
    return _head(x, count), _head(y, count)


def _head(structure: Any, count: int) -> Any:
    return None if structure is None else map_arrays(lambda array: array[:count], structure)


def joined_batches(data: Any, steps: int | None) -> tuple[Any, Any]:
    """*steps* batches of *data* as one ``(x, y)``; all of them where *steps* is None.

    Raises:
        ValueError: *data* is empty, or never ends and *steps* is None.
    """
    if steps is None and is_infinite(data):
        raise ValueError(messages.infinite_data("the validation data"))
    return join(itertools.islice(batches_of(data), steps))
