"""Prediction during training, for stateful models and models with a fixed batch size too."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, Protocol

from ..data.arrays import as_fit_reads
from ..data.batches import map_arrays, sample_count, take

#: Keras' own.
BATCH_SIZE = 32


class _Stateful(Protocol):
    def fixed_batch_size(self, model: Any) -> int | None: ...
    def data_shards(self) -> int: ...
    def stateful_layers(self, model: Any) -> list[Any]: ...
    def preserved_states(self, model: Any) -> AbstractContextManager[None]: ...
    def reset_states(self, model: Any) -> None: ...


def predict(keras: _Stateful, model: Any, inputs: Any, batch_size: int | None = None) -> Any:
    """Implements :meth:`~.protocol.Backend.predict` for a backend that can read, reset and restore recurrent states."""
    inputs = map_arrays(as_fit_reads, inputs)  # Keras 3 misreads sparse matrices that are not ordered by rows
    fixed = keras.fixed_batch_size(model)
    if not keras.stateful_layers(model):
        shards = 1 if fixed is not None else keras.data_shards()
        if fixed is None and shards == 1:
            return model.predict(inputs, batch_size=batch_size, verbose=0)
        size = fixed or _up_to_a_multiple(batch_size or BATCH_SIZE, shards)
        return _in_full_batches(model, inputs, size, fixed or shards)
    with keras.preserved_states(model):
        keras.reset_states(model)
        return _in_full_batches(model, inputs, fixed or 1, fixed or 1)


def _in_full_batches(model: Any, inputs: Any, size: int, full: int) -> Any:
    """Predicts *size* samples at a time, and in the last batch a multiple of *full*; what fills it up is dropped."""
    samples = sample_count(inputs)
    filled = _up_to_a_multiple(samples, full)
    if filled != samples:
        inputs = take(inputs, [min(index, samples - 1) for index in range(filled)])
    outputs = model.predict(inputs, batch_size=size, verbose=0)
    return map_arrays(lambda array: array[:samples], outputs)


def _up_to_a_multiple(number: int, of: int) -> int:
    return -(-number // of) * of
