"""``WandbModelCheckpoint(best_of_run=True)`` saves in the epochs in which the legacy callback would have."""

from __future__ import annotations

import math
import os
import pickle
from pathlib import Path
from typing import Any

import pytest
import wandb
from hypothesis import given, settings
from hypothesis import strategies as st

from wandb_keras_compat import WandbCallback, WandbModelCheckpoint

from .conftest import Recorder, fit, small_model

VALUES = st.sampled_from([0.5, 1.0, 1.5, 2.0, math.nan, None])
#: The monitored value of each epoch, in a list for each fit; and whether that fit makes a callback of its own.
FITS = st.lists(st.tuples(st.booleans(), st.lists(VALUES, min_size=1, max_size=4)), min_size=1, max_size=4)


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)


@pytest.fixture(scope="module")
def model() -> Any:
    return small_model()


def forget(run: Any, *keys: str) -> None:
    for key in keys:
        if key in run.summary.keys():
            del run.summary[key]


def played(make: Any, model: Any, fits: Any, value_of: str, run: Any) -> tuple[list[tuple[int, int]], dict[str, Any]]:
    """The epochs in which a callback found an improvement, as (fit, epoch), and the summary that it left."""
    forget(run, f"best_{value_of}", "best_epoch")
    improved: list[tuple[int, int]] = []
    callback: Any = None
    for index, (afresh, values) in enumerate(fits):
        if callback is None or afresh:
            callback = make()
        callback.set_params({"epochs": len(values), "steps": 1})
        callback.set_model(model)
        callback.on_train_begin()
        for epoch, value in enumerate(values):
            before = callback.best
            callback.on_epoch_begin(epoch)
            callback.on_epoch_end(epoch, {"loss": 1.0} | ({} if value is None else {value_of: value}))
            if callback.best != before and not math.isinf(callback.best):  # infinite: Keras 3 says None until then
                improved.append((index, epoch))
        callback.on_train_end()
    return improved, {key: run.summary.get(key) for key in (f"best_{value_of}", "best_epoch")}


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(fits=FITS, monitor=st.sampled_from(["val_loss", "val_accuracy"]))
def test_the_epochs_are_those_of_the_legacy_callback(fits: Any, monitor: str, shared_run: Any, model: Any) -> None:
    mode = "max" if "acc" in monitor else "min"
    legacy = played(
        lambda: WandbCallback(monitor=monitor, save_model=False, save_graph=False), model, fits, monitor, shared_run
    )

    def checkpoint() -> Any:
        return WandbModelCheckpoint("m.keras", monitor=monitor, mode=mode, save_best_only=True, best_of_run=True)

    assert played(checkpoint, model, fits, monitor, shared_run) == legacy


def test_a_worse_fit_leaves_the_file_and_the_artifact(recorder: Recorder, shared_run: Any) -> None:
    forget(shared_run, "best_loss", "best_epoch")
    model = small_model()
    for weight in (0.2, 9.0):
        model.set_weights([part * 0 + weight for part in model.get_weights()])
        checkpoint = WandbModelCheckpoint("m.keras", monitor="loss", mode="min", save_best_only=True, best_of_run=True)
        fit(model, checkpoint)
        if weight < 1:
            kept = Path("m.keras").read_bytes()
    assert Path("m.keras").read_bytes() == kept
    assert len(recorder.artifacts) == 1


def test_another_run_begins_anew(recorder: Recorder, shared_run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    forget(shared_run, "best_loss", "best_epoch")
    checkpoint = WandbModelCheckpoint("m.keras", monitor="loss", mode="min", save_best_only=True, best_of_run=True)
    fit(small_model(), checkpoint)
    first = checkpoint.best
    forget(shared_run, "best_loss", "best_epoch")
    monkeypatch.setattr(type(shared_run), "id", "another")
    worse = small_model()
    worse.set_weights([part * 0 + 9 for part in worse.get_weights()])
    fit(worse, checkpoint)
    assert checkpoint.best > first
    assert shared_run.summary["best_loss"] == pytest.approx(checkpoint.best)


def test_a_second_fit_in_the_run_keeps_what_the_callback_knows(
    shared_run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The summary is looked at once a run, and not at all where there is none any more."""
    forget(shared_run, "best_loss", "best_epoch")
    checkpoint = WandbModelCheckpoint("m.keras", monitor="loss", mode="min", save_best_only=True, best_of_run=True)
    checkpoint.on_train_begin()
    checkpoint.best = 0.25
    for run in (shared_run, None):
        monkeypatch.setattr(wandb, "run", run)
        checkpoint.on_train_begin()
        assert checkpoint.best == 0.25


def test_a_threshold_counts_until_the_run_has_a_best(recorder: Recorder, shared_run: Any) -> None:
    forget(shared_run, "best_loss", "best_epoch")
    fit(
        small_model(),
        WandbModelCheckpoint(
            "m.keras", monitor="loss", mode="min", save_best_only=True, best_of_run=True, initial_value_threshold=-1.0
        ),
    )
    assert not os.path.exists("m.keras")


def test_it_is_pickled_with_its_best(shared_run: Any) -> None:
    checkpoint = WandbModelCheckpoint("m.keras", monitor="loss", mode="min", save_best_only=True, best_of_run=True)
    checkpoint.best = 0.25
    copied = pickle.loads(pickle.dumps(checkpoint))
    assert (copied.best, copied.best_of_run) == (0.25, True)


def test_without_best_only_it_is_refused(shared_run: Any) -> None:
    with pytest.raises(ValueError, match="needs save_best_only=True"):
        WandbModelCheckpoint("m.keras", best_of_run=True)
    assert wandb.run is shared_run
