"""Counts batches under ``steps_per_execution``, where Keras calls a batch hook once for several batches."""

from __future__ import annotations

from typing import Any

from ..backends import Backend


class Executions:
    """Tells which batches ran before each call of a batch hook.

    With ``steps_per_execution`` Keras calls ``on_train_batch_end`` once an execution. Keras 2, and Keras 3 from
    3.11 on, pass the index of its last batch; earlier Keras 3 passes the first one whenever it knows the
    number of batches beforehand. Which it is shows in the first call of an epoch: only the first index is 0.

    Args:
        steps: batches in one execution (the last one of an epoch may be shorter).
        epoch_batches: batches in one epoch, or None if Keras does not know.
        always_last: the index is known to be that of the last batch.
    """

    def __init__(self, steps: int, epoch_batches: int | None, always_last: bool) -> None:
        self._steps = steps
        self._epoch_batches = epoch_batches
        self._always_last = always_last
        self.begin_epoch()

    def begin_epoch(self) -> None:
        """Forget the batches seen: indexes start again at 0."""
        self._next = 0
        self._passes_first = False

    def number(self, batch: int) -> int:
        """The number, from 0, of the execution in this epoch for which Keras passed the index ``batch``."""
        return batch // self._steps

    def ran(self, batch: int) -> range:
        """The indexes of the batches that ran since the last call; ``batch`` is the index that Keras passed."""
        if self._next == 0 and not self._always_last:
            self._passes_first = batch == 0
        last = batch + self._steps - 1 if self._passes_first else batch
        if self._epoch_batches is not None:
            last = min(last, self._epoch_batches - 1)  # Keras 3 counts a short execution as a full one
        first = min(self._next, last)
        self._next = last + 1
        return range(first, last + 1)


def executions(backend: Backend, model: Any, params: dict[str, Any] | None) -> Executions | None:
    """How to count the batches of a training of ``model``, or None when each call stands for one batch.

    Args:
        backend: the backend of ``model``.
        model: the compiled model.
        params: what Keras tells its callbacks about the training.
    """
    steps, autotuned = backend.steps_per_execution(model), backend.autotunes_steps(model)
    if steps <= 1 and not autotuned:
        return None
    return Executions(steps, (params or {}).get("steps"), always_last=autotuned)
