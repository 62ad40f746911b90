"""WandbModelCheckpoint saves what was asked for, or the nearest thing, and logs exactly what it saved."""

from __future__ import annotations

import copy
import inspect
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
import wandb

from wandb_keras_compat.backends.checkpoints.model_checkpoint import WRITES_TENSORFLOW_FORMATS
from wandb_keras_compat.newer_callbacks import WandbModelCheckpoint
from wandb_keras_compat.sdk.installed_callbacks import installed_callbacks

from .conftest import LoggedArtifact, Recorder, X, Y, fit, small_model

InstalledModelCheckpoint = installed_callbacks().WandbModelCheckpoint

SAVE_OPTIONS = tf.saved_model.SaveOptions(experimental_io_device="/job:localhost")
WEIGHT_OPTIONS = tf.train.CheckpointOptions(experimental_io_device="/job:localhost")


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)


def loaded(artifact: LoggedArtifact, name: str) -> Any:
    """The model in an artifact: the whole folder for a SavedModel, else the file `name`."""
    is_saved_model = "saved_model.pb" in artifact.files
    return tf.keras.models.load_model(str(artifact.folder if is_saved_model else artifact.folder / name))


def same_predictions(one: Any, other: Any) -> bool:
    return bool(np.allclose(one.predict(X, verbose=0), other.predict(X, verbose=0), rtol=1e-6, atol=1e-7))


def test_is_the_installed_class(recorder: Recorder) -> None:
    assert isinstance(WandbModelCheckpoint("m.keras"), InstalledModelCheckpoint)


@pytest.mark.parametrize(
    ("path", "arguments", "on_keras_3"),
    [
        ("models", {}, "models.keras"),
        ("models/", {}, "models.keras"),
        ("m.h5", {}, "m.h5"),
        ("m.hdf5", {}, "m.hdf5"),
        ("m.keras", {}, "m.keras"),
        (Path("models"), {}, "models.keras"),
        (Path("m.keras"), {}, "m.keras"),
        (Path("deep") / "er" / "m.h5", {}, "deep/er/m.h5"),
        ("models", {"options": SAVE_OPTIONS}, "models.keras"),
        ("m.h5", {"options": SAVE_OPTIONS}, "m.h5"),
        ("models", {"save_format": "tf"}, "models.keras"),
        ("models", {"save_format": "h5"}, "models.h5"),
        ("m.h5", {"save_format": "tf"}, "m.h5"),
        ("m.keras", {"save_format": "keras"}, "m.keras"),
    ],
)
def test_a_model_comes_back_from_the_artifact(
    recorder: Recorder, shared_run: Any, path: Any, arguments: Any, on_keras_3: str
) -> None:
    model = small_model()
    checkpoint = WandbModelCheckpoint(path, **arguments)
    fit(model, checkpoint)
    [artifact] = recorder.artifacts
    assert (artifact.name, artifact.type) == (f"run_{shared_run.id}_model", "model")
    assert artifact.aliases == ["latest", "epoch_0"]

    written = os.fspath(path) if WRITES_TENSORFLOW_FORMATS else on_keras_3
    assert checkpoint.filepath == written
    assert same_predictions(tf.keras.models.load_model(written), model)
    assert same_predictions(loaded(artifact, os.path.basename(written)), model)
    renamed = recorder.warned(f'writes the model to "{written}"', f'"{os.fspath(path)}"', wandb.__version__)
    assert len(renamed) == (written != os.fspath(path))
    assert len(recorder.warned("ignores options=")) == ("options" in arguments and not WRITES_TENSORFLOW_FORMATS)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "options", "on_keras_3"),
    [
        ("w", None, "w.weights.h5"),
        ("w", WEIGHT_OPTIONS, "w.weights.h5"),
        (Path("deep") / "w", None, "deep/w.weights.h5"),
        ("cp.ckpt", None, "cp.ckpt.weights.h5"),
        ("w.h5", None, "w.h5"),
        ("w.weights.h5", None, "w.weights.h5"),
        (Path("w.weights.h5"), None, "w.weights.h5"),
    ],
)
def test_weights_come_back_from_the_artifact(recorder: Recorder, path: Any, options: Any, on_keras_3: str) -> None:
    model = small_model()
    fit(model, WandbModelCheckpoint(path, save_weights_only=True, options=options))
    [artifact] = recorder.artifacts
    written = os.fspath(path) if WRITES_TENSORFLOW_FORMATS else on_keras_3
    for source in (written, artifact.folder / os.path.basename(written)):
        other = small_model()
        assert not same_predictions(other, model)
        status = other.load_weights(str(source))
        if status is not None:
            status.expect_partial()
        assert same_predictions(other, model)


