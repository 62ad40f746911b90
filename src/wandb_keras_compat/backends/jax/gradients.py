"""One pass over data that sums gradients with ``jax.grad``. Nothing of the model is assigned, so nothing is put back.

What a step of the training changes beside the weights (batch normalization statistics, seeds, recurrent states,
counters of metrics) is handed from batch to batch, and dropped at the end.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain, groupby, islice
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ...data.batches import sample_count
from ..common.sliced_gradients import Batch, KerasOfGradients, SlicedGradientPass, of_some_batch

#: Arrays of the values of variables.
Values = list[Any]
#: ``(non-trainable variables, variables of metrics)``.
State = tuple[Values, Values]

#: How many small batches of a generator are handed over at once, and how many bytes one of them has at most.
TOGETHER, SMALL = 8, 1 << 17


class JaxGradientPass(SlicedGradientPass):
    """Sums over batches the gradient of the batch loss, in training mode, at the present weights.

    The sums are float32 or wider, on the device, and are fetched once at the end.
    """

    def __init__(self, model: Any, keras: KerasOfGradients) -> None:
        super().__init__(model, keras)
        # Keras 3.3 has no such argument there, though ``call`` may have one.
        says_so = "training" in inspect.signature(model.stateless_compute_loss).parameters
        self._in_training = {"training": True} if says_so else {}
        self._add_batch: Any = self._add
        self._add_slice: Any = self._add_a_slice
        self._add_slices: Any = None
        if not getattr(model, "run_eagerly", False):
            self._add_batch = jax.jit(self._add, donate_argnums=0)
            self._add_slice = jax.jit(self._add_a_slice, static_argnames="size", donate_argnums=0)
            self._add_slices = jax.jit(self._add_equal_slices, static_argnames="size", donate_argnums=0)

    def tensor(self, values: Any) -> Any:
        # What is computed moves an array to the device; to do it here takes longer than a small model's gradient.
        return self.array(values) if isinstance(values, np.ndarray) else super().tensor(values)

    def _over_slices(self, whole: Batch, size: int, stop: int) -> list[np.ndarray[Any, Any]]:
        # The arrays are moved to the device once; batches are cut there.
        whole = jax.device_put(whole)
        if self._loss_is_unbuilt():
            self._build_loss(jax.tree_util.tree_map(lambda array: array[:size], whole))
        calls = [
            partial(self._add_slice, whole=whole, start=start, size=min(size, stop - start))
            for start in range(0, stop, size)
        ]
        full = stop // size
        if self._add_slices is None or full < 2 or _has_large_operations(self.model):
            return self._summed(calls)
        return self._summed([partial(self._add_slices, whole=whole, count=full, size=size), *calls[full:]])

    def _over_tensors(self, batches: Iterable[Batch]) -> list[np.ndarray[Any, Any]]:
        rest = iter(batches)
        if self._loss_is_unbuilt():
            for first in rest:
                self._build_loss(first)
                rest = chain([first], rest)
                break
        if self._add_slices is None or _has_large_operations(self.model):
            return self._summed(partial(self._add_batch, batch=batch) for batch in rest)
        return self._summed(self._of_groups(rest))

    def _of_groups(self, batches: Iterable[Batch]) -> Iterator[Callable[..., Any]]:
        """A call for each group of small batches of one kind: to call a small model takes longer than its gradient."""
        for kind, group in groupby(batches, _kind_if_small):
            if kind is None:
                yield from (partial(self._add_batch, batch=batch) for batch in group)
                continue
            while some := list(islice(group, TOGETHER)):
                whole = _joined([*some, *[some[-1]] * (TOGETHER - len(some))])  # of one shape, so compiled once
                yield partial(self._add_slices, whole=whole, count=len(some), size=sample_count(some[0][0]))

    def _build_loss(self, batch: Batch) -> None:
        """Lets the compiled loss make what it counts with, as ``fit`` does before anything is compiled.

        A step of the program's own may never have asked for it.
        """
        self._loss(*self._held(), batch)

    def _loss_is_unbuilt(self) -> bool:
        return not getattr(getattr(self.model, "_compile_loss", None), "built", True)

    def _held(self) -> tuple[Values, State]:
        model = self.model
        others, metrics = model.non_trainable_variables, model.metrics_variables
        state = [variable.value for variable in others], [variable.value for variable in metrics]
        return [variable.value for variable in model.trainable_variables], state

    def _summed(self, calls: Iterable[Callable[..., Any]]) -> list[np.ndarray[Any, Any]]:
        weights, state = self._held()
        sums: Values | None = None
        for call in calls:
            if sums is None:
                sums = [jnp.zeros(value.shape, jnp.promote_types(value.dtype, jnp.float32)) for value in weights]
            sums, state = call(sums, weights, state)
        return [np.asarray(total) for total in of_some_batch(sums)]

    # --- inside the compiled function ------------------------------------------------------------

    def _add_a_slice(
        self, sums: Values, weights: Values, state: State, whole: Batch, start: Any, size: int
    ) -> tuple[Values, State]:
        batch = jax.tree_util.tree_map(lambda array: jax.lax.dynamic_slice_in_dim(array, start, size), whole)
        return self._add(sums, weights, state, batch)

    def _add_equal_slices(
        self, sums: Values, weights: Values, state: State, whole: Batch, count: Any, size: int
    ) -> tuple[Values, State]:
        def add(index: Any, so_far: tuple[Values, State]) -> tuple[Values, State]:
            sums, state = so_far
            return self._add_a_slice(sums, weights, state, whole, index * size, size)

        found: tuple[Values, State] = jax.lax.fori_loop(0, count, add, (sums, state))
        return found

    def _add(self, sums: Values, weights: Values, state: State, batch: Batch) -> tuple[Values, State]:
        gradients, state = jax.grad(self._loss, has_aux=True)(weights, state, batch)
        return [total + gradient.astype(total.dtype) for total, gradient in zip(sums, gradients)], state

    def _loss(self, weights: Values, state: State, batch: Batch) -> tuple[Any, State]:
        """The loss that Keras' own step of the training has, and the state after it."""
        model = self.model
        (x, y, sample_weight), (others, metrics) = batch, state
        in_training = {"training": True} if model._call_has_training_arg else {}
        y_pred, others, losses = model.stateless_call(weights, others, x, return_losses=True, **in_training)
        if losses:  # what the call added: ``compute_loss`` reads it from here
            model._losses_override.clear()
            model._losses_override = losses
        try:
            loss, (_, others, metrics) = model.stateless_compute_loss(
                weights, others, metrics, x=x, y=y, y_pred=y_pred, sample_weight=sample_weight, **self._in_training
            )
        finally:
            if losses:
                model._losses_override.clear()
        return loss, (others, metrics)


def _kind_if_small(batch: Batch) -> object:
    """The same for batches that can be joined: structure, shapes and dtypes; None for a large one, and other arrays."""
    leaves, structure = jax.tree_util.tree_flatten(batch)
    if not all(isinstance(leaf, np.ndarray) and leaf.ndim for leaf in leaves):
        return None
    if len({len(leaf) for leaf in leaves}) != 1 or sum(leaf.nbytes for leaf in leaves) > SMALL:
        return None
    return structure, tuple((leaf.shape, leaf.dtype) for leaf in leaves)


def _joined(batches: list[Batch]) -> Batch:
    """*batches* one after another."""
    joined: Batch = jax.tree_util.tree_map(lambda *arrays: np.concatenate(arrays), *batches)
    return joined


def _has_large_operations(model: Any) -> bool:
    """Whether a step takes so long that calling it is nothing: convolutions, and what else has weights of three axes.

    XLA runs a convolution inside of a loop many times slower on the CPU than outside.
    """
    return any(len(variable.shape) > 2 for variable in model.trainable_variables)
