"""What a callback keeps, shares and takes up: its place for the best model, its data, the features that are its own."""

from __future__ import annotations

import copy
import operator
import os
import pickle
from collections.abc import Callable

import pytest
import wandb

from wandb_keras_compat import WandbCallback

from ..builders import callback, classifier, fit, images, run_epochs
from ..conftest import Observed

X, Y = images()


def test_the_best_model_has_its_place_in_the_folder_of_the_run_and_moves_with_it(
    start_run: Callable[..., Observed],
) -> None:
    start_run()
    under_test = callback()
    first = under_test.filepath
    assert first == os.path.join(wandb.run.dir, "model-best.h5")
    start_run()
    run_epochs(under_test, {"loss": 1.0})
    assert under_test.filepath == os.path.join(wandb.run.dir, "model-best.h5") != first


@pytest.mark.parametrize("name", ["training_data", "validation_data", "generator"])
def test_a_deep_copy_shares_the_data(observed: Observed, name: str) -> None:
    """It may be larger than what is left of the memory."""
    original = callback(**{name: (X, Y)}, **({"validation_steps": 1} if name == "generator" else {}))
    assert getattr(copy.deepcopy(original), name) is getattr(original, name)


@pytest.mark.parametrize(("monitor", "best", "better"), [("val_acc", 2.0, "gt"), ("val_loss", 1.0, "lt")])
def test_what_is_best_is_by_the_name_that_a_subclass_without_our_constructor_has_set(
    observed: Observed, monitor: str, best: float, better: str
) -> None:
    class Mine(WandbCallback):
        def __init__(self) -> None:
            self.monitor = monitor

    under_test = Mine()
    assert bool(under_test.monitor_op(2, 1)) is getattr(operator, better)(2, 1)
    run_epochs(under_test, {monitor: 1.0}, {monitor: 2.0})
    assert under_test.best == best


def test_data_that_fit_was_given_is_not_in_a_copy(observed: Observed) -> None:
    under_test = callback(input_type="image")
    fit(classifier(), under_test, data=(X, Y))
    assert under_test.validation_data is not None
    for twin in (copy.copy(under_test), copy.deepcopy(under_test), pickle.loads(pickle.dumps(under_test))):
        assert twin.validation_data is None
    own = callback(input_type="image", validation_data=(X, Y))
    fit(classifier(), own, data=(X, Y))
    assert copy.copy(own).validation_data is not None


def test_flops_of_no_model_are_a_sentence_also_without_our_constructor(observed: Observed) -> None:
    class Mine(WandbCallback):
        def __init__(self) -> None:
            pass

    for under_test in (Mine(), callback()):
        with pytest.raises(wandb.Error, match="model"):
            under_test.get_flops()


def test_a_copy_made_attribute_by_attribute_has_features_of_its_own(observed: Observed) -> None:
    original = callback()
    run_epochs(original, {"loss": 1.0})
    twin = WandbCallback.__new__(WandbCallback)
    vars(twin).update(vars(original))
    assert twin._features is not original._features
    assert twin._features is twin._features
    twin._feature_set = None
    assert twin._features is not None
