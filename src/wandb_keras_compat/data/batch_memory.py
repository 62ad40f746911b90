"""Remembers batches while Keras reads them, for data that nobody else may read."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np

from .arrays import is_torch_tensor, plain
from .batches import map_arrays, sample_count, split_batch


class BatchMemory:
    """The first batches that Keras read of its validation data, in their order.

    Generators, iterators and whatever else gives other items each time are read by Keras alone; the callback looks at
    :attr:`seen`. So no batch is taken from the user, and none is read twice. Arrays are copied, since some generators
    fill the same arrays again for each batch.
    """

    def __init__(self, batches: int | None, samples: int | None) -> None:
        """Remembers at most *batches* batches, and none after *samples* samples; None is no limit."""
        self._batches = batches
        self._samples = samples
        self._kept: dict[int, Any] = {}
        self._count = 0
        self._lock = threading.Lock()  # Keras reads in its own threads

    @property
    def seen(self) -> list[Any]:
        """The batches that were remembered so far."""
        with self._lock:
            return [batch for _, batch in sorted(self._kept.items())]

    def remember_more(self, samples: int | None) -> None:
        """Raises the limit to *samples*, for one more who needs them."""
        self._samples = None if samples is None or self._samples is None else max(samples, self._samples)

    def remember(self, batch: Any, index: int | None = None) -> None:
        """Keeps *batch* if there is room.

        Args:
            batch: ``x``, ``(x, y)`` or ``(x, y, sample_weight)``.
            index: which one it is, where batches come by number and in any order; None: the next.
        """
        with self._lock:
            number = len(self._kept) if index is None else index
            if number in self._kept or self.is_full:
                return
            self._kept[number] = _copied(batch)
            self._count += sample_count(split_batch(batch)[0])

    @property
    def is_full(self) -> bool:
        """Whether nothing more is remembered."""
        if self._batches is not None and len(self._kept) >= self._batches:
            return True
        return self._samples is not None and self._count >= self._samples


def _copied(batch: Any) -> Any:
    if isinstance(batch, (list, tuple)):
        return type(batch)(None if part is None else map_arrays(_copied_array, part) for part in batch)
    return map_arrays(_copied_array, batch)


def _copied_array(array: Any) -> Any:
    if is_torch_tensor(array):  # which may change, and may hold memory of a device
        return np.array(plain(array))
    return array.copy() if isinstance(array, np.ndarray) else array  # tensors of other libraries do not change
