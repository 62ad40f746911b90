"""TensorFlow's process-wide random generators: snapshots, and putting them back."""

from __future__ import annotations

import random
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


def eager_stream_beside(state: tuple[Any, Any]) -> tuple[Any, Any]:
    """A snapshot like *state* with other seeds of operations to come.

    TensorFlow keeps a kernel for each seed of an eager operation, which counts on: who draws with a seed that the
    training draws with later leaves it that kernel's second numbers.
    """
    op_seeds, generator_state = state
    return None if op_seeds is None else random.Random(repr(op_seeds)).getstate(), generator_state  # noqa: S311 - no secrets


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
