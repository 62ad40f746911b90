"""The least that anyone could do for the gradients of a model: those of each batch's loss, thrown away.

On each framework as its own documentation does it: a ``tf.function`` with a tape, ``jax.jit`` of ``jax.grad``, and
``torch.autograd.grad`` of a forward pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from .models import BATCH

Pass = Callable[[Iterable[Any]], None]


def bare_pass(framework: str, model: Any) -> Pass:
    """A function of batches that ends when the last gradient is there."""
    return {"tensorflow": _on_tensorflow, "jax": _on_jax, "torch": _on_torch}[framework](model)


def slices(framework: str, x: Any, y: Any) -> Iterator[Any]:
    """Batches of *x* and *y*, as the framework's own pass takes them fastest."""
    if framework == "tensorflow":
        import tensorflow as tf

        x, y = tf.constant(x), tf.constant(y)
    for start in range(0, len(x), BATCH):
        yield x[start : start + BATCH], y[start : start + BATCH]


def dataset(framework: str, x: Any, y: Any) -> Any:
    """What the framework itself reads batches from."""
    if framework == "tensorflow":
        import tensorflow as tf

        return tf.data.Dataset.from_tensor_slices((x, y)).batch(BATCH)
    return list(slices(framework, x, y))


def _on_tensorflow(model: Any) -> Pass:
    import tensorflow as tf

    loss_of = tf.keras.losses.SparseCategoricalCrossentropy()
    variables = [getattr(v, "value", v) if hasattr(v, "path") else v for v in model.trainable_variables]

    @tf.function(reduce_retracing=True)
    def gradients(x: Any, y: Any) -> Any:
        with tf.GradientTape() as tape:
            loss = loss_of(y, model(x, training=True))
        return tape.gradient(loss, variables)

    def over(batches: Iterable[Any]) -> None:
        found: Any = ()
        for x, y in batches:
            found = gradients(x, y)
        for gradient in found:
            gradient.numpy()

    return over


def _on_jax(model: Any) -> Pass:
    import jax
    import keras

    loss_of = keras.losses.SparseCategoricalCrossentropy()

    @jax.jit
    def gradients(weights: Any, others: Any, x: Any, y: Any) -> Any:
        def loss(weights: Any) -> Any:
            y_pred, _ = model.stateless_call(weights, others, x, training=True)
            return loss_of(y, y_pred)

        return jax.grad(loss)(weights)

    def over(batches: Iterable[Any]) -> None:
        weights = [variable.value for variable in model.trainable_variables]
        others = [variable.value for variable in model.non_trainable_variables]
        found: Any = ()
        for x, y in batches:
            found = gradients(weights, others, x, y)
        jax.block_until_ready(found)

    return over


def _on_torch(model: Any) -> Pass:
    import keras
    import torch

    loss_of = keras.losses.SparseCategoricalCrossentropy()
    weights = [variable.value for variable in model.trainable_variables]

    def over(batches: Iterable[Any]) -> None:
        for x, y in batches:
            y_pred = model(torch.from_numpy(x), training=True)
            torch.autograd.grad(loss_of(torch.from_numpy(y), y_pred), weights)

    return over
