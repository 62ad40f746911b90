"""``log_gradients``: a histogram of each trainable variable's gradient over the training data, once per epoch."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from .. import messages
from ..backends import GradientPass
from ..data import batches as forms
from ..data.kinds import is_sequence
from ..host.feature import Feature
from .histogram import float64_histogram


class Gradients(Feature):
    """The sum over the batches of ``training_data`` of each batch's gradient, at the end-of-epoch weights.

    As the legacy numbers: training mode, batches of 32 for arrays, the last partial batch weighing as
    much as a full one. Different on purpose: batches are in order (legacy shuffled, so its numbers came
    out different each time), ``loss_weights`` count, embeddings and unused variables have their true
    gradient (legacy logged their weights), and a finite generator serves every epoch.
    """

    lost = "gradient histograms"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._pass: GradientPass | None = None
        self._kept: list[Any] | None = None

    def on_epoch_end(self, epoch: int, logs: dict[str, Any]) -> None:
        self.run.add(self.callback._log_gradients())

    def on_train_end(self) -> None:
        self._pass = None  # its graph and sums hold as much memory as the model

    def histograms(self) -> dict[str, Any]:
        """``gradients/<variable name>.gradient`` for each trainable variable, under its Keras 2 name.

        Variables of the same name (layers of one name in nested models) used to overwrite each other.
        The last one keeps the plain key, as the old charts have it; the others are logged under their
        full path.
        """
        parts: dict[str, Any] = {}
        names = self._names()
        if not names:
            self.warn(messages.no_gradients())
            return parts
        for name, values in zip(names, self.sums()):
            key = f"gradients/{name}.gradient"
            found = float64_histogram(key, values, self.warn)
            if found is not None:
                parts[key] = found
        return parts

    def sums(self) -> list[np.ndarray[Any, Any]]:
        """The summed gradients, float32 or wider, in the order and shapes of ``model.trainable_variables``.

        Raises:
            ValueError: the model has no loss, or the data has no batch.
        """
        if self._pass is None or self._pass.model is not self.model:
            self._pass = self.backend.gradient_pass(self.model)
        x, y, sample_weight = self._arrays()
        if y is not None or _is_array_like(x):
            return self._pass.over_arrays(x, y, sample_weight)
        return self._pass.over_batches(self._batches(x))

    def _names(self) -> list[str]:
        names = self.backend.gradient_names(self.model)
        last = {name: index for index, name in enumerate(names)}
        if len(last) == len(names):
            return names
        full = self.backend.full_names(self.model)
        return [name if last[name] == index else full[index] for index, name in enumerate(names)]

    def _arrays(self) -> tuple[Any, Any, Any]:
        given = self.callback.training_data
        if isinstance(given, (list, tuple)):
            return forms.split_batch(given)
        return given, None, None

    def _batches(self, source: Any) -> Any:
        # What ends when Keras stops reading it must be cut where Keras cuts it: at the epoch's steps.
        steps = (self.callback.params or {}).get("steps")
        if forms.is_infinite(source):
            if steps is None:
                raise ValueError(messages.infinite_data("training_data"))
            return itertools.islice(source, steps)
        if not hasattr(source, "__next__"):
            return forms.batches_of(source)
        # A generator can be read once; the legacy class died of that in the second epoch.
        if self._kept is None:
            self._kept = list(itertools.islice(source, steps))
        return self._kept


def _is_array_like(value: Any) -> bool:
    if isinstance(value, dict) or forms.is_structure(value):
        return True
    return hasattr(value, "shape") and hasattr(value, "__getitem__") and not is_sequence(value)
