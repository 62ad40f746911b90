"""The least that anyone could do for the gradients of a model: those of each batch's loss, thrown away or summed.

On each framework as its own documentation does it: a ``tf.function`` with a tape, ``jax.jit`` of ``jax.grad``, and
``torch.autograd.grad`` of a forward pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from .models import BATCH

Pass = Callable[[Iterable[Any]], None]
SummingPass = Callable[[Iterable[Any]], "list[Any]"]


def bare_pass(framework: str, model: Any) -> Pass:
    """A function of batches that ends when the last gradient is there."""
    return {"tensorflow": _on_tensorflow, "jax": _on_jax, "torch": _on_torch}[framework](model)


def summing_pass(framework: str, model: Any) -> SummingPass:
    """The same with a sum of the gradients, which is what the histograms need."""
    return {"tensorflow": _sum_on_tensorflow, "jax": _sum_on_jax, "torch": _sum_on_torch}[framework](model)


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
    variables = _tf_variables(model)

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


def _sum_on_tensorflow(model: Any) -> SummingPass:
    import tensorflow as tf

    loss_of = tf.keras.losses.SparseCategoricalCrossentropy()
    variables = _tf_variables(model)
    sums = [tf.Variable(tf.zeros(v.shape), trainable=False) for v in variables]

    @tf.function(reduce_retracing=True)
    def add(x: Any, y: Any) -> None:
        with tf.GradientTape() as tape:
            loss = loss_of(y, model(x, training=True))
        for total, gradient in zip(sums, tape.gradient(loss, variables)):
            total.assign_add(gradient)

    def over(batches: Iterable[Any]) -> list[Any]:
        for total in sums:
            total.assign(tf.zeros_like(total))
        for x, y in batches:
            add(x, y)
        return [total.numpy() for total in sums]

    return over


def _sum_on_jax(model: Any) -> SummingPass:
    import jax
    import keras

    loss_of = keras.losses.SparseCategoricalCrossentropy()

    @partial(jax.jit, donate_argnums=0)
    def add(sums: Any, weights: Any, others: Any, x: Any, y: Any) -> Any:
        def loss(weights: Any) -> Any:
            y_pred, _ = model.stateless_call(weights, others, x, training=True)
            return loss_of(y, y_pred)

        return [total + gradient for total, gradient in zip(sums, jax.grad(loss)(weights))]

    def over(batches: Iterable[Any]) -> list[Any]:
        weights = [variable.value for variable in model.trainable_variables]
        others = [variable.value for variable in model.non_trainable_variables]
        sums: Any = [jax.numpy.zeros_like(value) for value in weights]
        for x, y in batches:
            sums = add(sums, weights, others, x, y)
        return list(jax.block_until_ready(sums))

    return over


def _sum_on_torch(model: Any) -> SummingPass:
    """What ``backward`` does, which adds to the ``.grad`` of each weight."""
    import keras
    import torch

    loss_of = keras.losses.SparseCategoricalCrossentropy()
    weights = [variable.value for variable in model.trainable_variables]

    def over(batches: Iterable[Any]) -> list[Any]:
        for weight in weights:
            weight.grad = None
        for x, y in batches:
            y_pred = model(torch.from_numpy(x), training=True)
            loss_of(torch.from_numpy(y), y_pred).backward(inputs=weights)
        return [weight.grad for weight in weights]

    return over


def _tf_variables(model: Any) -> list[Any]:
    return [getattr(v, "value", v) if hasattr(v, "path") else v for v in model.trainable_variables]
