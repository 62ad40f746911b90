"""WandbMetricsLogger logs the same keys, rates and axes on every version of wandb and Keras."""

from __future__ import annotations

import copy
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
import wandb
from hypothesis import assume, given
from hypothesis import strategies as st

from wandb_keras_compat.newer_callbacks import WandbMetricsLogger
from wandb_keras_compat.newer_callbacks.executions import Executions
from wandb_keras_compat.sdk.callback_versions import LOGS_PREFIXED_EPOCHS
from wandb_keras_compat.sdk.installed_callbacks import installed_callbacks

from .conftest import Recorder, X, Y, fit, small_model

InstalledMetricsLogger = installed_callbacks().WandbMetricsLogger


def batch_steps(recorder: Recorder) -> list[int]:
    return [row["batch/batch_step"] for row in recorder.rows if "batch/batch_step" in row]


def test_is_the_installed_class(recorder: Recorder) -> None:
    assert isinstance(WandbMetricsLogger(), InstalledMetricsLogger)


def test_an_epoch_is_one_row_of_prefixed_keys(recorder: Recorder) -> None:
    model = small_model(metrics=["mae"])
    history = fit(model, WandbMetricsLogger(), epochs=2, validation_data=(X, Y)).history
    keys = {f"epoch/{name}" for name in history} | {"epoch/epoch", "epoch/learning_rate"}
    assert [set(row) for row in recorder.rows] == [keys, keys]
    assert [row["epoch/epoch"] for row in recorder.rows] == [0, 1]
    assert [row["epoch/val_loss"] for row in recorder.rows] == pytest.approx(history["val_loss"])
    assert recorder.metrics == {"epoch/epoch": None, "epoch/*": "epoch/epoch"}


def test_the_run_itself_holds_what_was_logged(recorder: Recorder, shared_run: Any) -> None:
    fit(small_model(), WandbMetricsLogger(), epochs=3)
    assert shared_run.summary["epoch/epoch"] == 2
    assert shared_run.summary["epoch/learning_rate"] == pytest.approx(0.05)


@pytest.mark.parametrize("log_freq", ["batch", 1, np.int64(1)])
def test_batches_are_rows_of_their_own(recorder: Recorder, log_freq: Any) -> None:
    fit(small_model(), WandbMetricsLogger(log_freq=log_freq))
    keys = {"batch/loss", "batch/batch_step", "batch/learning_rate"}
    assert [set(row) >= keys for row in recorder.rows] == [True] * 5 + [False]
    assert batch_steps(recorder) == [0, 1, 2, 3, 4]
    assert set(recorder.rows[-1]) == {"epoch/loss", "epoch/epoch", "epoch/learning_rate"}
    assert recorder.metrics == {"batch/batch_step": None, "batch/*": "batch/batch_step"}


def test_every_nth_batch_of_each_epoch(recorder: Recorder) -> None:
    fit(small_model(), WandbMetricsLogger(log_freq=2), epochs=2)
    # Three rows an epoch (batches 0, 2, 4); the axis grows by two for each row, as in every wandb.
    assert batch_steps(recorder) == [0, 2, 4, 6, 8, 10]


@pytest.mark.skipif(not LOGS_PREFIXED_EPOCHS, reason="this wandb's own class logs other keys, which ours replaces")
@pytest.mark.parametrize("log_freq", ["epoch", "batch", 2, 3, 7])
def test_equals_the_installed_class_where_that_one_is_right(recorder: Recorder, log_freq: Any) -> None:
    fit(small_model(), WandbMetricsLogger(log_freq), InstalledMetricsLogger(log_freq), epochs=2)
    ours, theirs = recorder.rows[::2], recorder.rows[1::2]
    assert ours == theirs
    assert len(ours) >= 2


def test_steps_per_execution_counts_batches(recorder: Recorder) -> None:
    logger = WandbMetricsLogger(log_freq=2, initial_global_step=100)
    fit(small_model(steps_per_execution=2), logger, epochs=2, batch_size=1)
    # Ten batches an epoch in executions of two; in each execution exactly one batch (0, 2, 4, ...) is due.
    assert batch_steps(recorder) == list(range(0, 20, 2))
    assert logger.global_step == 120


@pytest.mark.parametrize(
    ("log_freq", "steps", "expected"),
    [(1, 5, [4, 9]), (3, 5, [3, 9]), (4, 2, [0, 4, 8]), (10, 5, [0]), (1, 10, [9])],
)
def test_an_execution_logs_its_last_due_batch(
    recorder: Recorder, log_freq: int, steps: int, expected: list[int]
) -> None:
    fit(small_model(steps_per_execution=steps), WandbMetricsLogger(log_freq), batch_size=1)
    assert batch_steps(recorder) == expected


def test_a_short_last_execution_counts_what_it_ran(recorder: Recorder) -> None:
    fit(small_model(steps_per_execution=4), WandbMetricsLogger("batch"), batch_size=1)
    # Keras 3 before 3.11 reports nothing of an execution that runs out of data.
    assert batch_steps(recorder) in ([3, 7, 9], [3, 7])