def test_a_tensorflow_checkpoint_is_whole_in_the_artifact(recorder: Recorder) -> None:
    if not WRITES_TENSORFLOW_FORMATS:
        pytest.skip("Keras 3 writes no TensorFlow checkpoints")
    fit(small_model(), WandbModelCheckpoint("deep/ck-{epoch}", save_weights_only=True), epochs=2)
    assert [artifact.files for artifact in recorder.artifacts] == [
        {"checkpoint", f"ck-{n}.index", f"ck-{n}.data-00000-of-00001"} for n in (1, 2)
    ]
    assert tf.train.latest_checkpoint(str(recorder.artifacts[1].folder)).endswith("ck-2")


def test_weights_in_hdf5_keep_keras_2s_layout_in_nested_models(recorder: Recorder) -> None:
    def build() -> Any:
        inner = tf.keras.Sequential([tf.keras.layers.Dense(3), tf.keras.layers.BatchNormalization()])
        inner.build((None, 4))
        model = tf.keras.Sequential([inner, tf.keras.layers.Dropout(0.5), tf.keras.layers.Dense(1)])
        model.build((None, 4))
        model.compile("sgd", "mse")
        return model

    model, other = build(), build()
    fit(model, WandbModelCheckpoint("w.h5", save_weights_only=True))
    other.load_weights("w.h5")
    assert same_predictions(other, model)


def test_the_new_name_is_said_once(recorder: Recorder) -> None:
    for _ in range(2):
        fit(small_model(), WandbModelCheckpoint("models"), epochs=2)
    assert len(recorder.warnings) == (0 if WRITES_TENSORFLOW_FORMATS else 1)
    assert len(recorder.artifacts) == 4


def test_placeholders_name_each_epoch(recorder: Recorder) -> None:
    model = small_model()
    fit(model, WandbModelCheckpoint("ck-{epoch:02d}-{val_loss:.3f}.keras"), epochs=2, validation_data=(X, Y))
    assert [artifact.aliases for artifact in recorder.artifacts] == [["latest", "epoch_0"], ["latest", "epoch_1"]]
    assert [min(a.files).split("-")[1] for a in recorder.artifacts] == ["01", "02"]
    assert same_predictions(loaded(recorder.artifacts[1], next(iter(recorder.artifacts[1].files))), model)


# When nothing is saved, nothing is logged.


class Reports(tf.keras.callbacks.Callback):  # type: ignore[misc]
    """Puts one value per epoch into the logs under the name `score`, so that a test can say what improves."""

    def __init__(self, *values: float) -> None:
        super().__init__()
        self.values = values

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        logs["score"] = self.values[epoch]


@pytest.mark.parametrize("path", ["best.keras", "best-{epoch}.keras", "best", "best-{epoch}-{score:.1f}", "best.h5"])
@pytest.mark.parametrize("weights_only", [False, True])
def test_only_epochs_that_improve_are_saved_and_logged(recorder: Recorder, path: str, weights_only: bool) -> None:
    checkpoint = WandbModelCheckpoint(
        path, monitor="score", mode="max", save_best_only=True, save_weights_only=weights_only
    )
    history = fit(small_model(), Reports(1, 3, 2, 4), checkpoint, epochs=4)
    assert len(history.epoch) == 4
    assert [artifact.aliases[1] for artifact in recorder.artifacts] == ["epoch_0", "epoch_1", "epoch_3"]
    assert checkpoint.best == 4


