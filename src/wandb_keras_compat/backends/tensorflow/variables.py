"""The raw TensorFlow variables of a model."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def preserved(variables: list[Any]) -> Iterator[None]:
    """Puts the values of *variables* (raw ``tf.Variable``) back on exit."""
    values = [variable.numpy() for variable in variables]
    try:
        yield
    finally:
        for variable, value in zip(variables, values):
            variable.assign(value)


def raw(variable: Any) -> Any:
    """The ``tf.Variable`` of a weight: Keras 2 has no other kind, Keras 3 keeps it in ``value``."""
    import tensorflow as tf

    return variable if isinstance(variable, tf.Variable) else variable.value


def tf_variables(model: Any) -> list[Any]:
    """The raw ``tf.Variable`` of each variable of *model*, each once.

    Keras 2 lists weights that are no variables, which are left out: the vocabularies of text and lookup layers.
    """
    import tensorflow as tf

    found = {id(v): v for v in (_variable(weight) for weight in model.variables)}
    return [v for v in found.values() if isinstance(v, tf.Variable)]


def _variable(weight: Any) -> Any:
    try:
        return raw(weight)
    except AttributeError:  # a weight handler of Keras 2
        return None


def components(variable: Any) -> tuple[Any, ...]:
    """The replicas of a distributed variable on this worker, one variable each; a plain variable alone."""
    values = getattr(variable, "values", None)
    return tuple(values) if isinstance(values, tuple) and values else (variable,)
