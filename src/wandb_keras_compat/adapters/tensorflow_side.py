"""What Keras 2 and Keras 3 on TensorFlow have in common: TensorFlow's own random state, and variables."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


def eager_random_state() -> tuple[Any, Any]:
    """TensorFlow's two process-wide generators: op seeds of eager ops, and the global Generator."""
    from tensorflow.python.eager import context
    from tensorflow.python.ops import stateful_random_ops

    op_seeds = getattr(context.context(), "_rng", None)
    generator = getattr(stateful_random_ops, "global_generator", None)
    return (
        op_seeds.getstate() if op_seeds is not None else None,
        generator.state.numpy() if generator is not None else None,
    )


def restore_eager_random_state(state: tuple[Any, Any]) -> None:
    """Puts a snapshot of :func:`eager_random_state` back."""
    from tensorflow.python.eager import context
    from tensorflow.python.ops import stateful_random_ops

    op_seeds, generator_state = state
    current = getattr(context.context(), "_rng", None)
    if op_seeds is not None and current is not None:
        current.setstate(op_seeds)
    generator = getattr(stateful_random_ops, "global_generator", None)
    if generator_state is not None and generator is not None:
        generator.state.assign(generator_state)


@contextmanager
def preserved(variables: list[Any]) -> Iterator[None]:
    """Puts the values of *variables* (raw ``tf.Variable``) back on exit."""
    values = [variable.numpy() for variable in variables]
    try:
        yield
    finally:
        for variable, value in zip(variables, values):
            variable.assign(value)


def static_batch_size(inputs: list[Any] | None) -> int | None:
    """The one fixed first dimension of *inputs*, or None where it is free or they disagree."""
    sizes = {tensor.shape[0] for tensor in inputs or [] if len(tensor.shape)}
    size = sizes.pop() if len(sizes) == 1 else None
    return None if size is None else int(size)


def all_layers(model: Any) -> list[Any]:
    """*model* and every layer in it, nested and wrapped ones included."""
    return list(model._flatten_layers())  # the same private name in Keras 2 and 3


def stateful_layers(model: Any) -> list[Any]:
    """Layers of *model* that carry state from batch to batch: recurrent ones built with ``stateful=True``."""
    return [
        layer
        for layer in all_layers(model)
        if getattr(layer, "stateful", False) and getattr(layer, "states", None) is not None
    ]
