"""Keras 2 is told which batch hooks a callback has, since each costs time; and batches are logged where that was asked for."""

from __future__ import annotations

from typing import Any

import pytest

from wandb_keras_compat import WandbCallback
from wandb_keras_compat import callback as module

from ..builders import callback, dense
from ..conftest import Observed

PHASES = ("train", "test", "predict")


def wanted(under_test: Any) -> list[str]:
    return [phase for phase in PHASES if getattr(under_test, f"_implements_{phase}_batch_hooks")()]


def test_batch_hooks_are_wanted_where_batches_are_logged(observed: Observed) -> None:
    assert wanted(callback()) == []
    assert wanted(callback(log_batch_frequency=2)) == list(PHASES)


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("when", ["begin", "end"])
def test_a_hook_that_a_subclass_overrides_is_wanted_for_its_phase(observed: Observed, phase: str, when: str) -> None:
    kind = type("Mine", (WandbCallback,), {f"on_{phase}_batch_{when}": lambda self, batch, logs=None: None})
    assert wanted(callback(kind)) == [phase]


@pytest.mark.parametrize("hook", ["on_train_batch_end", "on_batch_end"])
def test_batches_are_logged_by_the_hook_of_either_name(observed: Observed, hook: str) -> None:
    under_test = callback(log_batch_frequency=2)
    under_test.set_model(dense())
    under_test.on_train_begin()
    under_test.on_batch_begin(0)
    for batch in range(4):
        getattr(under_test, hook)(batch, {"loss": float(batch)})
    assert observed.column("loss") == [0.0, 2.0]


def test_the_graph_is_taken_once_though_no_batch_is_logged(observed: Observed) -> None:
    under_test = callback(save_graph=True)
    under_test.set_model(dense())
    under_test.on_train_begin()
    asked: list[int] = []
    features = under_test._features
    inner = features.on_train_batch_end
    features.on_train_batch_end = lambda batch, logs: (asked.append(batch), inner(batch, logs))
    for batch in range(3):
        under_test.on_train_batch_end(batch, {"loss": 1.0})
    assert asked == [0] and "graph" in observed.summary.keys() and observed.rows == []
    plain = callback()
    plain.set_model(dense())
    plain._features.on_train_batch_end = lambda *_: pytest.fail("there is nothing to do in a batch")
    plain.on_train_batch_end(0, {})


@pytest.mark.parametrize("options", [{"input_type": "auto"}, {"output_type": "label"}, {"log_evaluation": True}, {}])
def test_validation_data_and_types_are_looked_for_where_they_are_used(observed: Observed, options: Any) -> None:
    under_test = callback(**options)
    looked: list[bool] = []
    examples = under_test._features.examples
    examples.guess_types_from_model = lambda: looked.append(True)
    under_test.set_model(dense())
    assert bool(looked) == bool(set(options) - {"log_evaluation"})
    assert under_test._needs_validation_data() == bool(options)


def test_the_name_that_people_call_does_nothing() -> None:
    assert module.patch_tf_keras() is None  # type: ignore[func-returns-value]
