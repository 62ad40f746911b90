"""On JAX and PyTorch too, training is bit-identical with every capability on, and every capability logs.

On TensorFlow this is tests/host/test_training_is_untouched.py.
"""

from __future__ import annotations

import random
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wandb_keras_compat import WandbCallback

from ..conftest import Observed
from .conftest import FRAMEWORK, array, beside_tensorflow, keras, next_random_numbers, on_torch

pytestmark = beside_tensorflow
layers = keras.layers
SAMPLES, CLASSES, BATCH = 48, 3, 8


def images() -> tuple[Any, Any]:
    rng = np.random.default_rng(0)
    x = rng.random((SAMPLES, 8, 8, 1)).astype("float32")
    return x, np.eye(CLASSES, dtype="float32")[rng.integers(0, CLASSES, SAMPLES)]


def convolutional() -> Any:
    return keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.Conv2D(4, 3, name="conv"),
            layers.BatchNormalization(name="bn"),
            layers.Dropout(0.3),
            layers.Flatten(),
            layers.Dense(CLASSES, activation="softmax", name="out"),
        ]
    )


def subclassed() -> Any:
    class Net(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.flat, self.drop = layers.Flatten(), layers.Dropout(0.5)
            self.norm, self.out = layers.BatchNormalization(), layers.Dense(CLASSES, activation="softmax")

        def call(self, inputs: Any, training: Any = None) -> Any:
            return self.out(self.norm(self.drop(self.flat(inputs), training=training), training=training))

    return Net()


def random_when_predicting() -> Any:
    """A dropout that is never off draws from its seed in each prediction of the callback, too."""
    inputs = keras.Input((8, 8, 1))
    x = layers.Dropout(0.3)(layers.Flatten()(inputs), training=True)
    return keras.Model(inputs, layers.Dense(CLASSES, activation="softmax")(x))


def stateful() -> Any:
    inputs = keras.Input(batch_shape=(BATCH, 8, 8, 1))
    x = layers.LSTM(4, stateful=FRAMEWORK != "torch")(layers.Reshape((8, 8))(inputs))
    return keras.Model(inputs, layers.Dense(CLASSES, activation="softmax")(layers.Dropout(0.2)(x)))


def every_capability(**data: Any) -> Any:
    return WandbCallback(
        **{
            "log_weights": True,
            "log_gradients": True,
            "training_data": images(),
            "labels": ["a", "b", "c"],
            "predictions": 5,
            "input_type": "image",
            "output_type": "label",
            "log_evaluation": True,
            "log_evaluation_frequency": 1,
            "log_batch_frequency": 1,
            "compute_flops": True,
            # Row processors are user code, run in the middle of training; they may draw numbers too.
            "prediction_row_processor": lambda index, row: {"noise": random.random() + np.random.random()},
            **data,
        }
    )


class Batches(keras.utils.Sequence):  # type: ignore[misc]
    """Another order in each epoch, from NumPy's global generator."""

    def __init__(self) -> None:
        super().__init__()
        self.order = np.arange(SAMPLES)

    def __len__(self) -> int:
        return SAMPLES // BATCH

    def __getitem__(self, index: int) -> Any:
        x, y = images()
        chosen = self.order[index * BATCH : (index + 1) * BATCH]
        return x[chosen], y[chosen]

    def on_epoch_end(self) -> None:
        np.random.shuffle(self.order)


def generator() -> Any:
    x, y = images()
    while True:
        chosen = np.random.choice(SAMPLES, BATCH)
        yield x[chosen], y[chosen]


def train(build: Callable[[], Any], callback: Callable[..., Any] | None, data: Callable[[], Any]) -> dict[str, Any]:
    keras.backend.clear_session()
    keras.utils.set_random_seed(7)  # of torch as well
    model = build()
    schedule = keras.optimizers.schedules.ExponentialDecay(0.01, 4, 0.9)
    model.compile(keras.optimizers.Adam(schedule), "categorical_crossentropy", metrics=["accuracy"])
    given = data()
    callbacks = given.pop("callbacks", [])
    callbacks += [] if callback is None else [callback(**given.pop("callback", {}))]
    given.pop("callback", None)
    history = model.fit(**given, epochs=2, callbacks=callbacks, verbose=0)
    return {
        "history": history.history,
        "weights": [array(variable).tolist() for variable in model.variables],
        "optimizer": [array(variable).tolist() for variable in model.optimizer.variables],
        **next_random_numbers(),
    }


def arrays() -> dict[str, Any]:
    x, y = images()
    return {"x": x, "y": y, "batch_size": BATCH, "validation_split": 1 / 3}


def sequences() -> dict[str, Any]:
    both = Batches()
    return {"x": both, "validation_data": both, "callback": {"training_data": both}}


def generators() -> dict[str, Any]:
    given = {"steps_per_epoch": 4, "validation_steps": 2}
    return {"x": generator(), "validation_data": generator(), "callback": {"training_data": images()}, **given}


def loaders() -> dict[str, Any]:
    """Both loaders and the callback's reading share a generator, and a sampler draws from the process-wide one."""
    import torch
    from torch.utils import data

    whole = data.TensorDataset(*map(torch.from_numpy, images()))
    shared = torch.Generator().manual_seed(3)
    training = data.DataLoader(whole, BATCH, shuffle=True, generator=shared)
    return {
        "x": training,
        "validation_data": data.DataLoader(whole, BATCH, shuffle=True),
        "callback": {"training_data": training},
    }


def tensors() -> dict[str, Any]:
    import torch

    x, y = map(torch.from_numpy, images())
    return {"x": x, "y": y, "batch_size": BATCH, "validation_data": (x, y), "callback": {"training_data": (x, y)}}


PLAYS = [
    (convolutional, arrays),
    (subclassed, arrays),
    (random_when_predicting, arrays),
    (stateful, arrays),
    (convolutional, sequences),
    (convolutional, generators),
    pytest.param(convolutional, loaders, marks=on_torch),
    pytest.param(convolutional, tensors, marks=on_torch),
]


@pytest.mark.parametrize(("build", "data"), PLAYS)
def test_training_is_bit_identical_and_everything_is_logged(observed: Observed, build: Any, data: Any) -> None:
    alone = train(build, None, data)
    assert alone == train(build, None, data), "the training itself must repeat exactly, or the test says nothing"
    watched = train(build, every_capability, data)
    for part, value in alone.items():
        assert watched[part] == value, part
    logged = {key for row in observed.rows for key in row}
    wanted = {"examples", "validation_predictions", "loss", "val_loss", "epoch"}
    if build is convolutional:
        wanted |= {"parameters/conv.weights", "gradients/conv/kernel.gradient", "gradients/bn/gamma.gradient"}
    assert wanted <= logged, observed.warnings
    in_summary = {"graph", "best_val_loss", "best_epoch"} | (
        {"GFLOPs"} if build not in (subclassed, stateful) else set()
    )
    assert in_summary <= set(dict(observed.summary))
    assert [warning for warning in observed.warnings if not _is_expected(warning)] == []


def _is_expected(warning: str) -> bool:
    return any(
        text in warning for text in ("state of the optimizer", "SavedModel", "no symbolic inputs", "is recurrent")
    )


class OnlyWhileTraining(layers.Layer):  # type: ignore[misc]
    """Cannot be used without training once the training has begun; Keras builds the model before."""

    begun = False

    def call(self, inputs: Any, training: Any = None) -> Any:
        if self.begun and not training:
            raise ValueError("there is nothing to predict with")
        return inputs


def only_while_training() -> Any:
    inputs = keras.Input((8, 8, 1))
    x = layers.Dropout(0.3)(OnlyWhileTraining()(layers.Flatten()(inputs)))
    return keras.Model(inputs, layers.Dense(CLASSES, activation="softmax", name="out")(x))


class Begins(keras.callbacks.Callback):  # type: ignore[misc]
    def on_train_begin(self, logs: Any = None) -> None:
        self.model.layers[2].begun = True


def not_validated() -> dict[str, Any]:
    x, y = images()
    return {
        "x": x,
        "y": y,
        "batch_size": BATCH,
        "callbacks": [Begins()],
        "callback": {"monitor": "loss", "validation_data": (x, y)},
    }


def test_a_prediction_that_fails_costs_the_training_nothing(observed: Observed) -> None:
    """Keras on JAX takes the values out of the variables while it predicts, and leaves them empty if that fails."""
    alone = train(only_while_training, None, not_validated)
    watched = train(only_while_training, every_capability, not_validated)
    for part, value in alone.items():
        assert watched[part] == value, part
    lost = [warning for warning in observed.warnings if "there is nothing to predict with" in warning]
    assert len(lost) == 2, "of the examples and of the table, each once"
    assert len(observed.column("loss")) > 2 and any(
        "gradients/out/kernel" in key for row in observed.rows for key in row
    )


@pytest.mark.skipif(FRAMEWORK != "jax", reason="only Keras on JAX spreads one model over processes")
def test_what_a_training_in_several_processes_cannot_have_is_said_once(
    observed: Observed, monkeypatch: pytest.MonkeyPatch
) -> None:
    import jax

    monkeypatch.setattr(jax, "process_count", lambda: 2)
    train(convolutional, every_capability, arrays)
    assert len([warning for warning in observed.warnings if "spreads the values of one model" in warning]) == 1
    assert len(observed.column("val_loss")) == 2
    assert not any(key.startswith(("gradients/", "examples")) for row in observed.rows for key in row)


def test_the_saved_files_are_those_of_the_model(observed: Observed) -> None:
    """As on Keras 3 with TensorFlow; without the SavedModel where the program does not use TensorFlow, and is told so."""
    x, y = images()

    def trained(**options: Any) -> Any:
        model = convolutional()
        model.compile("adam", "categorical_crossentropy")
        model.fit(x, y, validation_data=(x, y), callbacks=[WandbCallback(**options)], verbose=0)
        return model

    best = Path(observed.run.dir, "model-best.h5")
    model = trained()
    np.testing.assert_array_equal(keras.models.load_model(best).predict(x, verbose=0), model.predict(x, verbose=0))
    (artifact,) = observed.artifacts
    with_saved_model = FRAMEWORK == "jax" and "tensorflow" in sys.modules  # which Keras loads where it is installed
    assert artifact.type == "model"
    assert {"model.keras", "saved_model.pb"} & set(artifact.files) == (
        {"model.keras", "saved_model.pb"} if with_saved_model else {"model.keras"}
    )
    whole = keras.models.load_model(_renamed(artifact.files["model.keras"], best.parent / "whole.keras"))
    assert zipfile.is_zipfile(artifact.files["model.keras"])
    np.testing.assert_array_equal(whole.predict(x, verbose=0), model.predict(x, verbose=0))
    assert len([warning for warning in observed.warnings if "SavedModel" in warning]) == (not with_saved_model)
    observed.clear()  # else the first training was the best of the run
    model = trained(save_weights_only=True)
    twin = convolutional()
    twin.load_weights(best)  # the layout of Keras 2
    np.testing.assert_array_equal(twin.predict(x, verbose=0), model.predict(x, verbose=0))


def _renamed(path: str, name: Path) -> Path:
    name.write_bytes(Path(path).read_bytes())  # Keras tells formats by the ending
    return name
