"""The ``best_`` summary."""

from __future__ import annotations

import math
import operator
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from ..builders import callback, dense, run_epochs
from ..conftest import Observed


@pytest.fixture(scope="module")
def model() -> Any:
    return dense()


NOT_A_NUMBER = st.sampled_from([None, "0.1", "NaN", np.array([0.1, 0.2]), float("nan"), np.float32("nan"), 1 + 2j])
PLAIN = st.floats(-1e6, 1e6) | st.integers(-3, 3) | st.sampled_from([0.0, -0.0, math.inf, -math.inf])
NUMBERS = st.one_of(
    PLAIN,
    PLAIN.map(np.float64),
    st.integers(-3, 3).map(lambda i: tf.constant(float(i))),
    st.integers(-3, 3).map(lambda i: np.array([float(i)])),
)


def fold(values: list[Any], upwards: bool) -> tuple[int | None, float]:
    """The epoch and value of the best number: the first of equals, and NaN is no candidate."""
    epoch, best = None, -math.inf if upwards else math.inf
    for index, value in enumerate(values):
        if isinstance(value, (str, complex, type(None))) or np.size(value) != 1:
            continue
        number = float(np.asarray(value).reshape(()))
        if (number > best) if upwards else (number < best):
            epoch, best = index, number
    return epoch, best


@given(values=st.lists(NUMBERS | NOT_A_NUMBER, max_size=6), mode=st.sampled_from(["min", "max"]))
def test_quirk_17_19_best_is_the_fold_over_every_number_zero_included(
    observed: Observed, model: Any, values: list[Any], mode: str
) -> None:
    observed.clear()
    under_test = callback(monitor="z", mode=mode)
    under_test.set_model(model)
    for epoch, value in enumerate(values):
        # Only Best is asked: what W&B makes of such values in a row is W&B's.
        under_test._features.best.on_epoch_end(epoch, {} if value is None else {"z": value})
        under_test._features.best.after_epoch_end(epoch)
        if under_test._improved:
            under_test.best = under_test.current
    epoch, best = fold(values, mode == "max")
    assert observed.summary.get("best_epoch") == epoch
    assert float(np.asarray(under_test.best).reshape(())) == best
    assert observed.warnings == []


def test_quirk_17_zero_is_a_value(observed: Observed, model: Any) -> None:
    under_test = run_epochs(callback(monitor="z"), {"z": 0.5}, {"z": 0.0}, {"z": 0.2}, model=model)
    assert dict(observed.summary)["best_z"] == 0.0 == under_test.best
    assert dict(observed.summary)["best_epoch"] == 1


def test_quirk_03_best_carries_over_to_a_second_fit(observed: Observed, model: Any) -> None:
    under_test = run_epochs(callback(monitor="z"), {"z": 3.0}, {"z": 1.0}, model=model)
    run_epochs(under_test, {"z": 2.0}, model=model)
    assert (observed.summary["best_z"], observed.summary["best_epoch"], under_test.best) == (1.0, 1, 1.0)
    run_epochs(under_test, {"z": 0.5}, model=model)
    assert (observed.summary["best_z"], observed.summary["best_epoch"]) == (0.5, 0)


def test_quirk_03_best_carries_over_from_a_resumed_run(observed: Observed, model: Any) -> None:
    observed.summary["best_z"] = 1.0
    under_test = callback(monitor="z")
    assert under_test.best == 1.0
    run_epochs(under_test, {"z": 2.0}, model=model)
    assert observed.summary["best_z"] == 1.0
    assert "best_epoch" not in observed.summary.keys()


METRIC_NAMES = st.one_of(
    st.sampled_from(
        ["val_accuracy", "acc", "mean_acceleration", "fmeasure", "val_fmeasure", "auc", "precision", "f1", "loss", ""]
    ),
    st.text("acfmeasur_vl", max_size=12),
    st.text(max_size=12),
)


@given(name=METRIC_NAMES, mode=st.sampled_from(["auto", "min", "max"]))
def test_quirk_04_the_auto_rule_is_acc_anywhere_or_fmeasure_in_front(observed: Observed, name: str, mode: str) -> None:
    counts_upwards = {"max": True, "min": False, "auto": name.find("acc") >= 0 or name[:8] == "fmeasure"}[mode]
    under_test = callback(monitor=name, mode=mode)
    assert under_test.monitor_op is (operator.gt if counts_upwards else operator.lt)
    assert under_test.best == (-math.inf if counts_upwards else math.inf)


