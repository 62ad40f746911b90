"""One pass over data that sums gradients and leaves the model as it was.

The loop over array data runs inside one TensorFlow graph, so small models are not dominated by the
Python call per batch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import tensorflow as tf

from . import messages
from .adapters import KerasAdapter
from .adapters.tensorflow_side import raw
from .data import first_array, map_arrays, split_batch

#: Keras' own batch size for arrays, which the legacy class used.
BATCH_SIZE = 32


class GradientPass:
    """Sums over batches the gradient of the batch loss, in training mode, at the present weights.

    Batch normalization statistics, seeds, metrics and recurrent states that the pass changes are put back.
    """

    def __init__(self, model: Any, keras: KerasAdapter) -> None:
        self.model = model
        self._keras = keras
        self._variables = keras.trainable_variables(model)
        # In the variables' own dtype: a pass at one set of weights sums numbers of like size.
        self._sums = [tf.Variable(tf.zeros(v.shape, v.dtype), trainable=False) for v in self._variables]
        self._eager = bool(getattr(model, "run_eagerly", False))
        self._add_batch = self._compiled(self._add)
        self._add_slices = self._compiled(self._add_all_slices)

    def over_arrays(self, x: Any, y: Any, sample_weight: Any) -> list[np.ndarray[Any, Any]]:
        """Sums over slices of 32 samples, in order; a model with a fixed batch size takes slices of that.

        Args:
            x: array of shape (samples, ...), or a list or dict of such.
            y: the same, or None.
            sample_weight: array of shape (samples,), the same structure as y, or None.

        Returns:
            float64 arrays, one for each trainable variable, of its shape.
        """
        tensors = [None if part is None else map_arrays(self._tensor, part) for part in (x, y, sample_weight)]
        samples = int(first_array(tensors[0]).shape[0])
        if samples == 0:
            raise ValueError(messages.empty_data("training_data"))
        fixed = self._keras.fixed_batch_size(self.model)
        size = fixed or BATCH_SIZE
        stop = samples - samples % size if fixed else samples
        loop = self._add_all_slices if self._eager else self._add_slices
        return self._summed(loop, [(*tensors, tf.constant(size), tf.constant(stop))])

    def over_batches(self, batches: Iterable[Any]) -> list[np.ndarray[Any, Any]]:
        """Sums over *batches* as a dataset, Sequence or generator gives them.

        Returns:
            float64 arrays, one for each trainable variable, of its shape.
        """
        return self._summed(self._add_batch, (self._batch_tensors(batch) for batch in batches))

    def _summed(self, add: Callable[..., Any], calls: Iterable[tuple[Any, ...]]) -> list[np.ndarray[Any, Any]]:
        for total in self._sums:
            total.assign(tf.zeros_like(total))
        states: dict[int, tuple[Any, Any]] | None = None
        empty = True
        try:
            for arguments in calls:
                if states is None:
                    states = {id(v): (v, v.numpy()) for v in self._touched(add, arguments)}
                add(*arguments)
                empty = False
        finally:
            for variable, value in (states or {}).values():
                variable.assign(value)
        if empty:
            raise ValueError(messages.empty_data("training_data"))
        return [total.numpy().astype(np.float64) for total in self._sums]

    def _touched(self, add: Any, arguments: tuple[Any, ...]) -> list[Any]:
        """The variables a call can change beside our sums: what its graph holds but the parameters."""
        if self._eager:
            states = tf.nest.flatten([layer.states for layer in self._keras.stateful_layers(self.model)])
            held = [raw(variable) for variable in [*self.model.variables, *states] if variable is not None]
        else:
            held = add.get_concrete_function(*arguments).graph.variables
        # Parameters cannot change here, and may be large. Recurrent states of Keras 2 call themselves
        # trainable as well; they are told by not being weights of the model.
        weights = {id(raw(weight)) for weight in self.model.weights}
        kept = {id(v) for v in held if v.trainable and id(v) in weights} | {id(total) for total in self._sums}
        return [v for v in held if id(v) not in kept]

    # --- inside the graph ------------------------------------------------------------------------------

    def _add(self, x: Any, y: Any, sample_weight: Any) -> None:
        for total, gradient in zip(self._sums, self._gradients(x, y, sample_weight)):
            if gradient is not None:  # None: the loss does not depend on this variable
                total.assign_add(tf.cast(tf.convert_to_tensor(gradient), total.dtype))

    def _gradients(self, x: Any, y: Any, sample_weight: Any) -> list[Any]:
        def of_one_replica(x: Any, y: Any, sample_weight: Any) -> list[Any]:
            with tf.GradientTape() as tape:
                y_pred = self.model(x, training=True)
                loss = self._keras.compute_loss(self.model, x, y, y_pred, sample_weight)
            return list(tape.gradient(loss, self._variables))

        strategy = getattr(self.model, "distribute_strategy", None)
        if strategy is None or strategy is tf.distribute.get_strategy():
            return of_one_replica(x, y, sample_weight)
        # Every replica would compute the same on the same batch; Keras 2 layers need the replica context.
        per_replica = strategy.run(of_one_replica, args=(x, y, sample_weight))
        return [g if g is None else strategy.experimental_local_results(g)[0] for g in per_replica]

    def _add_all_slices(self, x: Any, y: Any, sample_weight: Any, size: Any, stop: Any) -> None:
        def body(start: Any) -> tuple[Any]:
            end = tf.minimum(start + size, stop)
            self._add(*(None if p is None else map_arrays(lambda t: t[start:end], p) for p in (x, y, sample_weight)))
            return (end,)

        tf.while_loop(lambda start: start < stop, body, [tf.constant(0)], parallel_iterations=1)

    def _compiled(self, function: Callable[..., Any]) -> Any:
        return function if self._eager else tf.function(function, reduce_retracing=True)

    # --- tensors as fit makes them ------------------------------------------------------------------------

    def _batch_tensors(self, batch: Any) -> tuple[Any, Any, Any]:
        return tuple(None if p is None else map_arrays(self._tensor, p) for p in split_batch(batch))  # type: ignore[return-value]

    def _tensor(self, values: Any) -> Any:
        if tf.is_tensor(values) or isinstance(values, tf.RaggedTensor):
            return values
        array = np.asarray(values)
        if np.issubdtype(array.dtype, np.floating):
            array = array.astype(self._keras.floatx(), copy=False)
        return tf.constant(array)
