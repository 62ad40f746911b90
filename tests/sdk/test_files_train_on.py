"""What is saved loads, predicts as the model did, and trains on as it would: any loss, metric and optimizer.

Trainings are eager: most of these models take one step, and tracing it would be most of the time.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from wandb_keras_compat import WandbCallback, WandbModelCheckpoint
from wandb_keras_compat.backends import backend_for
from wandb_keras_compat.backends.checkpoints.model_checkpoint import WRITES_TENSORFLOW_FORMATS

from ..builders import KERAS_3, dense, fit, keras, layers, numbers
from ..conftest import Observed

losses, metrics, optimizers = keras.losses, keras.metrics, keras.optimizers
RANDOM = np.random.default_rng(0)
X = RANDOM.random((8, 4)).astype("float32")
Y = RANDOM.random((8, 1)).astype("float32")
CLASSES = np.eye(3, dtype="float32")[np.arange(8) % 3]


@pytest.fixture(autouse=True, scope="module")
def _eager() -> Iterator[None]:
    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


def log_distance(y_true: Any, y_pred: Any) -> Any:
    """A loss of the user's own."""
    return tf.reduce_mean(tf.math.log1p(tf.abs(y_true - y_pred)), axis=-1)


class Weighed(losses.Loss):  # type: ignore[misc, name-defined]
    """A loss class of the user's own, with an argument."""

    def __init__(self, weight: float = 1.0, name: str = "weighed", **options: Any) -> None:
        super().__init__(name=name, **options)
        self.weight = weight

    def call(self, y_true: Any, y_pred: Any) -> Any:
        return self.weight * tf.reduce_mean(tf.square(y_true - y_pred), axis=-1)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "weight": self.weight}


OWN = {"log_distance": log_distance, "Weighed": Weighed}

Make = Callable[[], Any]


def _named(*names: str) -> dict[str, Make]:
    return {name: lambda name=name: name for name in names}  # type: ignore[misc]


#: Names in every spelling; objects, with and without arguments; functions of the module, and the user's own.
LOSSES: dict[str, Make] = {
    **_named("mse", "mean_squared_error", "MeanSquaredError", "bce", "cosine_similarity", "log_cosh", "kld", "huber"),
    "an object": lambda: losses.MeanSquaredError(),
    "with arguments": lambda: losses.BinaryCrossentropy(label_smoothing=0.25),
    "Huber's delta": lambda: losses.Huber(0.05),
    "an axis": lambda: losses.CosineSimilarity(axis=0),
    "a function": lambda: losses.get("mse"),
    "a list": lambda: ["mae"],
    "a list of objects": lambda: [losses.Huber(0.05)],
    "one's own function": lambda: log_distance,
    "one's own class": lambda: Weighed(3.0),
    **_named("MSE", "mae", "mape", "msle", "binary_crossentropy", "poisson", "hinge", "kl_divergence", "Huber"),
}
METRICS: dict[str, Make] = {
    "mae": lambda: ["mae"],
    "mse, accuracy": lambda: ["mse", "accuracy"],
    "a class' name": lambda: ["AUC"],
    "acc": lambda: ["acc"],
    "objects": lambda: [metrics.MeanAbsoluteError(name="m"), metrics.AUC(name="a", num_thresholds=7)],
    "with arguments": lambda: [metrics.Precision(thresholds=[0.3, 0.5], name="p")],
    "a long name": lambda: ["cosine_similarity"],
    "a function": lambda: [losses.get("mae")],
    "one's own": lambda: [log_distance],
    "none": lambda: None,
}


def _known(optimizer: str) -> bool:
    try:
        optimizers.get(optimizer)
    except ValueError:
        return False
    return True


OPTIMIZERS: dict[str, Make] = {
    **_named("sgd", "adam", "rmsprop", "adagrad", "adamax", "nadam", "ftrl", "adadelta"),
    **_named(*filter(_known, ("adamw", "lion", "adafactor", "muon"))),
    "momentum": lambda: optimizers.SGD(0.1, momentum=0.9),
    "a schedule": lambda: optimizers.Adam(optimizers.schedules.ExponentialDecay(0.1, 10, 0.5)),
    "clipped": lambda: optimizers.RMSprop(0.01, clipnorm=1.0),
    "loss scale": lambda: (optimizers.LossScaleOptimizer if KERAS_3 else keras.mixed_precision.LossScaleOptimizer)(
        optimizers.Adam(0.01)
    ),
}
if KERAS_3:
    OPTIMIZERS["averages"] = lambda: optimizers.Adam(0.01, use_ema=True)
    OPTIMIZERS["accumulates"] = lambda: optimizers.Adam(0.01, gradient_accumulation_steps=2)

#: Optimizers whose state Keras 2 itself does not wholly write to HDF5.
HALF_KEPT = () if KERAS_3 else ("nadam", "loss scale")


def network(optimizer: str, loss: str, measured: str) -> Any:
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [layers.Input((4,)), layers.Dense(3, "relu"), layers.Dense(1, "sigmoid", name="out")], name="net"
    )
    model.compile(OPTIMIZERS[optimizer](), LOSSES[loss](), metrics=METRICS[measured]())
    return model


