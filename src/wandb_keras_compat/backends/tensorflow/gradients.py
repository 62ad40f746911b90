"""One pass over data that sums gradients and leaves the model as it was.

The loop over array data runs inside one TensorFlow graph, so small models are not dominated by the
Python call per batch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

import numpy as np
import tensorflow as tf

from ... import messages
from ...data import arrays
from ...data.batches import sample_count, split_batch
from ..common.sliced_gradients import each, slice_bounds, slices
from .sparse import sparse_rows
from .variables import components, raw, tf_variables


class KerasOfTensorFlow(Protocol):
    """What the gradient pass needs of Keras 2 or Keras 3."""

    def trainable_variables(self, model: Any) -> list[Any]:
        """The raw ``tf.Variable`` of each trainable weight, in Keras' order."""

    def compute_loss(self, model: Any, x: Any, y: Any, y_pred: Any, sample_weight: Any) -> Any:
        """The scalar training loss of one batch: compiled losses and weights, ``add_loss``, regularizers.

        Raises:
            ValueError: the model has no loss at all.
        """

    def floatx(self) -> str:
        """The dtype Keras casts floating data to, e.g. ``"float32"``."""

    def fixed_batch_size(self, model: Any) -> int | None:
        """The batch size the model's inputs are fixed to, or None where it is free."""

    def stateful_layers(self, model: Any) -> list[Any]:
        """Layers that carry state from one batch to the next."""


