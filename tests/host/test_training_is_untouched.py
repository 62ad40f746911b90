"""With every capability on, training is bit-identical to a run without the callback.

The legacy class fails this: it draws examples with NumPy's global generator and resets recurrent states.
"""

from __future__ import annotations

import random

import numpy as np
import pytest
import tensorflow as tf
import wandb
from tensorflow.python.framework import config as determinism

from wandb_keras_compat import WandbCallback

keras = tf.keras
SAMPLES, CLASSES = 48, 3


def images() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    x = rng.random((SAMPLES, 8, 8, 1)).astype("float32")
    return x, np.eye(CLASSES, dtype="float32")[rng.integers(0, CLASSES, SAMPLES)]


def convolutional() -> keras.Model:
    inputs = keras.Input((8, 8, 1))
    x = keras.layers.Conv2D(4, 3, name="conv")(inputs)
    x = keras.layers.BatchNormalization(name="bn")(x)
    x = keras.layers.Dropout(0.3)(x)
    x = keras.layers.Flatten()(x)
    return keras.Model(inputs, keras.layers.Dense(CLASSES, activation="softmax", name="out")(x))


def sequential() -> keras.Model:
    return keras.Sequential(
        [
            keras.layers.Flatten(),
            keras.layers.Dense(8, activation="relu"),
            keras.layers.GaussianNoise(0.1),
            keras.layers.Dropout(0.5),
            keras.layers.BatchNormalization(),
            keras.layers.Dense(CLASSES, activation="softmax"),
        ]
    )


def subclassed() -> keras.Model:
    class Net(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.flat, self.drop = keras.layers.Flatten(), keras.layers.Dropout(0.5)
            self.norm, self.out = keras.layers.BatchNormalization(), keras.layers.Dense(CLASSES, activation="softmax")

        def call(self, inputs, training=None):
            return self.out(self.norm(self.drop(self.flat(inputs), training=training), training=training))

    return Net()


def stateful() -> keras.Model:
    inputs = keras.Input(batch_shape=(8, 8, 8, 1))
    x = keras.layers.Reshape((8, 8))(inputs)
    x = keras.layers.LSTM(4, stateful=True)(x)
    x = keras.layers.Dropout(0.2)(x)
    return keras.Model(inputs, keras.layers.Dense(CLASSES, activation="softmax")(x))


def only_at_the_end(x: np.ndarray, y: np.ndarray, batch: int) -> WandbCallback:
    """Predictions after the last epoch, when nothing of Keras puts things right again."""
    return WandbCallback(validation_data=(x, y), log_evaluation=True, save_model=False)


def every_capability(x: np.ndarray, y: np.ndarray, batch: int) -> WandbCallback:
    return WandbCallback(
        log_weights=True,
        log_gradients=True,
        training_data=(x, y),
        validation_data=(x[: 4 * batch], y[: 4 * batch]),
        labels=["a", "b", "c"],
        predictions=5,
        input_type="image",
        output_type="label",
        log_evaluation=True,
        log_evaluation_frequency=1,
        log_batch_frequency=1,
        compute_flops=True,
        # Row processors are user code, run in the middle of training; they may draw numbers too.
        prediction_row_processor=lambda index, row: {"noise": random.random() + np.random.random()},
    )


def random_states() -> dict[str, object]:
    """The generators a program's next random numbers come from."""
    state = {"python": random.getstate(), "numpy": np.random.get_state(legacy=False)["state"]["key"].tolist()}
    state["numpy position"] = np.random.get_state(legacy=False)["state"]["pos"]
    # Keras and TensorFlow by what they give out next: a layer's seed, and an eager op.
    layer = keras.layers.Dense(3, kernel_initializer="glorot_uniform")
    layer.build((None, 3))
    state["keras"] = layer.get_weights()[0].tolist()
    state["tensorflow"] = tf.random.uniform((4,)).numpy().tolist()
    state["tensorflow generator"] = tf.random.get_global_generator().uniform((4,)).numpy().tolist()
    return state


def train(build, callback, batch: int = 8):
    keras.backend.clear_session()
    keras.utils.set_random_seed(7)
    tf.random.set_global_generator(tf.random.Generator.from_seed(7))
    x, y = images()
    model = build()
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    callbacks = [] if callback is None else [callback(x, y, batch)]
    history = model.fit(x, y, batch_size=batch, epochs=3, validation_split=1 / 3, callbacks=callbacks, verbose=0)
    optimizer = model.optimizer.variables
    optimizer = optimizer() if callable(optimizer) else optimizer
    return {
        "history": history.history,
        "weights": [w.tolist() for w in model.get_weights()],
        "optimizer": [np.asarray(v).tolist() for v in optimizer],
        **random_states(),
    }


@pytest.fixture(autouse=True)
def deterministic(tmp_path, monkeypatch):
    monkeypatch.setenv("WANDB_MODE", "offline")
    tf.config.experimental.enable_op_determinism()
    wandb.finish()  # wandb.init hands out a run that another test left open
    with wandb.init(project="untouched", dir=str(tmp_path), settings=wandb.Settings(console="off"), mode="offline"):
        yield
    determinism.disable_op_determinism()  # other tests draw unseeded numbers; there is no public way back


SLOW = [pytest.param(build, marks=pytest.mark.slow) for build in (convolutional, subclassed, stateful)]


@pytest.mark.parametrize("build", [sequential, *SLOW])
def test_training_is_bit_identical(build) -> None:
    alone = train(build, None)
    assert alone == train(build, None), "the training itself must repeat exactly, or the test says nothing"
    for callback in (only_at_the_end, every_capability):
        watched = train(build, callback)
        for part, value in alone.items():
            assert watched[part] == value, part
    if build is convolutional:
        # The callback was not simply off.
        logged = dict(wandb.run.summary)
        assert {"best_val_loss", "GFLOPs", "graph", "examples", "validation_predictions"} <= set(logged)
        assert {"parameters/conv.weights", "gradients/conv/kernel.gradient"} <= set(logged)