def step(model: Any, data: Any = (X, Y)) -> dict[str, Any]:
    model.reset_metrics()
    logs: dict[str, Any] = model.train_on_batch(*data, return_dict=True)  # what fit does, without its preparations
    return logs


def saved(model: Any, folder: Path, form: str) -> Any:
    """*model*, written by the package in the *form* and loaded by Keras."""
    backend, file = backend_for(model), folder / {"hdf5": "m.h5", "keras": "model.keras"}[form]
    backend.save_model_h5(model, str(file)) if form == "hdf5" else backend.save_loadable(model, str(folder))
    return keras.models.load_model(str(file), custom_objects=OWN)


def goes_on(build: Callable[[], Any], folder: Path, form: str, keeps: bool | None, data: Any = (X, Y)) -> None:
    """Shows for a model made by *build* that what is saved of it does what it does.

    *keeps*: whether the file holds the optimizer's state; None: a part of it.
    """
    model = build()
    step(model, data)
    before = {name: json.dumps(kept) for name, kept in getattr(model, "get_compile_config", dict)().items()}
    had = set(vars(model))
    again = saved(model, folder, form)
    assert before == {name: json.dumps(kept) for name, kept in getattr(model, "get_compile_config", dict)().items()}
    assert set(vars(model)) == had
    assert type(again.optimizer) is type(model.optimizer)
    for one, other in zip(tf.nest.flatten(again(data[0])), tf.nest.flatten(model(data[0]))):
        np.testing.assert_allclose(one, other, rtol=1e-6)
    if keeps is None:
        assert set(step(again, data)) == set(step(model, data))
        return
    if not keeps:  # then as one that was compiled in the same way, and has the same weights
        trained, model = model, build()
        model.set_weights(trained.get_weights())
    ours, its = step(again, data), step(model, data)
    assert set(ours) == set(its)
    assert all(np.allclose(ours[name], its[name], rtol=1e-4, atol=1e-6) for name in ours), (ours, its)
    for one, other in zip(again.get_weights(), model.get_weights()):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=2e-6)


FORMS = ("hdf5", "keras") if KERAS_3 else ("hdf5",)
TURNS = max(len(METRICS), len(OPTIMIZERS))
IN_TURN = [
    (list(OPTIMIZERS)[turn % len(OPTIMIZERS)], list(LOSSES)[turn % len(LOSSES)], list(METRICS)[turn % len(METRICS)])
    for turn in range(TURNS)
]


def every(optimizer: str, loss: str, measured: str, folder: Path, forms: tuple[str, ...] = FORMS) -> None:
    for form in forms:
        keeps = form == "keras" or not KERAS_3
        goes_on(lambda: network(optimizer, loss, measured), folder, form, None if optimizer in HALF_KEPT else keeps)


@pytest.mark.parametrize(
    ("optimizer", "loss", "measured"),
    [pytest.param(*case, marks=pytest.mark.whole if turn % 2 else ()) for turn, case in enumerate(IN_TURN)],
    ids=lambda name: name,
)
def test_training_goes_on_from_what_was_saved(optimizer: str, loss: str, measured: str, tmp_path: Path) -> None:
    # Of ``.keras`` files a third is enough: those are Keras' own, all but for what three losses forget.
    also = loss == "Huber's delta" or IN_TURN.index((optimizer, loss, measured)) % 3 == 0
    every(optimizer, loss, measured, tmp_path, FORMS if also else FORMS[:1])


@pytest.mark.whole
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("loss", LOSSES)
def test_training_goes_on_with_every_pair(optimizer: str, loss: str, tmp_path: Path) -> None:
    every(optimizer, loss, "mae", tmp_path)


# --- models of other kinds ---------------------------------------------------------------------------------------


def _two_outputs(loss: Any, measured: Any, **options: Any) -> Any:
    keras.utils.set_random_seed(0)
    inputs = keras.Input((4,))
    hidden = layers.Dense(3, "relu")(inputs)
    model = keras.Model(inputs, [layers.Dense(1, name="a")(hidden), layers.Dense(3, "softmax", name="b")(hidden)])
    model.compile("adam", loss, metrics=measured, **options)
    return model


class Adds(layers.Layer):  # type: ignore[misc, name-defined]
    def call(self, x: Any) -> Any:
        self.add_loss(tf.reduce_mean(tf.square(x)))
        return x


OWN["Adds"] = Adds


def _adds_its_loss() -> Any:
    keras.utils.set_random_seed(0)
    inputs = keras.Input((4,))
    outputs = Adds()(layers.Dense(1, kernel_regularizer="l2")(inputs))
    model = keras.Model(inputs, layers.BatchNormalization()(outputs))
    model.compile("adam")
    return model


def _classes(loss: Any, measured: Any) -> Any:
    keras.utils.set_random_seed(0)
    model = keras.Sequential([layers.Input((4,)), layers.Dense(6), layers.Reshape((3, 2))], name="net")
    model.compile("rmsprop", loss, weighted_metrics=measured)
    return model


