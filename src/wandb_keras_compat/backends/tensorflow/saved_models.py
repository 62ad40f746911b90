"""SavedModels of one model again and again: its graph is traced once, and only the variables are written anew.

Tracing is nearly all that a SavedModel costs (ResNet50: 5.7 of 6.5 seconds), and the graph of a model that trains is
the same after each epoch. What decides is :func:`_structure`: where it cannot tell that two graphs would be the same,
each SavedModel is traced.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf

from ..common.any_keras import all_layers
from .variables import components

_VALUE = "/.ATTRIBUTES/VARIABLE_VALUE"
_VARIABLES = "variables"


class _Traced(NamedTuple):
    structure: tuple[Any, ...]
    folder: tempfile.TemporaryDirectory[str]
    """All of the SavedModel but its variables."""
    variables: dict[str, Any]
    """Each variable by its key in the checkpoint."""
    others: dict[str, Any]
    """What else the checkpoint holds: how its keys belong together."""


_traced: weakref.WeakKeyDictionary[Any, _Traced] = weakref.WeakKeyDictionary()


def save(model: Any, folder: str, trace: Callable[[Any, str], None], compiled: tuple[Any, ...] = ()) -> None:
    """Writes *model* to *folder* as ``trace(model, folder)`` would, with the graph of the last time where that serves.

    Args:
        model: the model.
        folder: one that is empty or does not exist.
        trace: writes the SavedModel from nothing.
        compiled: what else *trace* writes beside the graph, comparable: the arguments of ``compile``.
    """
    own = _structure(model)
    structure = None if own is None else (*own, *compiled)
    known = _traced.get(model)
    if structure is not None and known is not None and known.structure == structure:
        _write_again(known, folder)
        return
    with _without_assets_line(folder):
        trace(model, folder)
    _traced.pop(model, None)
    if structure is None:
        return
    with contextlib.suppress(Exception):  # the SavedModel is written; the next one is traced as well then
        _traced[model] = _remembered(model, folder, structure)


@contextlib.contextmanager
def _without_assets_line(folder: str) -> Iterator[None]:
    """Leaves out that TensorFlow has written assets to *folder*, which is soon moved into an artifact.

    In a notebook it says so twice for each SavedModel, between the lines of the progress. All else it says is kept.
    """
    told = f"Assets written to: {os.path.join(folder, '')}"

    def other(record: logging.LogRecord) -> bool:
        return record.levelno > logging.INFO or not record.getMessage().startswith(told)

    logger = tf.get_logger()
    logger.addFilter(other)
    try:
        yield
    finally:
        logger.removeFilter(other)


def _write_again(known: _Traced, folder: str) -> None:
    shutil.copytree(known.folder.name, folder, dirs_exist_ok=True)
    os.makedirs(os.path.join(folder, _VARIABLES), exist_ok=True)
    values = {key: _tensor(variable) for key, variable in known.variables.items()} | known.others
    names = sorted(values)
    tf.raw_ops.SaveV2(
        prefix=os.path.join(folder, _VARIABLES, _VARIABLES),
        tensor_names=names,
        shape_and_slices=[""] * len(names),
        tensors=[values[name] for name in names],
    )


class _NotFound(Exception):
    """The argument is a key of a checkpoint whose variable is not known."""


def _remembered(model: Any, folder: str, structure: tuple[Any, ...]) -> _Traced:
    """What is needed to write the SavedModel in *folder* again."""
    checkpoint = tf.train.load_checkpoint(os.path.join(folder, _VARIABLES, _VARIABLES))
    variables: dict[str, Any] = {}
    others: dict[str, Any] = {}
    for key in checkpoint.get_variable_to_shape_map():
        if not key.endswith(_VALUE):
            others[key] = tf.constant(checkpoint.get_tensor(key))
            continue
        variable = _at(model, key[: -len(_VALUE)])
        if variable is None or not np.array_equal(_tensor(variable), checkpoint.get_tensor(key), equal_nan=True):
            raise _NotFound(key)
        variables[key] = variable
    kept = tempfile.TemporaryDirectory(prefix="saved-model-")
    shutil.copytree(folder, kept.name, dirs_exist_ok=True, ignore=shutil.ignore_patterns(_VARIABLES))
    return _Traced(structure, kept, variables, others)


def _at(model: Any, path: str) -> Any:
    """The variable at the end of *path* through what TensorFlow tracks of *model*; None where it is no variable."""
    variable, slot, rest = path.partition("/.OPTIMIZER_SLOT/")
    if slot:  # of the optimizers before Keras 2.11, for each variable and name
        optimizer, _, name = rest.rpartition("/")
        return _tracked(model, optimizer).get_slot(_tracked(model, variable), name)
    found = _tracked(model, path)
    return None if _tensor(found) is None else found


def _tracked(model: Any, path: str) -> Any:
    found = model
    names = path.split("/")
    if names[:2] == ["keras_api", "metrics"]:  # of Keras 2; TensorFlow tracks them while it saves
        found, names = model.metrics[int(names[2])], names[3:]
    for name in names:
        # The escapes of a checkpoint's keys: "." is "..", and "/" is ".S".
        found = _child(found, name.replace(".S", "/").replace("..", "."))
    return found


def _child(parent: Any, name: str) -> Any:
    """What TensorFlow tracks of *parent* under *name*; of Keras 3 it tracks some attributes only while it saves."""
    if isinstance(parent, (list, tuple)):
        return parent[int(name)]
    children = parent._trackable_children()
    return children[name] if name in children else getattr(parent, name)


def _tensor(variable: Any) -> Any:
    """The value of a variable of TensorFlow's or Keras'; None of anything else, and of one on several devices."""
    inner = getattr(variable, "_value", variable)
    alone = isinstance(inner, tf.Variable) and len(components(inner)) == 1
    return inner.read_value() if alone else None


def _structure(model: Any) -> tuple[Any, ...] | None:
    """What the graph of *model* depends on; None where that cannot be told.

    That is so for all that is not made of Keras' own layers, each of which has what it computes in its configuration
    and in variables: layers and models of other classes, methods replaced in an instance, functions (``Lambda``),
    and what is adapted to data, which becomes a constant of the graph.
    """
    parts = list(_parts(model))
    if not all(map(_told_by_its_configuration, parts)):
        return None
    try:
        configuration = repr(model.get_config())
    except Exception:
        return None
    optimizer = getattr(model, "optimizer", None)
    objects = [*parts, *model.variables, *_variables_of(optimizer)]
    trainable = tuple(getattr(part, "trainable", None) for part in parts)
    return configuration, trainable, SameObjects(objects)


class SameObjects:
    """Compares equal to another list of the very same objects, all of them still there; keeps none of them alive."""

    def __init__(self, objects: list[Any]) -> None:
        self._objects = [weakref.ref(one) for one in objects]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SameObjects):
            return NotImplemented
        pairs = zip(self._objects, other._objects)
        return len(self._objects) == len(other._objects) and all(one() is two() is not None for one, two in pairs)

    __hash__ = None  # type: ignore[assignment]


def _parts(model: Any) -> Iterator[Any]:
    yield model
    yield from all_layers(model)


def _told_by_its_configuration(part: Any) -> bool:
    kind = type(part)
    package = kind.__module__.partition(".")[0]
    # Keras 2 leaves a layer's own method in the instance when it has saved it.
    replaced = "call" in vars(part) and getattr(part.call, "__func__", None) is not kind.call
    return package in {"keras", "tf_keras"} and not (
        replaced or kind.__name__ in {"Lambda", "TFSMLayer"} or hasattr(part, "adapt")
    )


def _variables_of(optimizer: Any) -> list[Any]:
    variables = getattr(optimizer, "variables", ())
    return list(variables() if callable(variables) else variables)