@pytest.mark.parametrize("name", ["val_auc", "auc_1", "precision", "val_recall", "f1_score"])
def test_quirk_04_names_the_rule_gets_wrong_are_warned_of(observed: Observed, name: str) -> None:
    callback(monitor=name)
    assert len(observed.warnings) == 1
    assert "mode='max'" in observed.warnings[0]
    assert name in observed.warnings[0]


def test_an_unknown_mode_warns_in_legacys_words_and_is_auto(observed: Observed) -> None:
    assert callback(monitor="acc", mode="best").monitor_op is operator.gt
    assert observed.warnings == ["WandbCallback mode best is unknown, fallback to auto mode."]


@pytest.mark.parametrize("prefix", [None, ""])
def test_quirk_18_without_a_prefix_nothing_is_looked_up_or_kept(observed: Observed, model: Any, prefix: Any) -> None:
    observed.summary["z"] = -5.0  # the LAST value of the resumed run, which legacy took for its best
    observed.summary["Nonez"] = -6.0
    under_test = callback(monitor="z", log_best_prefix=prefix)
    assert under_test.best == math.inf
    run_epochs(under_test, {"z": 2.0}, model=model)
    assert under_test.best == 2.0
    assert not {"best_z", "best_epoch", "epoch_z", "Noneepoch"} & set(observed.summary.keys())


@pytest.mark.parametrize("prefix", [None, ""])
def test_quirk_18_without_a_prefix_the_model_is_saved_all_the_same(observed: Observed, prefix: Any) -> None:
    saved = []

    def note(epoch: int) -> None:
        saved.append(epoch)

    under_test = callback(monitor="z", log_best_prefix=prefix, save_model=True)
    under_test._save_model = note
    under_test.save_model_as_artifact = False
    run_epochs(under_test, {"z": 2.0}, {"z": 3.0}, {"z": 1.0})
    assert saved == [0, 2]


@pytest.mark.parametrize("kept", ["NaN", "Infinity", float("nan"), {"min": 1.0}, True])
def test_quirk_19_a_previous_best_that_is_no_number_is_no_reason_to_die(
    observed: Observed, model: Any, kept: Any
) -> None:
    observed.summary["best_z"] = kept
    under_test = run_epochs(callback(monitor="z"), {"z": 0.25}, model=model)
    assert under_test.best == 0.25
    assert (observed.summary["best_z"], observed.warnings) == (0.25, [])


def test_a_custom_prefix_names_both_keys(observed: Observed, model: Any) -> None:
    run_epochs(callback(monitor="z", log_best_prefix="top."), {"z": 2.0}, {"z": 1.0}, model=model)
    assert (observed.summary["top.z"], observed.summary["top.epoch"]) == (1.0, 1)


def test_a_metric_that_never_comes_changes_nothing(observed: Observed, model: Any) -> None:
    under_test = run_epochs(callback(monitor="typo", save_model=True), {"loss": 1.0}, {"loss": 0.5}, model=model)
    assert under_test.best == math.inf
    assert set(observed.summary.keys()) <= {"loss", "epoch", "_step", "_runtime", "_timestamp", "_wandb"}
    assert (observed.artifacts, observed.saved) == ([], [])
    (said,) = observed.warnings
    assert said.startswith("WandbCallback has nothing to log for the best epoch: typo was never among")


def test_quirk_06_verbose_says_what_improved(observed: Observed, model: Any) -> None:
    run_epochs(callback(monitor="z", verbose=1), {"z": 0.5}, {"z": 0.7}, {"z": 0.25}, model=model)
    assert observed.said == [
        "Epoch 00000: z improved from inf to 0.50000",
        "Epoch 00002: z improved from 0.50000 to 0.25000",
    ]


def test_quirk_06_verbose_says_where_the_model_goes(observed: Observed) -> None:
    under_test = callback(monitor="z", verbose=1, save_model=True)
    under_test.save_model_as_artifact = False
    run_epochs(under_test, {"z": 0.5})
    assert observed.said == [f"Epoch 00000: z improved from inf to 0.50000, saving model to {under_test.filepath}"]