@pytest.mark.parametrize("path", ["best.keras", "best-{epoch}.keras", "best-{epoch}"])
def test_a_threshold_never_reached_saves_nothing(recorder: Recorder, path: str) -> None:
    checkpoint = WandbModelCheckpoint(path, monitor="loss", save_best_only=True, initial_value_threshold=-1.0)
    assert len(fit(small_model(), checkpoint, epochs=2).epoch) == 2
    assert recorder.artifacts == [] and os.listdir() == []


def test_a_threshold_is_also_taken_by_position(recorder: Recorder) -> None:
    checkpoint = WandbModelCheckpoint("m.keras", "loss", 0, True, False, "min", "epoch", -1.0)
    fit(small_model(), checkpoint)
    assert recorder.artifacts == []


@pytest.mark.parametrize("monitor", ["val_loss", "val_accuracy", "no_such_metric"])
@pytest.mark.parametrize("path", ["best.keras", "best-{epoch}", "best-{epoch}-{val_loss:.2f}.keras"])
def test_a_missing_monitor_saves_nothing_and_says_so_once(recorder: Recorder, monitor: str, path: str) -> None:
    checkpoint = WandbModelCheckpoint(path, monitor=monitor, save_best_only=True)
    assert len(fit(small_model(), checkpoint, epochs=2).epoch) == 2
    assert recorder.artifacts == [] and os.listdir() == []
    assert len(recorder.warned("saved nothing", f'"{monitor}"', "loss", wandb.__version__)) == 1


def test_a_missing_monitor_matters_only_for_the_best(recorder: Recorder) -> None:
    fit(small_model(), WandbModelCheckpoint("m.keras", monitor="no_such_metric"), epochs=2)
    assert len(recorder.artifacts) == 2 and recorder.warnings == []


def test_a_placeholder_without_a_value_saves_nothing_and_says_so_once(recorder: Recorder) -> None:
    checkpoint = WandbModelCheckpoint("ck-{val_loss:.2f}.keras")
    assert len(fit(small_model(), checkpoint, epochs=2).epoch) == 2
    assert recorder.artifacts == [] and os.listdir() == []
    assert len(recorder.warned("saved nothing", "{val_loss:.2f}", "epoch, batch, loss")) == 1


def test_a_monitor_without_a_direction_follows_the_old_rule_for_names(recorder: Recorder) -> None:
    checkpoint = WandbModelCheckpoint("m-{epoch}.keras", monitor="score", save_best_only=True)
    fit(small_model(), Reports(2, 3, 1), checkpoint, epochs=3)
    assert [artifact.aliases[1] for artifact in recorder.artifacts] == ["epoch_0", "epoch_2"]


# By batches.


def test_save_freq_counts_batches_across_epochs(recorder: Recorder) -> None:
    checkpoint = WandbModelCheckpoint("ck-{epoch}-{batch}.keras", save_freq=2)
    fit(small_model(), checkpoint, epochs=2)
    reference = Counts(save_freq=2)
    fit(small_model(), reference, epochs=2)
    assert [artifact.aliases[1] for artifact in recorder.artifacts] == reference.saves
    assert len(reference.saves) == 5


class Counts(tf.keras.callbacks.ModelCheckpoint):  # type: ignore[misc]
    """Keras' own callback, which notes when it would save instead of saving."""

    def __init__(self, save_freq: int) -> None:
        super().__init__("never.keras", save_freq=save_freq)
        self.saves: list[str] = []

    def _save_model(self, epoch: int, batch: int | None, logs: Any) -> None:
        self.saves.append(f"epoch_{epoch}_batch_{batch}")


def test_every_n_epochs_by_save_freq(recorder: Recorder) -> None:
    fit(small_model(), WandbModelCheckpoint("models-{epoch:02d}", save_freq=5 * 2), epochs=4)
    epochs = [artifact.aliases[1] for artifact in recorder.artifacts]
    assert epochs == ["epoch_1_batch_4", "epoch_3_batch_4"]


