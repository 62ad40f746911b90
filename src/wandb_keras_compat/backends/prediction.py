"""Prediction during training, for stateful models and models with a fixed batch size too."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, Protocol

from ..data.arrays import as_fit_reads
from ..data.batches import map_arrays, sample_count, take


class _Stateful(Protocol):
    def fixed_batch_size(self, model: Any) -> int | None: ...
    def stateful_layers(self, model: Any) -> list[Any]: ...
    def preserved_states(self, model: Any) -> AbstractContextManager[None]: ...
    def reset_states(self, model: Any) -> None: ...


def predict(keras: _Stateful, model: Any, inputs: Any, batch_size: int | None = None) -> Any:
    """Implements :meth:`~.protocol.Backend.predict` for a backend that can read, reset and restore recurrent states."""
    inputs = map_arrays(as_fit_reads, inputs)  # Keras 3 misreads sparse matrices that are not ordered by rows
    fixed = keras.fixed_batch_size(model)
    if not keras.stateful_layers(model):
        if fixed is None:
            return model.predict(inputs, batch_size=batch_size, verbose=0)
        return _in_full_batches(model, inputs, fixed)
    with keras.preserved_states(model):
        keras.reset_states(model)
        return _in_full_batches(model, inputs, fixed or 1)


def _in_full_batches(model: Any, inputs: Any, size: int) -> Any:
    samples = sample_count(inputs)
    filled = -(-samples // size) * size
    if filled != samples:
        inputs = take(inputs, [min(index, samples - 1) for index in range(filled)])
    outputs = model.predict(inputs, batch_size=size, verbose=0)
    return map_arrays(lambda array: array[:samples], outputs)
