"""One pass over data that sums gradients with ``torch.autograd.grad`` and leaves the model as it was.

``backward`` would write into ``.grad`` of the weights, which the user's optimizer reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch

from ..common.any_keras import all_layers
from ..common.keras3 import recurrent_states
from ..common.sliced_gradients import Batch, SlicedGradientPass, of_some_batch


class TorchGradientPass(SlicedGradientPass):
    """Sums over batches the gradient of the batch loss, in training mode, at the present weights.

    The sums are float32 or wider, on the device, and are fetched once at the end.
    """

    def tensor(self, values: Any) -> Any:
        if not isinstance(values, torch.Tensor):
            return super().tensor(values)
        import keras

        values = values.detach()
        dtype = getattr(torch, self._keras.floatx()) if values.is_floating_point() else values.dtype
        return keras.ops.convert_to_tensor(values).to(dtype)

    def _over_tensors(self, batches: Iterable[Batch]) -> list[np.ndarray[Any, Any]]:
        weights = [variable.value for variable in self.model.trainable_variables]
        sums: list[Any] | None = None
        with torch.enable_grad(), _as_in_training(self.model):
            for batch in batches:
                if sums is None:
                    sums = [
                        torch.zeros_like(value, dtype=torch.promote_types(value.dtype, torch.float32))
                        for value in weights
                    ]
                for total, gradient in zip(sums, self._gradients(weights, *batch)):
                    if gradient is not None:  # else the loss does not depend on this variable
                        total.add_(gradient.to_dense() if gradient.is_sparse else gradient)
        return [total.cpu().numpy() for total in of_some_batch(sums)]

    def _gradients(self, weights: list[Any], x: Any, y: Any, sample_weight: Any) -> Iterable[Any]:
        model = self.model
        y_pred = model(x, training=True) if model._call_has_training_arg else model(x)
        parts = {"x": x, "y": y, "y_pred": y_pred, "sample_weight": sample_weight}
        if hasattr(model, "_compute_loss"):  # hands ``training`` on to a ``compute_loss`` that takes it
            loss = model._compute_loss(**parts, training=True)
        else:  # Keras 3.3
            loss = model.compute_loss(**parts)
        if not loss.requires_grad:
            return [None] * len(weights)
        found: tuple[Any, ...] = torch.autograd.grad(loss, weights, allow_unused=True)
        return found


@contextmanager
def _as_in_training(model: Any) -> Iterator[None]:
    """Sets the modules of *model* to training mode; on exit their mode and all that a step changes is put back.

    That is batch normalization statistics, recurrent states, seeds, counters of metrics, and buffers of the user's own
    modules. Weights that are frozen are not copied: they may be large, and no step changes them.
    """
    modes = [(module, module.training) for module in model.modules()]
    held = {id(tensor): tensor for tensor in (*_changed_by_a_step(model), *model.buffers())}
    before = [(tensor, tensor.detach().clone()) for tensor in held.values()]
    model.train()
    try:
        yield
    finally:
        for module, mode in modes:
            module.training = mode
        with torch.no_grad():
            for tensor, value in before:
                tensor.copy_(value)


def _changed_by_a_step(model: Any) -> Iterator[Any]:
    for layer in all_layers(model):
        for variable in getattr(layer, "_non_trainable_variables", []):
            yield variable.value
        for generator in getattr(layer, "_seed_generators", []):
            yield generator.state.value
        if getattr(layer, "stateful", False):  # the layer does not count its states among its variables
            yield from (state.value for state in recurrent_states([layer]))
    for variable in model.metrics_variables:
        yield variable.value
