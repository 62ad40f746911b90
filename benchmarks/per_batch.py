"""What a training batch pays: with batch logging against the newer logger's, and without it against no callback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from .measure import interleaved
from .models import BATCH, BY_NAME
from .results import Effort, Row
from .wandb_runs import legacy_class, offline_run

TITLE = "per batch"
SUBJECT = BY_NAME["MLP 26k"]  # the shortest batches show a fixed cost best
CALLS = 200
FIT_BATCHES = 256


def measure(effort: Effort) -> Iterator[Row]:
    """The hooks alone, then whole trainings."""
    with offline_run():
        yield from _hooks(effort)
        yield from _trainings(effort)


def _hooks(effort: Effort) -> Iterator[Row]:
    """The batch hook called as Keras calls it, without the noise of training around it."""
    calls = effort.of(CALLS)
    callbacks = _logging_callbacks()
    model = SUBJECT.build()
    sides = {}
    for name, callback in callbacks.items():
        callback.set_params({"epochs": 1, "steps": calls, "verbose": 0})
        callback.set_model(model)
        callback.on_train_begin()
        sides[name] = _repeated(callback, calls)
    times = interleaved(sides, effort.rounds, clock=effort.clock)
    about = f"hook alone, {calls} batches"
    yield Row(TITLE, about, "frequency 1 / newer logger", times.ratio("shim", "newer"), limit=1.0)
    if "legacy" in sides:
        yield Row(TITLE, about, "legacy / newer logger", times.ratio("legacy", "newer"))
    each = times.spread("shim", unit=1e-3 * calls)
    yield Row(TITLE, about, "frequency 1, one batch", each, unit="ms")


def _trainings(effort: Effort) -> Iterator[Row]:
    from wandb_keras_compat import WandbCallback

    batches = effort.of(FIT_BATCHES)
    x, y = SUBJECT.data(batches * BATCH)
    model = SUBJECT.build()

    def fit(*callbacks: Any) -> Callable[[], object]:
        return lambda: model.fit(x, y, batch_size=BATCH, epochs=1, verbose=0, callbacks=list(callbacks))

    quiet = WandbCallback(save_model=False, save_graph=False)
    logging = _logging_callbacks()
    sides = {
        "none": fit(),
        "none again": fit(),
        "quiet": fit(quiet),
        "shim": fit(logging["shim"]),
        "newer": fit(logging["newer"]),
    }
    times = interleaved(sides, effort.rounds, clock=effort.clock)
    about = f"fit, {SUBJECT.name}, {batches} batches"
    yield Row(TITLE, about, "frequency None / no callback", times.ratio("quiet", "none"), note="1 is free")
    yield Row(TITLE, about, "no callback / no callback", times.ratio("none again", "none"), note="the noise")
    yield Row(TITLE, about, "frequency 1 / newer logger", times.ratio("shim", "newer"))


def _logging_callbacks() -> dict[str, Any]:
    from wandb_keras_compat import WandbCallback
    from wandb_keras_compat.sdk.installed_callbacks import installed_callbacks

    callbacks = {
        "newer": installed_callbacks().WandbMetricsLogger(log_freq="batch"),
        "shim": WandbCallback(log_batch_frequency=1, save_model=False, save_graph=False),
    }
    legacy = legacy_class()
    if legacy is not None:
        callbacks["legacy"] = legacy(log_batch_frequency=1, save_model=False, save_graph=False)
    return callbacks


def _repeated(callback: Any, calls: int) -> Callable[[], object]:
    def run() -> None:
        for batch in range(calls):
            callback.on_train_batch_end(batch, {"loss": 1.0 / (batch + 1), "accuracy": 0.5})

    return run
