"""Epoch and batch rows."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import wandb
from hypothesis import given
from hypothesis import strategies as st

from wandb_keras_compat import WandbCallback

from ..builders import callback, dense, fit, run_epochs
from ..conftest import Observed


@pytest.fixture(scope="module")
def model() -> Any:
    return dense()


def test_quirk_01_bare_names_one_row_an_epoch_counted_from_zero_with_wandbs_own_step(observed: Observed) -> None:
    history = fit(dense(), callback(), epochs=5, initial_epoch=3)
    assert [set(row) for row in observed.rows] == [{"epoch", "loss", "val_loss"}] * 2
    assert observed.column("epoch") == [3, 4]
    assert observed.column("loss") == history["loss"]
    assert observed.column("val_loss") == history["val_loss"]
    assert {call["step"] for call in observed.log_calls} == {None}


def test_quirk_01_a_users_uncommitted_values_share_the_epochs_row(observed: Observed) -> None:
    at = observed.run.step
    observed.run.log({"mine": 1}, commit=False)
    run_epochs(callback(), {"loss": 2.0})
    assert observed.rows == [{"mine": 1, "epoch": 0, "loss": 2.0}]
    assert observed.run.step == at + 1


def test_quirk_02_batch_rows_have_the_names_of_epoch_rows_and_no_counter(observed: Observed) -> None:
    fit(dense(), callback(log_batch_frequency=3), batch_size=2)
    assert [set(row) for row in observed.rows] == [{"loss"}, {"loss"}, {"epoch", "loss", "val_loss"}]


@given(frequency=st.integers(1, 7), batches=st.integers(1, 12), epochs=st.integers(1, 3))
def test_quirk_02_every_nth_batch_of_each_epoch_counted_from_zero(
    observed: Observed, model: Any, frequency: int, batches: int, epochs: int
) -> None:
    observed.clear()
    under_test = callback(log_batch_frequency=frequency)
    under_test.set_model(model)
    under_test.on_train_begin()
    for epoch in range(epochs):
        for batch in range(batches):
            under_test.on_train_batch_end(batch, {"loss": float(batch)})
        under_test.on_epoch_end(epoch, {"loss": -1.0})
    expected = [*(float(b) for b in range(batches) if b % frequency == 0), -1.0] * epochs
    assert observed.column("loss") == expected
    assert len(expected) == epochs * (math.ceil(batches / frequency) + 1)


@pytest.mark.slow
def test_quirk_39_steps_per_execution_counts_executions(observed: Observed) -> None:
    # Keras reports batches 1, 3, 5, 7: the last of each execution. Legacy logged none of them for n=2.
    for frequency, rows in ((1, 4), (2, 2), (3, 2)):
        observed.clear()
        fit(dense(eager=False, steps_per_execution=2), callback(log_batch_frequency=frequency), batch_size=1)
        assert len([row for row in observed.rows if "epoch" not in row]) == rows


def test_quirk_40_frequency_zero_means_never_and_still_asks_for_batch_hooks(observed: Observed) -> None:
    under_test = callback(log_batch_frequency=0)
    fit(dense(), under_test)
    assert len(observed.rows) == 1
    assert under_test._implements_train_batch_hooks()


def test_without_a_frequency_keras_2_is_not_asked_for_batch_hooks(observed: Observed) -> None:
    class Counts(WandbCallback):
        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            """Somebody's own."""

    phases = ("train", "test", "predict")
    assert not any(getattr(callback(), f"_implements_{phase}_batch_hooks")() for phase in phases)
    assert all(getattr(callback(log_batch_frequency=5), f"_implements_{phase}_batch_hooks")() for phase in phases)
    asked = [getattr(callback(Counts), f"_implements_{phase}_batch_hooks")() for phase in phases]
    assert asked == [True, False, False]


def test_an_epoch_without_logs_logs_the_epoch(observed: Observed) -> None:
    under_test = callback()
    under_test.set_model(dense())
    under_test.on_epoch_end(4)
    assert observed.rows == [{"epoch": 4}]


def test_on_batch_end_does_the_same_as_on_train_batch_end(observed: Observed) -> None:
    under_test = callback(log_batch_frequency=1)
    under_test.set_model(dense())
    under_test.on_batch_end(0, {"loss": 1.0})
    under_test.on_train_batch_end(0, {"loss": 1.0})
    assert observed.rows == [{"loss": 1.0}, {"loss": 1.0}]


def test_evaluate_and_predict_log_nothing(observed: Observed) -> None:
    model, under_test = dense(), callback()
    model.evaluate(np.zeros((2, 3)), np.zeros((2, 1)), verbose=0, callbacks=[under_test])
    model.predict(np.zeros((2, 3)), verbose=0, callbacks=[under_test])
    assert observed.log_calls == []


def test_two_callbacks_log_a_row_each(observed: Observed) -> None:
    fit(dense(), callback(), callback())
    assert observed.column("epoch") == [0, 0]
    assert wandb.run is observed.run


def test_a_metric_may_be_called_as_a_counter_is(observed: Observed, model: Any) -> None:
    """As ever: the metric comes last. The newer callback has its own ``epoch`` and ``batch_step``."""
    under_test = callback(log_batch_frequency=1)
    under_test.set_model(model)
    under_test.on_train_begin()
    under_test.on_train_batch_end(0, {"batch_step": 0.25})
    under_test.on_epoch_end(3, {"epoch": 0.5})
    assert observed.rows == [{"batch_step": 0.25}, {"epoch": 0.5}]


def test_a_frequency_may_be_a_whole_float(observed: Observed, model: Any) -> None:
    under_test = callback(log_batch_frequency=2.0)
    under_test.set_model(model)
    under_test.on_train_begin()
    for batch in range(4):
        under_test.on_train_batch_end(batch, {"loss": batch})
    assert observed.column("loss") == [0, 2]
