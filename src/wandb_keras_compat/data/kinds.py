"""Tells the kind of data by the names of its classes, without importing the libraries they come from."""

from __future__ import annotations

from typing import Any

_KERAS = frozenset({"keras", "tf_keras", "tensorflow"})


def is_dataset(data: Any) -> bool:
    """Whether *data* is a ``tf.data.Dataset`` (of either API version)."""
    return any(
        kind.__name__ in ("DatasetV2", "DatasetV1") and kind.__module__.startswith("tensorflow.")
        for kind in type(data).__mro__
    )


def is_sequence(data: Any) -> bool:
    """Whether *data* is a Keras ``Sequence`` (``PyDataset`` on Keras 3) of any Keras."""
    return any(
        kind.__name__ in ("Sequence", "PyDataset") and kind.__module__.partition(".")[0] in _KERAS
        for kind in type(data).__mro__
    )


def is_generator_like(data: Any) -> bool:
    """Whether *data* hands out batches: anything with ``next``, and a Keras Sequence."""
    return hasattr(data, "next") or hasattr(data, "__next__") or is_sequence(data)
