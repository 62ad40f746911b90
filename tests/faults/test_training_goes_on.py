"""Whatever cannot be logged: training ends as without the callback, one warning names the loss, the rest is logged."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
import tensorflow as tf
import wandb

from wandb_keras_compat import messages
from wandb_keras_compat.testing.child_environment import inherited_environment, wandb_folders

from ..builders import Subclassed, callback, classifier, dense, fit, generator_of, images, keras, layers, numbers
from ..conftest import Observed

X, Y = images()


def one_warning(observed: Observed, *says: str) -> str:
    assert len(observed.warnings) == 1, observed.warnings
    for part in says:
        assert part in observed.warnings[0]
    return observed.warnings[0]


def test_a_layer_that_cannot_be_drawn(observed: Observed) -> None:
    class Undrawable(layers.Layer):  # type: ignore[misc, name-defined]
        @property
        def _inbound_nodes(self) -> Any:
            if self.trained:
                raise RuntimeError("no nodes here")
            return self.__dict__["kept"] if "kept" in self.__dict__ else self._inbound_nodes_value

        @_inbound_nodes.setter
        def _inbound_nodes(self, value: Any) -> None:
            object.__setattr__(self, "kept", value)

        trained = False

        def call(self, x: Any) -> Any:
            return x

    def build() -> Any:
        keras.utils.set_random_seed(0)
        inputs = keras.Input((3,))
        model = keras.Model(inputs, layers.Dense(1)(Undrawable()(inputs)))
        model.compile("sgd", "mse", run_eagerly=True)
        return model

    expected = fit(build(), epochs=2)
    model = build()
    next(layer for layer in model.layers if isinstance(layer, Undrawable)).trained = True
    assert fit(model, callback(save_graph=True, log_weights=True), epochs=2) == expected
    one_warning(observed, "did not log the model graph", "no nodes here", "TensorFlow")
    assert observed.column("val_loss") == expected["val_loss"]
    assert all(any(key.startswith("parameters/") for key in row) for row in observed.rows)
    assert "graph" not in observed.summary.keys()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_weights_that_are_not_finite(observed: Observed, value: float) -> None:
    class Spoils(keras.callbacks.Callback):  # type: ignore[misc, name-defined]
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            # One more value each epoch: the warning's count changes, and it is still one warning.
            kernel = np.array([[value], [value if epoch else 1.0], [2.0]])
            self.model.set_weights([kernel, np.zeros(1)])

    expected = fit(dense(), Spoils(), epochs=2)
    history = fit(dense(), Spoils(), callback(log_weights=True), epochs=2)
    np.testing.assert_equal(history, expected)
    one_warning(observed, "parameters/d.weights has 1 of 3 values that are NaN or infinite")
    assert [sum(logged.histogram) for logged in observed.column("parameters/d.weights")] == [2, 1]
    assert [sum(logged.histogram) for logged in observed.column("parameters/d.bias")] == [1, 1]


@pytest.mark.slow
def test_a_subclassed_model_with_everything_on(observed: Observed) -> None:
    def build() -> Any:
        keras.utils.set_random_seed(0)
        model = Subclassed(3)
        model.compile("sgd", "mse", run_eagerly=True)
        return model

    data = (X, Y)
    expected = fit(build(), data=data, epochs=2)
    under_test = callback(
        save_graph=True, log_weights=True, log_gradients=True, training_data=data, input_type="auto",
        log_evaluation=True, compute_flops=True, save_model=True,
    )  # fmt: skip
    assert fit(build(), under_test, data=data, epochs=2) == expected
    flops = [warning for warning in observed.warnings if "FLOPs" in warning]
    assert len(flops) == 1
    # Keras 2 has no HDF5 file of a subclassed model; the artifact has it.
    assert {warning[:40] for warning in observed.warnings} - {flops[0][:40]} <= {
        "Can't save model in the h5py format. The"
    }
    assert "graph" in observed.summary.keys()
    assert len(observed.column("examples")) == 2
    assert len(observed.column("validation_predictions")) == 1
    assert any(key.startswith("gradients/") for key in observed.rows[0])
    assert any(artifact.type == "model" for artifact in observed.artifacts)


def test_a_model_that_is_built_by_its_first_batch(observed: Observed) -> None:
    def build() -> Any:
        keras.utils.set_random_seed(0)
        model = keras.Sequential([layers.Dense(1, name="d")])
        model.compile("sgd", "mse", run_eagerly=True)
        return model

    expected = fit(build())
    under_test = callback(save_graph=True, log_weights=True, log_gradients=True, training_data=numbers())
    assert fit(build(), under_test) == expected
    assert observed.warnings == []
    assert {"parameters/d.weights", "gradients/d/kernel.gradient"} <= set(observed.rows[0])


def test_a_train_step_of_the_users_and_no_loss(observed: Observed) -> None:
    class Own(keras.Model):  # type: ignore[misc, name-defined]
        def train_step(self, data: Any) -> dict[str, Any]:
            x, y = data[0], data[1]
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean((self(x, training=True) - y) ** 2)
            variables = self.trainable_variables
            self.optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
            return {"loss": loss}

    def build() -> Any:
        keras.utils.set_random_seed(0)
        inputs = keras.Input((3,))
        model = Own(inputs, layers.Dense(1, name="d")(inputs))
        model.compile(keras.optimizers.SGD(0.1), run_eagerly=True)
        return model

    expected = fit(build(), validation_data=None, epochs=3)
    under_test = callback(monitor="loss", log_gradients=True, training_data=numbers(), log_weights=True)
    history = fit(build(), under_test, validation_data=None, epochs=3)
    np.testing.assert_array_equal(history["loss"], expected["loss"])
    one_warning(observed, "did not log gradient histograms", "loss", "off for the rest of this training")
    assert len(observed.column("parameters/d.weights")) == 3
    assert not any(key.startswith("gradients/") for row in observed.rows for key in row)
    assert observed.summary["best_loss"] == min(expected["loss"])


def test_a_generator_given_to_fit_for_validation_that_runs_dry(observed: Observed) -> None:
    def history(*callbacks: Any) -> Any:
        model = classifier()
        given = generator_of(X, Y, 2)
        return fit(model, *callbacks, data=(X, Y), epochs=2, validation_data=given, validation_steps=3)

    try:
        expected = history()
    except Exception as error:  # this Keras ends such a training by itself
        with pytest.raises(type(error)):
            history(callback(input_type="image"))
        return
    assert history(callback(input_type="image")) == expected
    assert [len(drawn) for drawn in observed.column("examples")] == [6, 6]
    assert observed.warnings == []


@pytest.mark.parametrize("which", ["validation", "prediction"])
def test_a_row_processor_that_raises(observed: Observed, which: str) -> None:
    def wrong(index: Any, row: Any) -> Any:
        raise KeyError("no such column")

    data = (X, Y)
    expected = fit(classifier(), data=data, epochs=2)
    options = {f"{which}_row_processor": wrong, "log_evaluation": True, "log_evaluation_frequency": 1}
    assert fit(classifier(), callback(log_weights=True, **options), data=data, epochs=2) == expected
    text = {
        "validation": "Error initializing ValidationDataLogger in WandbCallback. Skipping logging validation data.",
        "prediction": "Error during prediction logging for epoch: ",
    }[which]
    one_warning(observed, text, "no such column")
    assert len(observed.column("parameters/d.weights")) == 2
    assert observed.column("validation_predictions") == []


def test_examples_of_a_model_with_several_inputs(observed: Observed) -> None:
    def build() -> Any:
        keras.utils.set_random_seed(0)
        one, two = keras.Input((4, 4, 1)), keras.Input((4, 4, 1))
        model = keras.Model([one, two], layers.Dense(1)(layers.Flatten()(layers.Add()([one, two]))))
        model.compile("sgd", "mse", run_eagerly=True)
        return model

    data = ([X, X], np.ones((6, 1), "float32"))
    expected = fit(build(), data=data, epochs=2)
    under_test = callback(input_type="image", output_type="label", log_weights=True)
    assert fit(build(), under_test, data=data, epochs=2) == expected
    one_warning(observed, "did not log example images", "several")
    assert len(observed.rows) == 2


@pytest.mark.slow
def test_an_artifact_call_that_raises(observed: Observed, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: Any, **__: Any) -> Any:
        raise wandb.Error("quota exceeded")

    monkeypatch.setattr(observed.run, "log_artifact", refused)
    expected = fit(dense(), epochs=3)
    under_test = callback(save_model=True)
    assert fit(dense(), under_test, epochs=3) == expected
    one_warning(observed, "did not log the model artifact", "quota exceeded", "It will be tried again")
    assert Path(under_test.filepath).exists()
    assert sorted(path.name for path in Path(under_test.filepath).parent.glob("*model-best*")) == ["model-best.h5"]
    assert observed.summary["best_val_loss"] == min(expected["val_loss"])


def test_a_log_call_that_raises(observed: Observed, monkeypatch: pytest.MonkeyPatch) -> None:
    through = observed.run.log

    def refused_once(values: Any, *args: Any, **kwargs: Any) -> Any:
        if values.get("epoch") == 0 or ("loss" in values and not observed.warnings):
            raise wandb.Error("no connection")
        return through(values, *args, **kwargs)

    monkeypatch.setattr(observed.run, "log", refused_once)
    expected = fit(dense(), epochs=3)
    assert fit(dense(), callback(), epochs=3) == expected
    one_warning(observed, "did not log metrics", "no connection", "It will be tried again")
    assert observed.column("val_loss")[-2:] == expected["val_loss"][-2:]
    assert observed.summary["best_val_loss"] == min(expected["val_loss"])


def test_a_disabled_run(start_run: Callable[..., Observed]) -> None:
    observed = start_run(mode="disabled")
    expected = fit(classifier(), data=(X, Y), epochs=2)
    under_test = callback(
        save_model=True, save_graph=True, log_weights=True, log_gradients=True, training_data=(X, Y),
        input_type="image", log_evaluation=True, labels=["a", "b", "c"], compute_flops=True,
    )  # fmt: skip
    assert fit(classifier(), under_test, data=(X, Y), epochs=2) == expected
    assert not Path(under_test.filepath).exists()
    assert len(observed.warnings) <= 1, observed.warnings


def test_a_run_that_is_finished_midway(start_run: Callable[..., Observed]) -> None:
    observed = start_run()

    class Finishes(keras.callbacks.Callback):  # type: ignore[misc, name-defined]
        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            if epoch == 1:
                wandb.finish()

    expected = fit(dense(), epochs=3)
    under_test = callback(save_model=True, log_weights=True)
    assert fit(dense(), under_test, Finishes(), epochs=3) == expected
    assert len(observed.rows) == 1
    lost = [warning.split(" did not log ")[1].split(":")[0] for warning in observed.warnings]
    assert len(lost) == len(set(lost)), lost
    assert all("there is no W&B run any more" in warning for warning in observed.warnings)
    assert "metrics" in lost


FULL_DISK = """
import os, resource, sys
import numpy as np, tensorflow as tf, wandb
from wandb_keras_compat import WandbCallback