@pytest.mark.parametrize("log_freq", ["epoch", 2])
def test_a_last_execution_of_one_batch_that_is_not_due_counts(recorder: Recorder, log_freq: Any) -> None:
    logger = WandbMetricsLogger(log_freq)
    fit(small_model(steps_per_execution=3), logger, batch_size=1)
    # Keras 3 before 3.11 reports nothing of an execution that runs out of data.
    assert logger.global_step in (10, 9)
    assert batch_steps(recorder) == ([] if log_freq == "epoch" else [2, 4, 8])


@given(batches=st.integers(1, 40), steps=st.integers(2, 12), data=st.data())
def test_executions_cover_every_batch_once(batches: int, steps: int, data: st.DataObject) -> None:
    firsts = list(range(0, batches, steps))
    passes_first, knows_length = data.draw(st.sampled_from([(True, True), (False, True), (False, False)]))
    # Without the number of batches, an epoch of a single one looks the same in both conventions.
    assume(knows_length or batches > 1)
    calls = firsts if passes_first else [min(first + steps, batches) - 1 for first in firsts]
    counter = Executions(steps, batches if knows_length else None, always_last=False)
    for _ in range(2):
        counter.begin_epoch()
        assert [batch for call in calls for batch in counter.ran(call)] == list(range(batches))


def test_a_schedule_logs_the_rates_it_gives(recorder: Recorder) -> None:
    schedule = tf.keras.optimizers.schedules.ExponentialDecay(0.1, decay_steps=5, decay_rate=0.5)
    fit(small_model(tf.keras.optimizers.SGD(schedule)), WandbMetricsLogger("batch"), epochs=2)
    rates = [row["batch/learning_rate"] for row in recorder.rows if "batch/loss" in row]
    steps = 10 if len(rates) == 10 else 0
    # Keras 2.11 to 2.15 hand out the rate of the update just done, all others the rate of the next one.
    used = [float(schedule(step)) for step in range(steps)]
    following = [float(schedule(step)) for step in range(1, steps + 1)]
    assert rates == pytest.approx(used, rel=1e-5) or rates == pytest.approx(following, rel=1e-5)


def test_a_rate_set_by_a_scheduler_callback_is_logged(recorder: Recorder) -> None:
    scheduler = tf.keras.callbacks.LearningRateScheduler(lambda epoch: 0.1 / (epoch + 1))
    fit(small_model(), scheduler, WandbMetricsLogger(), epochs=2)
    assert [row["epoch/learning_rate"] for row in recorder.rows] == pytest.approx([0.1, 0.05])


def test_initial_global_step_is_where_a_schedule_resumes(recorder: Recorder) -> None:
    legacy = getattr(tf.keras.optimizers, "legacy", tf.keras.optimizers)
    schedule = tf.keras.optimizers.schedules.ExponentialDecay(0.1, decay_steps=5, decay_rate=0.5)
    try:
        optimizer = legacy.SGD(schedule)
    except ImportError:
        pytest.skip("Keras 3 has no optimizer that hands out its schedule")
    if not callable(optimizer.learning_rate):
        pytest.skip("Keras 3 has no optimizer that hands out its schedule")
    fit(small_model(optimizer), WandbMetricsLogger(initial_global_step=10), initial_epoch=2, epochs=3)
    assert recorder.rows[-1]["epoch/learning_rate"] == pytest.approx(float(schedule(15)))
    assert recorder.rows[-1]["epoch/epoch"] == 2


def test_initial_global_step_is_taken_by_position_on_every_version(recorder: Recorder) -> None:
    logger = WandbMetricsLogger("epoch", 7)
    fit(small_model(), logger)
    assert logger.global_step == 12


def test_an_unreadable_rate_is_one_warning_and_no_key(recorder: Recorder) -> None:
    class WithoutRate(WandbMetricsLogger):
        @property
        def model(self) -> Any:
            return object()

        @model.setter
        def model(self, value: Any) -> None: ...

    logger = WithoutRate()
    for epoch in range(2):
        logger.on_epoch_end(epoch, {"loss": 1.0})
    assert recorder.rows == [{"epoch/loss": 1.0, "epoch/epoch": 0}, {"epoch/loss": 1.0, "epoch/epoch": 1}]
    assert len(recorder.warnings) == 1 and recorder.warned("learning rate", wandb.__version__)


def test_a_schedule_that_an_optimizer_hands_out_is_asked_at_the_step_of_the_training(recorder: Recorder) -> None:
    class WithSchedule(WandbMetricsLogger):
        @property
        def model(self) -> Any:
            return SimpleNamespace(optimizer=SimpleNamespace(learning_rate=lambda step: step / 8))

        @model.setter
        def model(self, value: Any) -> None: ...

    logger = WithSchedule(initial_global_step=3)
    logger.on_epoch_end(0, {})
    assert recorder.rows == [{"epoch/epoch": 0, "epoch/learning_rate": 0.375}]


@pytest.mark.parametrize("log_freq", [0, -1, True, 2.0, "epochs", "", None, np.int32(0)])
def test_any_other_log_freq_is_refused(recorder: Recorder, log_freq: Any) -> None:
    with pytest.raises(ValueError, match='log_freq must be "epoch", "batch" or a number of batches'):
        WandbMetricsLogger(log_freq=log_freq)
    assert recorder.metrics == {}


def test_a_copy_logs_as_the_original_would(recorder: Recorder) -> None:
    fit(small_model(), copy.deepcopy(WandbMetricsLogger("batch")))
    assert batch_steps(recorder) == [0, 1, 2, 3, 4]
