"""Rows of sparse arrays as tensors."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf

from ...data.arrays import is_sparse_tensor


def sparse_rows(value: Any, start: int, stop: int) -> Any:
    """Samples *start* to *stop* of a sparse array, as the ``tf.SparseTensor`` that a model is called with."""
    if is_sparse_tensor(value):
        rest = [int(size) for size in value.shape[1:]]
        return tf.sparse.slice(value, [start, *[0] * len(rest)], [stop - start, *rest])
    part = value[start:stop].tocoo()
    order = np.lexsort((part.col, part.row))
    indices = np.stack([part.row[order], part.col[order]], axis=1).astype(np.int64).reshape(-1, 2)
    return tf.SparseTensor(indices, part.data[order], part.shape)
