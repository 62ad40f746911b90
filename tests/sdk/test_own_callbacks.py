"""The newer three where Keras computes without TensorFlow, in programs of the kinds that people publish.

``tests/newer_callbacks/test_own_bases.py`` holds them to wandb's own, which need TensorFlow. The programs here make the
callbacks inside the call of ``fit``, in a function that a sweep calls, and as a subclass with images.
"""

from __future__ import annotations

import copy
import os
import pickle
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import wandb

from wandb_keras_compat import WandbCallback, WandbEvalCallback, WandbMetricsLogger, WandbModelCheckpoint
from wandb_keras_compat.backends.families import framework_of, program_keras
from wandb_keras_compat.sdk import installed_callbacks
from wandb_keras_compat.testing import Recorder, trace_of

keras: Any = program_keras()
FRAMEWORK = framework_of(keras)
pytestmark = pytest.mark.skipif(FRAMEWORK == "tensorflow", reason="wandb's own classes are used with TensorFlow")

RNG = np.random.default_rng(0)
X, Y = RNG.random((24, 8, 8, 1)).astype("float32"), RNG.integers(0, 3, 24)


@pytest.fixture
def recorder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Recorder]:
    monkeypatch.chdir(tmp_path)
    with Recorder() as recorder:
        recorder.start_run(id="r", config={"lr": 0.01, "epochs": 2})
        yield recorder


def recorded(recorder: Recorder) -> dict[str, Any]:
    wandb.finish()
    (run,) = trace_of(recorder.snapshot(), "recorder")["runs"]
    return dict(run)


def classifier(rate: Any = 0.01) -> Any:
    layers = keras.layers
    model = keras.Sequential([
        keras.Input((8, 8, 1)), layers.Conv2D(2, 3, activation="relu"), layers.MaxPooling2D(), layers.Flatten(),
        layers.Dense(3, activation="softmax"),
    ])  # fmt: skip
    model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


class Predictions(WandbEvalCallback):  # type: ignore[misc]
    """As in the documentation, with the framework's own array functions left out."""

    def __init__(self, data: Any, columns: list[str]) -> None:
        super().__init__(columns, ["epoch", *columns, "prediction"])
        self.x, self.y = data

    def add_ground_truth(self, logs: Any = None) -> None:
        for index, (image, label) in enumerate(zip(self.x, self.y)):
            self.data_table.add_data(index, wandb.Image(image), int(label))

    def add_model_predictions(self, epoch: int, logs: Any = None) -> None:
        classes = np.argmax(self.model.predict(self.x, verbose=0), axis=-1)
        table = self.data_table_ref
        for index in table.get_index():
            self.pred_table.add_data(epoch, *table.data[index], int(classes[index]))


def test_all_three_inside_the_call_of_fit(recorder: Recorder) -> None:
    history = classifier().fit(
        X, Y, epochs=wandb.config.epochs, batch_size=6, validation_split=0.25, verbose=0,
        callbacks=[
            WandbMetricsLogger(log_freq=2),
            WandbModelCheckpoint("models/m-{epoch:02d}.keras", monitor="val_loss", save_best_only=False),
            Predictions((X[:4], Y[:4]), ["index", "image", "label"]),
        ],
    )  # fmt: skip
    run = recorded(recorder)
    epochs = [row for row in run["history"] if "epoch/epoch" in row]
    assert [row["epoch/val_accuracy"] for row in epochs] == pytest.approx(history.history["val_accuracy"])
    assert [row["epoch/learning_rate"] for row in epochs] == pytest.approx([0.01, 0.01])
    assert [row["batch/batch_step"] for row in run["history"] if "batch/batch_step" in row] == [0, 2, 4, 6]
    assert sorted(os.listdir("models")) == ["m-01.keras", "m-02.keras"]
    kinds = [one["type"] for side in ("logged", "used") for one in run["artifacts"][side]]
    assert kinds.count("model") == kinds.count("evaluation") == 2 and "dataset" in kinds
    loaded = keras.models.load_model("models/m-02.keras")
    assert loaded.predict(X, verbose=0).shape == (24, 3)
    assert {"keras_metrics_logger", "keras_model_checkpoint", "keras_wandb_eval_callback"} <= {
        name.removeprefix("feature.") for name in run["telemetry"]
    }


def callbacks_of(name: str) -> list[Any]:
    path = f"models/{name}/" + "{epoch:02d}-{val_accuracy:.4f}"
    checkpoint = WandbModelCheckpoint(path, save_best_only=True, monitor="val_accuracy", mode="max", save_freq="epoch")
    return [checkpoint, WandbMetricsLogger("batch"), keras.callbacks.EarlyStopping(patience=5)]


def test_a_function_that_makes_them_and_a_schedule(recorder: Recorder) -> None:
    model = classifier(keras.optimizers.schedules.ExponentialDecay(0.1, decay_steps=2, decay_rate=0.5))
    model.fit(X, Y, epochs=3, batch_size=12, validation_data=(X, Y), verbose=0, callbacks=callbacks_of("net"))
    run = recorded(recorder)
    rates = [row["batch/learning_rate"] for row in run["history"] if "batch/learning_rate" in row]
    assert rates == pytest.approx([0.1 * 0.5 ** (step / 2) for step in range(1, 7)], rel=1e-4)
    files = os.listdir("models/net")
    assert files and all(name.endswith(".keras") for name in files)
    assert len([one for one in run["artifacts"]["logged"] if one["type"] == "model"]) == len(files)


def test_the_legacy_callback_logs_the_same_rows(recorder: Recorder) -> None:
    model = classifier()
    model.fit(
        X, Y, epochs=2, batch_size=6, validation_data=(X, Y), verbose=0,
        callbacks=[WandbCallback(keys="both", save_model=True, log_evaluation=True, input_type="image", validation_data=(X, Y))],
    )  # fmt: skip
    run = recorded(recorder)
    rows = [row for row in run["history"] if "epoch/epoch" in row]
    assert [row["epoch/loss"] for row in rows] == [row["loss"] for row in rows]
    assert any("validation_predictions" in row for row in run["history"])
    assert any(name.startswith("model-") for name in {one["name"] for one in run["artifacts"]["logged"]})


@pytest.mark.parametrize("make", [WandbMetricsLogger, lambda: WandbModelCheckpoint("m.keras")])
def test_copies_and_pickles(recorder: Recorder, make: Any) -> None:
    for twin in (copy.deepcopy(make()), pickle.loads(pickle.dumps(make()))):
        classifier().fit(X, Y, epochs=1, verbose=0, validation_data=(X, Y), callbacks=[twin])


def test_tensorflow_is_neither_imported_nor_stood_in_for() -> None:
    assert not installed_callbacks.are_wandbs()
    loaded = sys.modules.get("tensorflow")
    assert loaded is None or hasattr(loaded, "__version__")
    assert "wandb.integration.keras.callbacks" not in sys.modules
