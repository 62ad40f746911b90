"""What gradient passes have in common: which batches they sum over; on JAX and PyTorch as tensors of Keras."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

import numpy as np

from ... import messages
from ...data import arrays
from ...data.batches import map_arrays, sample_count, split_batch

#: Keras' own batch size for arrays, which the legacy class used.
BATCH_SIZE = 32

Batch = tuple[Any, Any, Any]
"""x, y and sample_weight, each an array or a structure of such, or None."""


class HasFixedBatchSize(Protocol):
    """What :func:`slice_bounds` needs of Keras."""

    def fixed_batch_size(self, model: Any) -> int | None: ...


class KerasOfGradients(HasFixedBatchSize, Protocol):
    """What the pass needs of Keras."""

    def floatx(self) -> str: ...
    def check_loss(self, model: Any) -> None: ...


class SlicedGradientPass:
    """Implements :class:`~..protocol.GradientPass`; a subclass sums over the batches that this one makes."""

    def __init__(self, model: Any, keras: KerasOfGradients) -> None:
        self.model = model
        self._keras = keras

    def over_arrays(self, x: Any, y: Any, sample_weight: Any) -> list[np.ndarray[Any, Any]]:
        size, stop = slice_bounds(self._keras, self.model, x)
        parts = each(arrays.as_fit_reads, (x, y, sample_weight))
        if any(map(arrays.is_sparse, flat(parts))):
            # Written out a batch at a time: the whole may not fit.
            return self.over_batches(slices(parts, size, stop))
        self._keras.check_loss(self.model)
        return self._over_slices(each(self.tensor, parts), size, stop)

    def over_batches(self, batches: Iterable[Any]) -> list[np.ndarray[Any, Any]]:
        self._keras.check_loss(self.model)
        return self._over_tensors(self._tensors(batches))

    def _tensors(self, batches: Iterable[Any]) -> Iterator[Batch]:
        for batch in batches:
            yield each(self.tensor, each(arrays.as_fit_reads, split_batch(batch)))

    def tensor(self, values: Any) -> Any:
        """*values* as a tensor of Keras' framework, of the dtype that ``fit`` gives it."""
        import keras

        return keras.ops.convert_to_tensor(self.array(np.asarray(arrays.plain(values))))

    def array(self, values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """*values* in the dtype that ``fit`` gives them."""
        return values.astype(self._keras.floatx(), copy=False) if values.dtype.kind == "f" else values

    def _over_slices(self, whole: Batch, size: int, stop: int) -> list[np.ndarray[Any, Any]]:
        """Sums over slices of *whole*, tensors, up to sample *stop*."""
        return self._over_tensors(slices(whole, size, stop))

    def _over_tensors(self, batches: Iterable[Batch]) -> list[np.ndarray[Any, Any]]:
        raise NotImplementedError


def slice_bounds(keras: HasFixedBatchSize, model: Any, x: Any) -> tuple[int, int]:
    """How many samples of *x* a slice has, and up to which sample there are slices: full ones, where a size is fixed.

    Raises:
        ValueError: there is no sample.
    """
    samples = sample_count(x)
    if samples == 0:
        raise ValueError(messages.empty_data("training_data"))
    fixed = keras.fixed_batch_size(model)
    size = fixed or BATCH_SIZE
    return size, samples - samples % size if fixed else samples


def each(function: Callable[[Any], Any], parts: Batch) -> Batch:
    """*function* of each array in *parts*."""
    x, y, sample_weight = (None if part is None else map_arrays(function, part) for part in parts)
    return x, y, sample_weight


def flat(parts: Batch) -> list[Any]:
    """The arrays in *parts*."""
    found: list[Any] = []
    each(found.append, parts)
    return found


def _rows(array: Any, start: int, end: int) -> Any:
    return array[start:end]


def slices(parts: Batch, size: int, stop: int, cut: Callable[[Any, int, int], Any] = _rows) -> Iterator[Batch]:
    """The batches of *size* samples that ``fit`` would make of *parts*, without shuffling."""
    for start in range(0, stop, size):
        end = min(start + size, stop)
        yield each(lambda array: cut(array, start, end), parts)  # noqa: B023 - called at once


def of_some_batch(sums: list[Any] | None) -> list[Any]:
    """*sums*, if there was a batch.

    Raises:
        ValueError: there was none.
    """
    if sums is None:
        raise ValueError(messages.empty_data("training_data"))
    return sums
