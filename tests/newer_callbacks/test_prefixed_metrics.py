"""On the oldest wandb the logger's base is ours: it logs the rows that the class of a present wandb logs."""

from __future__ import annotations

from typing import Any

import pytest
import tensorflow as tf
import wandb
from hypothesis import given
from hypothesis import strategies as st

from wandb_keras_compat.newer_callbacks.prefixed_metrics import PrefixedMetricsLogger
from wandb_keras_compat.sdk.callback_versions import LOGS_PREFIXED_EPOCHS
from wandb_keras_compat.sdk.installed_callbacks import installed_callbacks

InstalledMetricsLogger = installed_callbacks().WandbMetricsLogger

pytestmark = pytest.mark.skipif(not LOGS_PREFIXED_EPOCHS, reason="this wandb's own class logs other keys")

LOGS = st.none() | st.dictionaries(st.sampled_from(["loss", "acc"]), st.floats(-1, 1), max_size=2)
EVENTS = st.lists(st.tuples(st.sampled_from(["batch", "epoch"]), LOGS), max_size=9)


def old_constructor(self: Any, log_freq: Any = "epoch") -> None:
    """Of the wandb that has this base: it declares nothing but for batches, and that wrongly."""
    assert log_freq == "epoch"
    tf.keras.callbacks.Callback.__init__(self)
    self.global_batch = 0


def logged(kind: Any, given_to_it: tuple[Any, ...], events: list[Any], rate: float | None) -> tuple[Any, ...]:
    """The declared axes, the rows, and the counters at the end."""
    declared: list[Any] = []
    rows: list[dict[str, Any]] = []
    rate_of = {"_get_lr": lambda self: rate}  # ours has none to give without it
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wandb, "define_metric", lambda name, step_metric=None: declared.append((name, step_metric)))
        patch.setattr(wandb, "log", lambda row: rows.append(dict(row)))
        if issubclass(kind, PrefixedMetricsLogger):
            patch.setattr(InstalledMetricsLogger, "__init__", old_constructor)
        logger = type("Logger", (kind,), rate_of if rate is not None or kind is InstalledMetricsLogger else {})(
            *given_to_it
        )
        batch = epoch = 0
        for event, logs in events:
            if event == "batch":
                logger.on_batch_end(batch, logs)
                batch += 1
            else:
                logger.on_epoch_end(epoch, logs)
                batch, epoch = 0, epoch + 1
    return declared, rows, (logger.global_step, logger.global_batch, logger.logging_batch_wise, logger.log_freq)


@given(
    given_to_it=st.just(())
    | st.tuples(st.sampled_from(["epoch", "batch", 1, 2, 3]))
    | st.tuples(st.sampled_from(["epoch", "batch", 2]), st.integers(0, 5)),
    events=EVENTS,
    rate=st.sampled_from([None, 0.0, 0.5]),
)
def test_the_rows_are_those_of_a_present_wandb(shared_run: Any, given_to_it: Any, events: Any, rate: Any) -> None:
    assert logged(PrefixedMetricsLogger, given_to_it, events, rate) == logged(
        InstalledMetricsLogger, given_to_it, events, rate
    )


def test_a_subclass_for_the_legacy_names_declares_no_axis(shared_run: Any) -> None:
    silent = type("Silent", (PrefixedMetricsLogger,), {"declares": False})
    assert logged(silent, ("batch",), [("batch", {"loss": 1.0})], None)[:2] == (
        [],
        [{"batch/loss": 1.0, "batch/batch_step": 0}],
    )
