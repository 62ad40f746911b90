"""The columns of an evaluation table where the user gave no row processor.

The rules go by one example's shape and are the legacy ones; reports query the column names they give.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import wandb

from ..sdk import images

#: Makes a cell from a value; the second argument is the input a mask is drawn over, or None.
Column = Callable[[Any, Any], Any]

#: Vectors up to this length are shown whole.
MAX_NODES = 10


def label_table(labels: Any) -> wandb.Table | None:
    """A table with one ``label`` row per class, which class cells link into; None without labels."""
    if labels is None or len(labels) == 0:
        return None
    return wandb.Table(columns=["label"], data=[[label] for label in labels])


def shape_of(example: Any) -> tuple[int, ...]:
    """The shape of one example: an array's, or that of nested sequences; () for a number or text."""
    shape = getattr(example, "shape", None)
    if shape is not None:
        return tuple(shape)
    if isinstance(example, str) or not hasattr(example, "__len__"):
        return ()
    return (len(example), *(shape_of(example[0]) if len(example) else ()))


def inferred_columns(example: Any, labels: wandb.Table | None, base: Any = None) -> dict[str, Column]:
    """The columns for values like *example*: ``{suffix: function of the value}``.

    ============================================  =================================================
    one example                                   columns
    ============================================  =================================================
    vector as long as there are labels            ``max_class`` (link to its label); ``score``, a
                                                  value per label, unless it is one-hot
    one whole number                              ``class`` (link to its label), or ``val``
    any other vector                              ``node`` (the values, up to 10), ``argmax``, and
                                                  ``argmin`` unless it is one-hot
    two dimensions, like *base*, with labels      ``image``: a mask over *base*
    two or three dimensions                       ``image``
    four dimensions                               ``video``
    a number, text                                none
    ============================================  =================================================
    """
    shape = shape_of(example)
    if len(shape) == 1:
        return _vector_columns(example, shape[0], labels)
    if len(shape) == 2 and labels is not None and base is not None and shape_of(base) == shape:
        names = labels.get_column("label")
        return {"image": lambda value, over: images.image(over, masks=_mask(value, names))}
    if len(shape) in (2, 3):
        return {"image": lambda value, over: images.image(value)}
    if len(shape) == 4:
        return {"video": lambda value, over: wandb.Video(np.asarray(value))}
    return {}


def _vector_columns(example: Any, length: int, labels: wandb.Table | None) -> dict[str, Column]:
    one_hot = set(np.unique(example).tolist()) == {0, 1}
    columns: dict[str, Column] = {}
    if labels is not None and length == len(labels.data):
        names = labels.get_column("label")
        columns["max_class"] = lambda value, over: labels.index_ref(int(np.argmax(value)))
        if not one_hot:
            columns["score"] = lambda value, over: {name: value[i] for i, name in enumerate(names)}
    elif length == 1 and np.issubdtype(np.asarray(example).dtype, np.integer):
        if labels is None:
            columns["val"] = lambda value, over: value[0]
        else:
            columns["class"] = lambda value, over: _label_or_number(value[0], labels)
    else:
        if length <= MAX_NODES:
            columns["node"] = lambda value, over: np.asarray(value).tolist()
        columns["argmax"] = lambda value, over: np.argmax(value)
        if not one_hot:
            columns["argmin"] = lambda value, over: np.argmin(value)
    return columns


def _label_or_number(value: Any, labels: wandb.Table) -> Any:
    return labels.index_ref(int(value)) if value < len(labels.data) else value


def _mask(value: Any, names: list[Any]) -> dict[str, Any]:
    return {"masks": {"mask_data": np.asarray(value), "class_labels": dict(enumerate(names))}}
