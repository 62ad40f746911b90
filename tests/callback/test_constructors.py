"""Subclasses that leave our constructor out, or call it late: nothing of ours rests on its having run."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest

import wandb_keras_compat as package
from wandb_keras_compat import (
    WandbCallback,
    WandbEvalCallback,
    WandbMetricsLogger,
    WandbModelCheckpoint,
    small_callbacks,
)
from wandb_keras_compat.sdk.installed_callbacks import installed_callbacks

from ..builders import classifier, fit, images, keras
from ..conftest import Observed

InstalledModelCheckpoint = installed_callbacks().WandbModelCheckpoint

X, Y = images()
Callback = keras.callbacks.Callback


def skipping(kind: type[Any], **attributes: Any) -> Any:
    """An instance of a subclass of *kind* that calls the constructor of Keras' callback and none of ours."""

    def init(self: Any) -> None:
        Callback.__init__(self)
        for name, value in attributes.items():
            setattr(self, name, value)

    return type("Mine", (kind,), {"__init__": init})()


@pytest.mark.slow
def test_the_legacy_class_is_as_made_with_no_argument(observed: Observed) -> None:
    fit(classifier(), WandbCallback(), data=(X, Y), epochs=2)
    expected, artifacts, summary = list(observed.rows), len(observed.artifacts), set(observed.summary.keys())
    observed.clear()
    under_test = skipping(WandbCallback)
    history = fit(classifier(), under_test, data=(X, Y), epochs=2)
    assert observed.rows == expected and len(observed.artifacts) == artifacts
    assert set(observed.summary.keys()) == summary
    assert under_test.best == min(history["val_loss"])
    assert os.path.exists(under_test.filepath)
    assert observed.warnings == []


def test_what_the_subclass_sets_counts(observed: Observed) -> None:
    under_test = skipping(
        WandbCallback, monitor="val_acc", log_weights=True, save_model=False, input_type="image", validation_data=(X, Y)
    )
    history = fit(classifier(metrics=["acc"]), under_test, data=(X, Y), epochs=2)
    assert under_test.best == max(history["val_acc"]) == observed.summary["best_val_acc"]
    assert all({"parameters/d.weights", "examples"} <= set(row) for row in observed.rows)
    assert observed.warnings == []


@pytest.mark.parametrize("name", small_callbacks.__all__)
def test_small_callbacks_log_what_they_can(observed: Observed, name: str) -> None:
    data = {"validation_data": (X, Y)} if name in ("WandbExamplesLogger", "WandbPredictionsLogger") else {}
    under_test = skipping(getattr(package, name), **data)
    fit(classifier(), under_test, WandbMetricsLogger(keys="legacy"), data=(X, Y))
    found = {key for row in observed.rows for key in row} | set(observed.summary.keys())
    assert {
        "WandbFlopsLogger": "GFLOPs",
        "WandbGraphLogger": "graph",
        "WandbWeightsLogger": "parameters/d.weights",
        "WandbExamplesLogger": "examples",
        "WandbPredictionsLogger": "validation_predictions",
        "WandbBestSummary": "best_val_loss",
    }.get(name, "val_loss") in found
    # There is nothing to take gradients of.
    assert len(observed.warnings) == (name == "WandbGradientsLogger")
    assert len([made for made in observed.artifacts if made.type == "model"]) == (name == "WandbBestModel")


@pytest.mark.parametrize("hook", ["set_params", "set_model", "on_train_begin"])
def test_a_constructor_called_when_training_begins(observed: Observed, hook: str) -> None:
    def late(self: Any, *arguments: Any) -> None:
        if not self.made:
            WandbCallback.__init__(self, input_type="auto", log_weights=True, save_model=False, validation_data=(X, Y))
            self.made = True
        getattr(WandbCallback, hook)(self, *arguments)

    under_test = type("Late", (WandbCallback,), {"__init__": Callback.__init__, "made": False, hook: late})()
    model = classifier()
    fit(model, under_test, data=(X, Y), epochs=2)
    assert under_test.model is model and under_test.params["epochs"] == 2
    assert all({"parameters/d.weights", "examples", "val_loss"} <= set(row) for row in observed.rows)
    assert len(observed.rows) == 2 and observed.warnings == []


def test_attributes_that_nobody_has_are_still_missing(observed: Observed) -> None:
    for made in (WandbCallback(), skipping(WandbCallback)):
        with pytest.raises(AttributeError, match="'no_such_thing'"):
            _ = made.no_such_thing
        assert not hasattr(made, "__no_such_thing__")


GRANDPARENTS: list[Callable[..., None]] = [
    InstalledModelCheckpoint.__init__, keras.callbacks.ModelCheckpoint.__init__
]  # fmt: skip


@pytest.mark.parametrize("init", GRANDPARENTS, ids=["wandb", "keras"])
@pytest.mark.parametrize(
    ("path", "weights_only"), [("ck-{epoch}.keras", False), ("ck-{epoch}.weights.h5", True)], ids=["model", "weights"]
)
def test_checkpoints_are_saved_and_logged(
    observed: Observed, init: Callable[..., None], path: str, weights_only: bool
) -> None:
    made = type("Mine", (WandbModelCheckpoint,), {"__init__": init})(
        path, save_weights_only=weights_only, monitor="loss", save_best_only=True
    )
    fit(classifier(), made, data=(X, Y), epochs=2)
    assert sorted(os.listdir()) == [path.format(epoch=1), path.format(epoch=2)]
    assert [found.aliases for found in observed.artifacts] == [["latest", "epoch_0"], ["latest", "epoch_1"]]
    assert [list(found.files) for found in observed.artifacts] == [[name] for name in sorted(os.listdir())]


@pytest.mark.parametrize("attributes", [{}, {"logging_batch_wise": True, "log_freq": 1}], ids=["epochs", "batches"])
def test_metrics_are_logged(observed: Observed, monkeypatch: pytest.MonkeyPatch, attributes: dict[str, Any]) -> None:
    declared: list[Any] = []
    monkeypatch.setattr("wandb.define_metric", lambda name, step_metric=None: declared.append((name, step_metric)))
    fit(classifier(), WandbMetricsLogger(log_freq=attributes.get("log_freq", "epoch")), data=(X, Y))
    expected, axes = list(observed.rows), list(declared)
    observed.clear()
    declared.clear()
    fit(classifier(), skipping(WandbMetricsLogger, **attributes), data=(X, Y))
    assert observed.rows == expected and len(expected) == (3 if attributes else 1)
    assert declared == axes != []


def test_tables_are_logged(observed: Observed) -> None:
    class Tables(WandbEvalCallback):
        def __init__(self) -> None:
            Callback.__init__(self)
            self.data_table_columns, self.pred_table_columns = ["row"], ["epoch"]

        def add_ground_truth(self, logs: Any = None) -> None:
            self.data_table.add_data(1)

        def add_model_predictions(self, epoch: int, logs: Any = None) -> None:
            self.pred_table.add_data(epoch)

    fit(classifier(), Tables(), data=(X, Y), epochs=2)
    assert [found.type for found in observed.artifacts] == ["dataset", "evaluation", "evaluation"]
