"""Converts arrays and class names of any library to the one form that features read.

``fit`` takes more than NumPy: pandas, scipy's sparse matrices, sparse and ragged tensors. Features read data through
these functions and know none of these kinds. Nothing is imported here: an array of a library that is not loaded cannot
have been given.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from numbers import Integral
from typing import Any

import numpy as np

from .. import messages

#: A sparse array of more values than this is not spelled out (256 MB as float32).
MOST_DENSE_VALUES = 1 << 26


# --- kinds ---------------------------------------------------------------------------------------------


def is_pandas(value: Any) -> bool:
    """Whether *value* is pandas' (or a subclass of what is): a DataFrame, a Series, an Index, an array."""
    return any(base.__module__.partition(".")[0] == "pandas" for base in type(value).__mro__)


def is_scipy_sparse(value: Any) -> bool:
    sparse = sys.modules.get("scipy.sparse")
    return sparse is not None and bool(sparse.issparse(value))


def is_sparse_tensor(value: Any) -> bool:
    tf = sys.modules.get("tensorflow")
    return tf is not None and isinstance(value, tf.SparseTensor)


def is_ragged(value: Any) -> bool:
    tf = sys.modules.get("tensorflow")
    return tf is not None and isinstance(value, tf.RaggedTensor)


def is_torch_tensor(value: Any) -> bool:
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, torch.Tensor)


def is_sparse(value: Any) -> bool:
    """Whether *value* is a sparse array of some library: samples along axis 0, but ``value[i]`` may not work."""
    return is_scipy_sparse(value) or is_sparse_tensor(value)


# --- one array -----------------------------------------------------------------------------------------


def count(value: Any) -> int:
    """How many samples *value* holds; sparse and ragged arrays refuse ``len``."""
    if is_ragged(value):
        return int(value.nrows())
    return int(value.shape[0]) if is_sparse(value) else len(value)


def plain(value: Any) -> Any:
    """*value* as a NumPy array if it is pandas', sparse or torch's, as a list of lists if it is ragged; else itself.

    Raises:
        ValueError: a sparse array too large to be spelled out.
    """
    if is_pandas(value):
        return _numbers(np.asarray(value))
    if is_ragged(value):
        return value.to_list()
    if is_torch_tensor(value):  # it may be on a device, or part of a graph, where NumPy cannot read it
        return value.detach().cpu().numpy()
    if not is_sparse(value):
        return value
    values = int(np.prod([int(size) for size in value.shape]))
    if values > MOST_DENSE_VALUES:
        raise ValueError(messages.too_large_to_spell_out(values))
    return value.toarray() if is_scipy_sparse(value) else sys.modules["tensorflow"].sparse.to_dense(value).numpy()


def rows(value: Any, indices: Sequence[int]) -> Any:
    """The samples at *indices* as one NumPy array; positions count from 0, whatever the index of a pandas object."""
    if is_pandas(value) and hasattr(value, "iloc"):
        return plain(value.iloc[list(indices)])
    if is_scipy_sparse(value):
        return plain(value.tocsr()[list(indices)])
    value = plain(value)
    return np.stack([np.asarray(value[index]) for index in indices])


def joined(arrays: Sequence[Any]) -> Any:
    """*arrays* one after the other; ragged ones stay ragged, the others become one NumPy array."""
    if is_ragged(arrays[0]):
        return sys.modules["tensorflow"].concat(list(arrays), axis=0)
    return np.concatenate([np.asarray(plain(array)) for array in arrays])


def as_fit_reads(value: Any) -> Any:
    """*value* converted as ``fit`` converts its data: a Series becomes a column, a sparse matrix sparse rows."""
    if is_scipy_sparse(value):
        return value.tocsr()
    if not is_pandas(value):
        return value
    value = plain(value)
    return value[:, None] if value.ndim == 1 else value


def _numbers(array: Any) -> Any:
    """*array*, as floats where pandas could only give objects (columns of several types, nullable ones)."""
    if array.dtype == object:
        try:
            return array.astype(np.float64)
        except (TypeError, ValueError):
            pass
    return array


# --- class names ---------------------------------------------------------------------------------------


def class_names(labels: Any) -> list[Any]:
    """``labels=`` in the order of the classes: the name of class 0 first. Empty where none are given.

    Taken are a list, tuple, array, pandas Index or anything else with an order; a dict of number to name (also as JSON
    keeps it, with numbers as text) or, as ``class_indices`` of Keras is, of name to number; a Series by its index, if
    that counts. A number without a name stands for itself.

    Raises:
        ValueError: a set, which has no order, or a dict that has no numbers.
    """
    if labels is None:
        return []
    if is_pandas(labels) and hasattr(labels, "items") and labels.ndim == 1 and _counts(labels.index):
        labels = dict(labels.items())
    if isinstance(labels, Mapping):
        return _by_number(labels)
    if isinstance(labels, (set, frozenset)) or not isinstance(labels, Iterable):
        raise ValueError(messages.no_class_names(labels))  # noqa: TRY004 - one kind for the caller to catch
    values = plain(labels)
    if hasattr(values, "shape") and len(values.shape) != 1:
        raise ValueError(messages.no_class_names(labels))  # rows of numbers, such as targets, are no names
    return [_plain_name(name) for name in values]


def _by_number(labels: Mapping[Any, Any]) -> list[Any]:
    keys, values = list(labels), list(labels.values())
    if _counts(keys):
        named = {int(key): name for key, name in labels.items()}
    elif _counts(values):
        named = {int(number): name for name, number in labels.items()}
    elif all(isinstance(key, str) and key.isdecimal() for key in keys) and _counts([int(key) for key in keys]):
        named = {int(key): name for key, name in labels.items()}
    else:
        raise ValueError(messages.no_class_names(labels))
    return [_plain_name(named.get(number, number)) for number in range(max(named, default=-1) + 1)]


def _counts(numbers: Any) -> bool:
    """Whether *numbers* are class numbers: whole, none twice, none negative, few enough to make a list of."""
    found = list(numbers)
    if not all(isinstance(number, (Integral, np.integer)) and not isinstance(number, bool) for number in found):
        return False
    return len(set(found)) == len(found) and all(0 <= number < 10 * len(found) + 1000 for number in found)


def _plain_name(name: Any) -> Any:
    """*name* as wandb takes it: Python's own number or text for NumPy's and TensorFlow's."""
    if hasattr(name, "numpy"):
        name = name.numpy()
    if isinstance(name, bytes):
        return name.decode("utf-8", "replace")
    return name.item() if isinstance(name, np.generic) else name