class TensorFlowGradientPass:
    """Sums over batches the gradient of the batch loss, in training mode, at the present weights.

    Batch normalization statistics, seeds, metrics and recurrent states that the pass changes are put back.
    Under a strategy each replica takes its share of a batch, as Keras deals it out, and their gradients are added up.
    """

    def __init__(self, model: Any, keras: KerasOfTensorFlow) -> None:
        self.model = model
        self._keras = keras
        self._variables = keras.trainable_variables(model)
        self._strategy = _strategy_of(model)
        self._eager = bool(getattr(model, "run_eagerly", False))
        self._add_batch = self._compiled(self._add)
        self._add_slices = self._compiled(self._add_all_slices)

    def over_arrays(self, x: Any, y: Any, sample_weight: Any) -> list[np.ndarray[Any, Any]]:
        size, stop = slice_bounds(self._keras, self.model, x)
        parts = each(arrays.as_fit_reads, (x, y, sample_weight))
        if any(arrays.is_sparse(array) for array in tf.nest.flatten([p for p in parts if p is not None])):
            # No graph can slice these by a number it does not know.
            return self.over_batches(slices(parts, size, stop, _rows))
        tensors = each(self._tensor, parts)
        loop = self._add_all_slices if self._eager else self._add_slices
        return self._summed(loop, [(*tensors, tf.constant(size), tf.constant(stop))])

    def over_batches(self, batches: Iterable[Any]) -> list[np.ndarray[Any, Any]]:
        return self._summed(self._add_batch, self._batches(batches))

    def _batches(self, batches: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
        for batch in batches:
            parts = split_batch(batch)
            yield (*each(self._tensor, each(arrays.as_fit_reads, parts)), tf.constant(sample_count(parts[0])))

    def _summed(self, add: Callable[..., Any], calls: Iterable[tuple[Any, ...]]) -> list[np.ndarray[Any, Any]]:
        # Numbers of like size are summed, at one set of weights: float32 will do, half precision would not.
        sums = [tf.zeros(variable.shape, _dtype_of_sum(variable)) for variable in self._variables]
        states: dict[int, tuple[Any, Any]] | None = None
        empty = True
        try:
            for arguments in calls:
                if states is None:
                    states = {id(v): (v, v.numpy()) for v in self._touched(add, (sums, *arguments))}
                sums = add(sums, *arguments)
                empty = False
        finally:
            for variable, value in (states or {}).values():
                variable.assign(value)
        if empty:
            raise ValueError(messages.empty_data("training_data"))
        return [total.numpy() for total in sums]

    def _touched(self, add: Any, arguments: tuple[Any, ...]) -> list[Any]:
        """Variables that a call of the model can change: all in its graph, of each replica, that are no parameters."""
        if self._eager:
            states = tf.nest.flatten([layer.states for layer in self._keras.stateful_layers(self.model)])
            held = [*tf_variables(self.model), *(raw(state) for state in states if state is not None)]
        else:
            held = add.get_concrete_function(*arguments).graph.variables
        # Parameters cannot change here, and may be large. Recurrent states of Keras 2 call themselves
        # trainable as well; they are told by not being weights of the model.
        weights = {id(part) for weight in tf_variables(self.model) for part in components(weight)}
        parts = [part for variable in held for part in components(variable)]
        return [part for part in parts if not (part.trainable and id(part) in weights)]

    # --- inside the graph ------------------------------------------------------------------------------

    def _add(self, sums: Any, x: Any, y: Any, sample_weight: Any, size: Any) -> list[Any]:
        return [total + gradient for total, gradient in zip(sums, self._gradients(x, y, sample_weight, size))]

    def _gradients(self, x: Any, y: Any, sample_weight: Any, size: Any) -> list[Any]:
        def of_one_replica(x: Any, y: Any, sample_weight: Any) -> list[Any]:
            with tf.GradientTape() as tape:
                y_pred = self.model(x, training=True)
                loss = self._keras.compute_loss(self.model, x, y, y_pred, sample_weight)
            gradients = tape.gradient(loss, self._variables)
            return [_dense(gradient, variable) for gradient, variable in zip(gradients, self._variables)]

        def of_its_share(x: Any, y: Any, sample_weight: Any) -> list[Any]:
            replicas = strategy.num_replicas_in_sync
            if replicas == 1:
                return of_one_replica(x, y, sample_weight)
            share = -(-size // replicas)
            start = share * tf.cast(tf.distribute.get_replica_context().replica_id_in_sync_group, size.dtype)
            # Layers may fail on an empty batch: a replica without samples takes one, with weight zero.
            counts, start = start < size, tf.minimum(start, size - 1)
            shares = each(lambda tensor: _slice(tensor, start, start + share), (x, y, sample_weight))
            return [tf.where(counts, gradient, tf.zeros_like(gradient)) for gradient in of_one_replica(*shares)]

        strategy = self._strategy
        if strategy is None:
            return of_one_replica(x, y, sample_weight)
        per_replica = strategy.run(of_its_share, args=(x, y, sample_weight))
        return [tf.add_n(strategy.experimental_local_results(gradient)) for gradient in per_replica]

    def _add_all_slices(self, sums: Any, x: Any, y: Any, sample_weight: Any, size: Any, stop: Any) -> list[Any]:
        fixed = self._keras.fixed_batch_size(self.model)

        def body(start: Any, sums: Any) -> tuple[Any, Any]:
            end = tf.minimum(start + size, stop)
            parts = each(lambda tensor: tensor[start:end], (x, y, sample_weight))
            if fixed is not None:  # stateful layers of Keras 3.12 cannot ask a graph for it
                parts = each(
                    lambda rows: (
                        rows if isinstance(rows, tf.RaggedTensor) else tf.ensure_shape(rows, (fixed, *rows.shape[1:]))
                    ),
                    parts,
                )
            return end, self._add(sums, *parts, end - start)

        first = (tf.constant(0), list(sums))
        _, sums = tf.while_loop(lambda start, sums: start < stop, body, first, parallel_iterations=1)
        return list(sums)

    def _compiled(self, function: Callable[..., Any]) -> Any:
        return function if self._eager else tf.function(function, reduce_retracing=True)

    # --- tensors as fit makes them ------------------------------------------------------------------------

    def _tensor(self, values: Any) -> Any:
        if arrays.is_scipy_sparse(values):
            values = sparse_rows(values, 0, values.shape[0])
        if isinstance(values, tf.SparseTensor):
            # As Keras does with scipy's, which hold float64 as a rule.
            return tf.cast(values, self._keras.floatx()) if values.dtype.is_floating else values
        if tf.is_tensor(values) or isinstance(values, tf.RaggedTensor):
            return values
        array = np.asarray(values)
        if np.issubdtype(array.dtype, np.floating):
            array = array.astype(self._keras.floatx(), copy=False)
        return tf.constant(array)


def _strategy_of(model: Any) -> Any:
    """The ``tf.distribute`` strategy in whose scope *model* was made, even one of a single device; None for none.

    Its layers have to be called in a replica of it. The current strategy would be no answer: callbacks are called
    inside the scope on Keras 2, and outside on Keras 3.
    """
    strategy = getattr(model, "distribute_strategy", None)
    return None if type(strategy).__name__.startswith("_Default") else strategy


def _rows(array: Any, start: int, end: int) -> Any:
    return sparse_rows(array, start, end) if arrays.is_sparse(array) else array[start:end]


def _slice(tensor: Any, start: Any, end: Any) -> Any:
    if not isinstance(tensor, tf.SparseTensor):
        return tensor[start:end]
    rest = [int(size) for size in tensor.shape[1:]]
    at = [tf.cast(start, tf.int64), *[0] * len(rest)]
    size = tf.maximum(tf.minimum(tf.cast(end, tf.int64), tensor.dense_shape[0]) - at[0], 0)
    return tf.sparse.slice(tensor, tf.stack(at), tf.stack([size, *rest]))


def _dense(gradient: Any, variable: Any) -> Any:
    if gradient is None:  # the loss does not depend on this variable
        return tf.zeros(variable.shape, _dtype_of_sum(variable))
    return tf.cast(tf.convert_to_tensor(gradient), _dtype_of_sum(variable))


def _dtype_of_sum(variable: Any) -> Any:
    return tf.float32 if variable.dtype.size < tf.float32.size else variable.dtype
