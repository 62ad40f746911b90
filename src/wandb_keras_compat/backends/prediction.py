"""Predictions in the middle of training."""

from __future__ import annotations

from typing import Any

from ..data.arrays import as_fit_reads
from ..data.batches import map_arrays, sample_count, take
from . import Backend


def predict(keras: Backend, model: Any, inputs: Any, batch_size: int | None = None) -> Any:
    """``model.predict(inputs)``, also for models that carry state or take batches of one size only.

    A stateful model starts from zero states and sees one sample at a time, as in the legacy class; the
    states the training goes on from are put back. Where the batch size is fixed, the last batch is
    filled up with copies of the last sample, and what they gave is cut off.
    """
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
