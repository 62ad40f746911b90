"""Each small callback logs what its capability logs in the legacy class, and nothing else."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable
from typing import Any

import pytest
import wandb

import wandb_keras_compat
from wandb_keras_compat import (
    WandbBestModel,
    WandbBestSummary,
    WandbCallback,
    WandbExamplesLogger,
    WandbFlopsLogger,
    WandbGradientsLogger,
    WandbGraphLogger,
    WandbMetricsLogger,
    WandbPredictionsLogger,
    WandbWeightsLogger,
    small_callbacks,
)
from wandb_keras_compat.features import REGISTRY
from wandb_keras_compat.parity.composed import composed

from ..builders import KERAS_3, classifier, fit, generator_of, images, keras
from ..conftest import Observed

X, Y = images()

#: What each needs to be made, and the keys it adds to a run.
SMALL: dict[type[Any], tuple[Callable[[], Any], set[str]]] = {
    WandbFlopsLogger: (WandbFlopsLogger, {"GFLOPs"}),
    WandbGraphLogger: (WandbGraphLogger, {"graph"}),
    WandbWeightsLogger: (WandbWeightsLogger, {"parameters/d.weights", "parameters/d.bias"}),
    WandbGradientsLogger: (
        lambda: WandbGradientsLogger((X, Y)),
        {"gradients/d/kernel.gradient", "gradients/d/bias.gradient"},
    ),
    WandbExamplesLogger: (lambda: WandbExamplesLogger("image"), {"examples"}),
    WandbPredictionsLogger: (WandbPredictionsLogger, {"validation_predictions"}),
    WandbBestSummary: (WandbBestSummary, {"best_val_loss", "best_epoch"}),
    WandbBestModel: (WandbBestModel, set()),
}


#: What a second fit of the same callback adds nothing to: the graph is drawn once, and the second fit of the same
#: model from the same weights is no better than the first.
ONCE = (WandbGraphLogger, WandbBestSummary, WandbBestModel)


def test_every_capability_of_the_legacy_class_has_one() -> None:
    covered = {name for kind in SMALL for name in kind.capabilities}
    assert covered == {entry.name for entry in REGISTRY} - {"metrics"}
    assert {kind.__name__ for kind in SMALL} == set(small_callbacks.__all__) <= set(wandb_keras_compat.__all__)


@pytest.mark.parametrize("kind", SMALL, ids=lambda kind: kind.__name__)
def test_adds_its_keys_and_no_others(observed: Observed, kind: type[Any]) -> None:
    make, keys = SMALL[kind]
    fit(classifier(), make(), WandbMetricsLogger(keys="legacy"), data=(X, Y))
    # An offline run's summary gets its last row only when the run ends.
    logged = {key for row in observed.rows for key in row} | set(observed.summary.keys())
    assert {key for key in logged if not key.startswith("_")} - {"loss", "val_loss", "epoch"} == keys
    assert observed.warnings == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", SMALL, ids=lambda kind: kind.__name__)
def test_a_copy_a_second_fit_and_a_new_run_log_the_same_again(
    start_run: Callable[..., Observed], kind: type[Any]
) -> None:
    make, keys = SMALL[kind]
    start_run()
    original = make()
    twin = copy.deepcopy(original)
    later = start_run()
    later.fits = 0
    for under_test in (original, twin, original):
        later.clear()
        fit(classifier(), under_test, WandbMetricsLogger(keys="legacy"), data=(X, Y))
        logged = {key for row in later.rows for key in row} | set(later.summary.keys())
        if under_test is twin or later.fits == 0 or kind not in ONCE:
            assert keys <= logged
        later.fits += 1
    assert later.warnings == []


@pytest.mark.parametrize("kind", SMALL, ids=lambda kind: kind.__name__)
def test_without_a_run_the_error_names_the_callback(kind: type[Any]) -> None:
    wandb.finish()
    with pytest.raises(wandb.Error, match=rf"wandb\.init\(\) before {kind.__name__}\(\)"):
        SMALL[kind][0]()


def test_a_warning_names_the_callback_that_gives_it(observed: Observed) -> None:
    def fails(index: Any, row: Any) -> Any:
        raise KeyError("no such column")

    fit(classifier(), WandbPredictionsLogger(validation_row_processor=fails), data=(X, Y))
    assert len(observed.warnings) == 1
    assert "WandbPredictionsLogger" in observed.warnings[0]
    assert "WandbCallback" not in observed.warnings[0]


@pytest.mark.parametrize(
    ("make", "error", "text"),
    [
        (lambda: WandbGradientsLogger(None), ValueError, "training_data"),
        (lambda: WandbGradientsLogger((X,)), ValueError, "length two"),
        (lambda: WandbBestSummary(monitor=3), TypeError, r"WandbBestSummary\(monitor=3\)"),
        (lambda: WandbBestModel(monitor=None), TypeError, r"WandbBestModel\(monitor=None\)"),
        (lambda: WandbExamplesLogger(predictions="all"), TypeError, r"WandbExamplesLogger\(predictions='all'\)"),
        (lambda: WandbExamplesLogger("segmentation_mask", class_colors=[1]), ValueError, "WandbExamplesLogger"),
        (lambda: WandbPredictionsLogger(frequency="often"), TypeError, "WandbPredictionsLogger"),
    ],
)
def test_a_mistake_is_refused_at_construction(
    observed: Observed, make: Callable[[], Any], error: type[Exception], text: str
) -> None:
    with pytest.raises(error, match=text):
        make()


def test_validation_data_of_fit_reaches_both_that_need_it(observed: Observed) -> None:
    fit(
        classifier(),
        WandbExamplesLogger("image"),
        WandbPredictionsLogger(),
        WandbMetricsLogger(keys="legacy"),
        validation_data=generator_of(X, Y, 2, forever=True),
        validation_steps=3,
        data=(X, Y),
    )
    assert [len(drawn) for drawn in observed.column("examples")] == [6]
    assert len(observed.column("validation_predictions")) == 1


def test_a_resumed_run_goes_on_from_its_best(observed: Observed) -> None:
    observed.run.summary["best_val_loss"] = -1.0
    fit(classifier(), WandbBestSummary(), WandbBestModel(), data=(X, Y))
    assert observed.summary["best_val_loss"] == -1.0
    assert observed.artifacts == []


@pytest.mark.skipif(KERAS_3, reason="only Keras 2 leaves batch hooks out where nobody asks for them")
def test_the_graph_asks_keras_2_for_no_batch_hooks(observed: Observed) -> None:
    assert not WandbGraphLogger()._implements_train_batch_hooks()


def test_the_composed_list_takes_every_argument(observed: Observed) -> None:
    """``composed`` is what the equality of traces is shown with: it must not leave an argument out."""
    source = inspect.getsource(inspect.getmodule(composed))  # type: ignore[arg-type]
    arguments = list(inspect.signature(wandb_keras_compat.WandbCallback.__init__).parameters)[1:]
    assert [name for name in arguments if name not in source] == ["kwargs"]


#: What a subclass may override that Keras calls with each batch; the first two by way of the next two.
BATCH_HOOKS = [
    *("on_batch_begin", "on_batch_end", "on_train_batch_begin", "on_train_batch_end"),
    *("on_test_batch_begin", "on_test_batch_end", "on_predict_batch_begin", "on_predict_batch_end"),
]


@pytest.mark.parametrize("hook", BATCH_HOOKS)
@pytest.mark.parametrize("way", ["subclass", "attribute"])
def test_batch_hooks_of_the_users_own_are_called(observed: Observed, hook: str, way: str) -> None:
    """Keras 2 calls batch hooks only where some callback says that it has any."""
    model = classifier()
    for kind, make in {WandbCallback: WandbCallback, **{kind: make for kind, (make, _) in SMALL.items()}}.items():
        told: list[int] = []
        callback = make()
        if way == "subclass":
            own = {hook: lambda self, batch, logs=None, told=told: told.append(batch)}
            callback.__class__ = type("Subclass", (kind,), own)
        else:
            setattr(callback, hook, lambda batch, logs=None, told=told: told.append(batch))
        listed = keras.callbacks.CallbackList([callback], model=model)
        phase = hook.split("_")[1].replace("batch", "train")
        for moment in ("begin", "end"):
            getattr(listed, f"on_{phase}_batch_{moment}")(3, {})
        # The legacy class calls no on_batch_end where it is told of the end of a batch.
        assert told == ([] if (kind, hook) == (WandbCallback, "on_batch_end") else [3]), kind