def test_the_best_by_batches(recorder: Recorder) -> None:
    checkpoint = WandbModelCheckpoint("m.keras", monitor="loss", save_best_only=True, save_freq=1)
    fit(small_model(), checkpoint, epochs=2)
    assert 1 <= len(recorder.artifacts) <= 10
    assert len({artifact.aliases[1] for artifact in recorder.artifacts}) == len(recorder.artifacts)


# Mistakes, and faults.


@pytest.mark.parametrize(("options", "weights_only"), [(WEIGHT_OPTIONS, False), (SAVE_OPTIONS, True), ("x", False)])
def test_options_of_the_wrong_kind_are_refused(recorder: Recorder, options: Any, weights_only: bool) -> None:
    with pytest.raises(TypeError, match=r"options= must be None or a tf\."):
        WandbModelCheckpoint("models", options=options, save_weights_only=weights_only)


def test_arguments_that_wandbs_class_has_too_have_its_defaults() -> None:
    ours, theirs = (
        inspect.signature(kind.__init__).parameters for kind in (WandbModelCheckpoint, InstalledModelCheckpoint)
    )
    shared = [name for name in ours if name in theirs]
    assert {"monitor", "save_freq", "mode", "save_best_only"} <= set(shared)
    assert [ours[name].default for name in shared] == [theirs[name].default for name in shared]


@pytest.mark.skipif(WRITES_TENSORFLOW_FORMATS, reason="Keras 2 keeps the state in HDF5")
def test_a_state_that_a_file_leaves_out_is_said_once(recorder: Recorder) -> None:
    fit(small_model(tf.keras.optimizers.Adam()), WandbModelCheckpoint("m.h5"), epochs=2)
    assert len(recorder.warned("without the state of the optimizer", '"m.h5"', wandb.__version__)) == 1


def test_an_unknown_save_format_is_refused(recorder: Recorder) -> None:
    with pytest.raises(ValueError, match="save_format must be one of h5, hdf5, keras, tensorflow, tf"):
        WandbModelCheckpoint("models", save_format="onnx")


def test_an_unknown_save_freq_is_refused(recorder: Recorder) -> None:
    with pytest.raises(ValueError, match="save_freq"):
        WandbModelCheckpoint("m.keras", save_freq="sometimes")


def test_an_artifact_that_cannot_be_logged_leaves_the_file_and_the_training(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(wandb, "log_artifact", refuse)
    model = small_model()
    assert len(fit(model, WandbModelCheckpoint("m.keras"), epochs=2).epoch) == 2
    assert same_predictions(tf.keras.models.load_model("m.keras"), model)
    assert len(recorder.warned("no space left on device", '"m.keras"', wandb.__version__)) == 1


def test_the_model_is_back_in_place_after_a_save_that_fails(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = small_model()

    def refuse(*_: Any, **__: Any) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(model, "save", refuse)
    checkpoint = WandbModelCheckpoint("m.keras")
    with pytest.raises(OSError, match="no space left"):
        fit(model, checkpoint)
    assert checkpoint.model is model
    assert recorder.artifacts == []


def test_a_copy_saves_as_the_original_would(recorder: Recorder) -> None:
    model = small_model()
    fit(model, copy.deepcopy(WandbModelCheckpoint("models")))
    assert len(recorder.artifacts) == 1


def test_a_second_fit_goes_on(recorder: Recorder) -> None:
    model, checkpoint = (
        small_model(),
        WandbModelCheckpoint("m-{epoch}", monitor="score", mode="max", save_best_only=True),
    )
    fit(model, Reports(2, 3), checkpoint, epochs=2)
    fit(model, Reports(1, 4), checkpoint, epochs=2)
    assert [artifact.aliases[1] for artifact in recorder.artifacts] == ["epoch_0", "epoch_1", "epoch_1"]