run = wandb.init(mode="offline", settings=wandb.Settings(console="off"))
said = []
wandb.termwarn = lambda message, **_: said.append(message)
keras = tf.keras
x, y = np.ones((8, 300), "float32"), np.ones((8, 1), "float32")

def history(*callbacks):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.layers.Input((300,)), keras.layers.Dense(900), keras.layers.Dense(1)])
    model.compile("sgd", "mse", run_eagerly=True)
    return model.fit(x, y, validation_data=(x, y), epochs=2, verbose=0, callbacks=list(callbacks)).history

expected = history()
# No file may grow beyond this: Python ignores the signal, so writes fail with "File too large" (EFBIG).
resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, resource.RLIM_INFINITY))
under_test = WandbCallback(log_weights=True)
found = history(under_test)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
assert found == expected, (found, expected)
lost = [text.split(" did not log ")[1].split(":")[0] for text in said if " did not log " in text]
assert sorted(lost) == ["model-best.h5", "the model artifact"], said
assert run.summary["best_val_loss"] == min(expected["val_loss"])
assert "graph" in run.summary.keys()
assert not [name for name in os.listdir(run.dir) if "model-best" in name], os.listdir(run.dir)
print("TRAINED")
wandb.finish()
"""


@pytest.mark.slow
@pytest.mark.skipif(
    h5py.version.version_tuple[:2] < (3, 9),
    reason="this h5py crashes the process when a file that could not be written is let go of",
)
def test_a_disk_that_is_full(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(FULL_DISK)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=inherited_environment(wandb_folders(tmp_path), {"WANDB_SILENT": "true"}),
        timeout=280,
        check=False,
    )
    assert "TRAINED" in done.stdout, done.stdout + done.stderr[-3000:]


def test_an_error_with_a_traceback_in_it_is_said_by_its_own_words(observed: Observed) -> None:
    @tf.function
    def outer(x: Any) -> Any:
        return inner(x)

    @tf.function
    def inner(x: Any) -> Any:
        if x.shape[0] == 3:
            raise ValueError("no thirds here, please: " + "x" * 40)
        return x

    with pytest.raises(ValueError, match="in user code") as caught:
        outer(tf.zeros(3))
    assert len(str(caught.value)) > 300
    said = messages.feature_failed("gradient histograms", caught.value, again=False)
    assert "did not log gradient histograms: ValueError: no thirds here, please: xxxx" in said
    assert "File" not in said
