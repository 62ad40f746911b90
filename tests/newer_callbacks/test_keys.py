"""``keys=``: the legacy names, the newer ones, or both in one row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import tensorflow as tf
import wandb
from hypothesis import given
from hypothesis import strategies as st

from wandb_keras_compat import WandbCallback, WandbMetricsLogger

from ..builders import callback
from ..conftest import Observed
from .conftest import X, Y, fit, small_model

#: Few, so that the names of metrics meet those of the counters and of each other.
NAMES = st.sampled_from(["loss", "val_loss", "acc", "lr", "learning_rate", "top@5"])
LOGS = st.dictionaries(NAMES, st.floats(allow_nan=False, width=32), max_size=4)
#: A batch that ends with these logs, or an epoch.
EVENTS = st.lists(st.tuples(st.sampled_from(["batch", "epoch"]), st.none() | LOGS), max_size=8)
FREQUENCIES = st.sampled_from(["epoch", "batch", 1, 2, 3])


def rows_of(observed: Observed, make: Callable[[], Any], events: list[Any], model: Any) -> list[dict[str, Any]]:
    observed.clear()
    under_test = make()
    under_test.set_model(model)
    under_test.set_params({"epochs": 9, "steps": 9})
    under_test.on_train_begin()
    batch = epoch = 0
    for kind, logs in events:
        if kind == "batch":
            under_test.on_train_batch_end(batch, logs and dict(logs))
            batch += 1
        else:
            under_test.on_epoch_end(epoch, logs and dict(logs))
            batch, epoch = 0, epoch + 1
    return list(observed.rows)


@pytest.mark.slow
@given(events=EVENTS, log_freq=FREQUENCIES)
def test_both_is_the_two_others_row_by_row(observed: Observed, events: list[Any], log_freq: Any) -> None:
    model = small_model()
    new, legacy, both = (
        rows_of(observed, lambda keys=keys: WandbMetricsLogger(log_freq, keys=keys), events, model)
        for keys in ("new", "legacy", "both")
    )
    assert both == [{**old, **newer} for old, newer in zip(legacy, new)]
    assert len(new) == len(legacy) == len(both) >= sum(kind == "epoch" for kind, _ in events)


@pytest.mark.slow
@given(events=EVENTS, frequency=st.sampled_from([None, 1, 2, 3]), keys=st.sampled_from(["legacy", "both", "new"]))
def test_the_legacy_callback_and_the_logger_write_the_same_rows(
    observed: Observed, events: list[Any], frequency: int | None, keys: str
) -> None:
    model = small_model()
    old = rows_of(
        observed,
        lambda: callback(log_batch_frequency=frequency, keys=keys, monitor="nothing", log_best_prefix=None),
        events,
        model,
    )
    new = rows_of(observed, lambda: WandbMetricsLogger(frequency or "epoch", keys=keys), events, model)
    assert old == new


@pytest.mark.parametrize("kind", [WandbMetricsLogger, WandbCallback])
@pytest.mark.parametrize(
    ("keys", "axes"), [("new", ["epoch/epoch", "epoch/*"]), ("legacy", []), ("both", ["epoch/epoch", "epoch/*"])]
)
def test_the_axis_is_declared_where_its_keys_are_logged(
    observed: Observed, monkeypatch: pytest.MonkeyPatch, kind: Any, keys: str, axes: list[str]
) -> None:
    declared: list[str] = []
    monkeypatch.setattr(wandb, "define_metric", lambda name, **_: declared.append(name))
    options = {"save_model": False} if kind is WandbCallback else {}
    fit(small_model(), kind(keys=keys, **options))
    assert declared == axes


def test_a_training_under_both_keys_feeds_a_sweep_and_a_panel(observed: Observed) -> None:
    history = fit(small_model(), WandbCallback(keys="both", save_model=False), epochs=2, validation_data=(X, Y)).history
    assert observed.column("val_loss") == observed.column("epoch/val_loss") == pytest.approx(history["val_loss"])
    assert observed.column("epoch") == observed.column("epoch/epoch") == [0, 1]
    assert len(observed.rows) == 2
    assert observed.summary["best_val_loss"] == pytest.approx(min(history["val_loss"]))


@pytest.mark.parametrize("keys", ["new", "both"])
def test_executions_of_several_batches_are_counted_as_the_logger_does(observed: Observed, keys: str) -> None:
    def steps(under_test: Any) -> list[int]:
        observed.clear()
        fit(small_model(steps_per_execution=2), under_test, epochs=2)
        found: list[int] = observed.column("batch/batch_step")
        return found

    assert steps(callback(keys=keys, log_batch_frequency=2)) == steps(WandbMetricsLogger(2, keys=keys))


@pytest.mark.parametrize("kind", [WandbMetricsLogger, WandbCallback])
@pytest.mark.parametrize("wrong", ["old", "", None, True])
def test_other_keys_are_refused_with_the_choice(observed: Observed, kind: Any, wrong: Any) -> None:
    with pytest.raises(
        ValueError, match=rf"{kind.__name__}\(keys={wrong!r}\): keys must be one of 'new', 'legacy', 'both'"
    ):
        kind(keys=wrong)


def test_a_rate_that_keras_logs_keeps_its_legacy_name(observed: Observed) -> None:
    schedule = tf.keras.callbacks.LearningRateScheduler(lambda epoch: 0.01)
    history = fit(small_model(), schedule, WandbMetricsLogger(keys="legacy")).history
    assert set(observed.rows[0]) == {*history, "epoch"}
