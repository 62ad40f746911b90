"""What the installed wandb's three newer callbacks, and the Keras below them, can and cannot do.

Each flag is computed once, from the installed classes where a signature tells, and from the version of
wandb where only its history does. Importing this module imports TensorFlow and wandb.
"""

from __future__ import annotations

import inspect
from typing import Any, Literal

import wandb
from packaging.version import Version

from .installed_callbacks import newer_callbacks

RunState = Literal["none", "disabled", "offline", "online"]

_installed = newer_callbacks()

KerasModelCheckpoint: Any = next(
    base for base in _installed.WandbModelCheckpoint.__mro__ if base.__name__ == "ModelCheckpoint"
)

#: Keys below ``epoch/`` with a learning rate and a declared x axis came together with the argument
#: ``initial_global_step`` (absent in wandb 0.13.5, there in 0.13.7); before, epoch rows carry the bare Keras
#: names and no rate.
LOGS_PREFIXED_EPOCHS: bool = (
    "initial_global_step" in inspect.signature(_installed.WandbMetricsLogger.__init__).parameters
)

#: Before wandb 0.15.6 the checkpoint's artifact is made by guessing the format from the arguments, so
#: ``.keras`` files and weights in HDF5 are written but never logged.
LOGS_ANY_CHECKPOINT_FILE: bool = Version(wandb.__version__) >= Version("0.15.6")

#: Keras 2 hands ``options`` to its SavedModel and TensorFlow checkpoint writers. Keras 3 has neither
#: writer: whole models must be ``.keras`` (or HDF5), weights ``.weights.h5``.
WRITES_TENSORFLOW_FORMATS: bool = "options" in inspect.signature(KerasModelCheckpoint.__init__).parameters

#: Since Keras 3.11 the meaning of ``mode="auto"`` is looked up in the compiled metrics at the end of
#: the first epoch, too late for ``save_freq=<int>``, and an unknown monitor is an error.
RESOLVES_MODE_LATE: bool = hasattr(KerasModelCheckpoint, "_set_monitor_op")

#: Where a Keras callback keeps its model: a plain attribute on Keras 2, behind a read-only property on 3.
MODEL_SLOT: str = (
    "_model" if isinstance(inspect.getattr_static(KerasModelCheckpoint, "model", None), property) else "model"
)


class TakesOptions(KerasModelCheckpoint):
    """Keras' ``ModelCheckpoint``, with the ``options`` that wandb up to 0.17.7 always passes and Keras 3 refuses.

    As a base that follows the installed ``WandbModelCheckpoint`` it is what that one calls in place of Keras' own.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if not WRITES_TENSORFLOW_FORMATS:
            kwargs.pop("options", None)
        super().__init__(*args, **kwargs)


def run_state(run: Any) -> RunState:
    """Where what is logged to ``run`` goes: nowhere, to the local disk, or to a server."""
    if run is None:
        return "none"
    # Up to about wandb 0.18 a disabled run is a stand-in whose every other attribute is truthy, so this
    # question has to come first.
    if run.disabled:
        return "disabled"
    return "offline" if run.offline else "online"


def learning_rate(optimizer: Any, step: int) -> float:
    """The optimizer's learning rate as a number, fixed or scheduled.

    ``optimizer.learning_rate`` is a variable or tensor on most optimizers (already the scheduled value), the
    schedule itself on Keras 2's legacy optimizers (all of them before TensorFlow 2.11), and whatever the
    author chose on a custom one. No installed wandb reads all of these: up to 0.17.5 at least, Keras 3's
    variables are taken for schedules, and on every version a plain number is an error.

    Args:
        optimizer: the model's optimizer.
        step: number of optimizer updates done, only asked by a schedule.

    Raises:
        Exception: whatever reading or evaluating the rate raises; the caller turns it into a warning.
    """
    rate = optimizer.learning_rate
    if callable(rate) and not hasattr(rate, "shape"):
        rate = rate(step)
    return float(rate.numpy() if hasattr(rate, "numpy") else rate)


class Executions:
    """Which batches each call of the batch hooks stands for, where one call may stand for several.

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
        """Which execution of the epoch it was, from 0, of which Keras passed ``batch``."""
        return batch // self._steps

    def ran(self, batch: int) -> range:
        """The indexes of the batches that ran since the last call, of which Keras passed ``batch``."""
        if self._next == 0 and not self._always_last:
            self._passes_first = batch == 0
        last = batch + self._steps - 1 if self._passes_first else batch
        if self._epoch_batches is not None:
            last = min(last, self._epoch_batches - 1)  # Keras 3 counts a short execution as a full one
        first = min(self._next, last)
        self._next = last + 1
        return range(first, last + 1)


def executions(model: Any, params: dict[str, Any] | None) -> Executions | None:
    """How to count the batches of a training of ``model``, or None when each call stands for one batch.

    Args:
        model: the compiled model.
        params: what Keras tells its callbacks about the training.
    """
    autotuned = bool(getattr(model, "_autotune_steps_per_execution", False))
    steps = getattr(model, "steps_per_execution", None)  # Keras 3
    if steps is None:
        steps = getattr(model, "_steps_per_execution", None)  # Keras 2: a variable, None before compile
    count = 1 if steps is None else int(steps.numpy() if hasattr(steps, "numpy") else steps)
    if count <= 1 and not autotuned:
        return None
    return Executions(count, (params or {}).get("steps"), always_last=autotuned)