def _mixed() -> Any:
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [layers.Input((4,)), layers.Dense(3, dtype="mixed_float16"), layers.Dense(1, dtype="float32")]
    )
    model.compile(OPTIMIZERS["loss scale"](), "mse", metrics=["mae"])
    return model


BOTH = (X, [Y, CLASSES])
KINDS: dict[str, tuple[Make, Any]] = {
    "a list": (lambda: _two_outputs(["mse", "categorical_crossentropy"], [["mae"], ["acc"]]), BOTH),
    "a dict": (
        lambda: _two_outputs(
            {"a": losses.Huber(0.05), "b": "CategoricalCrossentropy"},
            {"a": ["mae", metrics.MeanSquaredError(name="m")], "b": "acc"},
            loss_weights={"a": 1.0, "b": 0.5},
        ),
        BOTH,
    ),
    "add_loss": (_adds_its_loss, (X, Y)),
    "an axis": (
        lambda: _classes(losses.SparseCategoricalCrossentropy(from_logits=True), ["acc"]),
        (X, np.tile([[0], [1], [1]], (8, 1, 1))[..., 0]),
    ),
    "mixed precision": (_mixed, (X, Y)),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", FORMS)
def test_training_goes_on_with_models_of_other_kinds(kind: str, form: str, tmp_path: Path) -> None:
    build, data = KINDS[kind]
    keeps = form == "keras" or not KERAS_3
    goes_on(build, tmp_path, form, None if kind == "mixed precision" and HALF_KEPT else keeps, data)


@pytest.mark.parametrize("form", FORMS)
def test_a_model_that_was_not_compiled_is_saved_as_such(form: str, tmp_path: Path) -> None:
    model = keras.Sequential([layers.Input((4,)), layers.Dense(1)])
    again = saved(model, tmp_path, form)
    np.testing.assert_array_equal(again(X), model(X))
    assert getattr(again, "optimizer", None) is None


def test_a_save_of_the_users_own_writes_what_it_writes(tmp_path: Path) -> None:
    class Own(keras.Sequential):  # type: ignore[misc, name-defined]
        def save(self, filepath: Any, *_: Any, **__: Any) -> None:
            Path(filepath).write_text("mine")

    model = Own([layers.Input((4,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    backend_for(model).save_model_h5(model, str(tmp_path / "m.h5"))
    assert (tmp_path / "m.h5").read_text() == "mine"


# --- through the callbacks ---------------------------------------------------------------------------------------


@pytest.mark.slow
def test_what_the_callback_saved_is_trained_on(observed: Observed) -> None:
    """Both files, one written after the other: on Keras 3 the first once made the second forget its optimizer."""
    model, under_test = dense(optimizer="adam", loss="mse", metrics=["mae"]), WandbCallback(monitor="loss")
    fit(model, under_test, epochs=2)
    keeps = {under_test.filepath: not KERAS_3}
    if KERAS_3:
        keeps[shutil.copy(observed.artifacts[-1].files["model.keras"], "model.keras")] = True
    start, weights = model.optimizer.iterations.numpy(), model.get_weights()
    for path, kept in keeps.items():
        again = keras.models.load_model(path)
        assert type(again.optimizer) is type(model.optimizer)
        assert again.optimizer.iterations.numpy() == (start if kept else 0)
        assert set(fit(again)) == {"loss", "mae", "val_loss", "val_mae"}
        model.set_weights(weights)
    left_out = [text for text in observed.warnings if "without the state of the optimizer" in text]
    assert len(left_out) == (1 if KERAS_3 else 0) and len(observed.warnings) == len(left_out)
    assert all("model-best.h5" in text and "model.keras" in text and "Keras" in text for text in left_out)


@pytest.mark.parametrize("options", [{"optimizer": "sgd"}, {"optimizer": "adam", "weights": True}], ids=str)
def test_nothing_is_said_where_nothing_is_left_out(observed: Observed, options: dict[str, Any]) -> None:
    fit(dense(optimizer=options["optimizer"]), WandbCallback(save_weights_only=options.get("weights", False)))
    assert observed.warnings == []


@pytest.mark.parametrize(("path", "weights_only"), [("m.h5", False), ("m", False), ("w.h5", True), ("w", True)])
def test_what_the_checkpoint_wrote_is_trained_on(observed: Observed, path: str, weights_only: bool) -> None:
    model = dense(optimizer="adam", loss="mse", metrics=["mae"])
    checkpoint = WandbModelCheckpoint(path, save_weights_only=weights_only)
    fit(model, checkpoint)
    again = dense(optimizer="adam", metrics=["mae"])
    if weights_only:
        status = again.load_weights(checkpoint.filepath)
        if status is not None:
            status.expect_partial()
    else:
        again = keras.models.load_model(checkpoint.filepath)
    x, _ = numbers()
    np.testing.assert_allclose(again(x), model(x), rtol=1e-6)
    assert set(fit(again)) == {"loss", "mae", "val_loss", "val_mae"}
    left_out = [text for text in observed.warnings if "without the state of the optimizer" in text]
    assert len(left_out) == (path == "m.h5" and not WRITES_TENSORFLOW_FORMATS)
