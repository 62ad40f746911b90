"""What ``run`` says of models that Keras 2 saved, with the Keras 3 that is installed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ..builders import KERAS_3

pytestmark = pytest.mark.skipif(not KERAS_3, reason="Keras 2 loads what Keras 2 saved")
h5py = pytest.importorskip("h5py")

X, Y = np.ones((4, 2)), np.ones((4, 1))
ADAM = {"class_name": "Adam", "config": {"name": "Adam", "learning_rate": 0.001, "decay": 0.0}}
ACCURACY = {
    "class_name": "MeanMetricWrapper",
    "config": {"name": "accuracy", "dtype": "float32", "fn": "binary_accuracy"},
}


def layer(kind: str, **config: Any) -> dict[str, Any]:
    return {"class_name": kind, "config": {"name": kind.lower(), "dtype": "float32", "trainable": True, **config}}


DENSE = layer("Dense", units=1, activation="relu")
INPUT = {"class_name": "InputLayer", "config": {"batch_input_shape": [None, 2], "dtype": "float32", "name": "in"}}


def save(
    path: Path,
    *layers: dict[str, Any],
    version: str = "2.10.0",
    loss: Any = None,
    metrics: Any = (),
    optimizer: Any = ADAM,
) -> Path:
    """A Sequential model as tf.keras 2 writes it, with the weights of DENSE."""
    model = {"class_name": "Sequential", "config": {"name": "sequential", "layers": [INPUT, *layers]}}
    with h5py.File(path, "w") as file:
        file.attrs.update(keras_version=version, backend="tensorflow", model_config=json.dumps(model))
        if loss is not None:
            training = {"loss": loss, "metrics": list(metrics), "weighted_metrics": None, "loss_weights": None}
            file.attrs["training_config"] = json.dumps({**training, "optimizer_config": optimizer})
            file.create_group("optimizer_weights").attrs["weight_names"] = []
        weights = file.create_group("model_weights")
        weights.attrs["layer_names"] = [b"dense"] if DENSE in layers else []
        names = {"dense/kernel:0": np.ones((2, 1)), "dense/bias:0": np.zeros(1)}
        if DENSE in layers:
            group = weights.create_group("dense")
            group.attrs["weight_names"] = [name.encode() for name in names]
            for name, value in names.items():
                group[name] = value
    return path


def said(function: Callable[[], Any]) -> str:
    """What is added to the error that *function* ends with, without what all sentences have in common."""
    from wandb_keras_compat.commands.program.keras_hint import hint
    from wandb_keras_compat.hook import keras_messages

    with pytest.raises(Exception) as ended:
        function()
    way = keras_messages.by_run(["a.py"])
    return hint(ended.value, ended.value.__traceback__, lambda value, problem: way(value, "")) or ""


COMMAND = "this runs the program as it is, with Keras 2: python -m wandb_keras_compat run --keras tf_keras a.py"


def load(path: Path, **given: Any) -> Any:
    import keras

    return keras.models.load_model(path, **given)


UNLOADABLE = {
    "an argument that is gone": {"layers": [layer("GRU", units=1, time_major=False)]},
    "another one": {"layers": [layer("DepthwiseConv2D", kernel_size=[3, 3], groups=1)]},
    "a layer that is gone": {"layers": [layer("LocallyConnected1D", filters=1, kernel_size=2)]},
    "an operation of TensorFlow": {"layers": [layer("TFOpLambda", function="math.reduce_mean")]},
    "a name of a metric": {"layers": [DENSE], "loss": "msle"},
    "a loss of a class": {
        "layers": [DENSE],
        "loss": {"class_name": "Huber", "config": {"reduction": "auto", "name": "h", "delta": 1.0}},
    },
    "an optimizer of Keras 2.2": {
        "layers": [DENSE],
        "loss": "mse",
        "optimizer": {"class_name": "SGD", "config": {"lr": 0.1}},
    },
}


@pytest.mark.parametrize("name", UNLOADABLE)
def test_a_file_that_keras_3_cannot_load(tmp_path: Path, name: str) -> None:
    saved = dict(UNLOADABLE[name])
    path = save(tmp_path / "m.h5", *saved.pop("layers"), **saved)
    assert said(lambda: load(path)) == f"m.h5 was saved by Keras 2.10.0, and Keras 3 cannot load it; {COMMAND}"
    with h5py.File(path, "r+") as file:
        file.attrs["keras_version"] = "3.3.3"
    assert "was saved by" not in said(lambda: load(path))


@pytest.mark.parametrize("name", ["m.keras", "m.model"])
def test_a_file_of_another_name(tmp_path: Path, name: str) -> None:
    save(tmp_path / name, DENSE)
    assert said(lambda: load(tmp_path / name)).startswith(f"{name} was saved by Keras 2.10.0")
    assert not said(lambda: load(tmp_path / f"missing-{name}"))


def test_a_saved_model(tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    assert not said(lambda: load(folder))
    (folder / "saved_model.pb").touch()
    assert not said(lambda: load(folder))  # it may be no model of Keras
    (folder / "keras_metadata.pb").touch()
    assert (
        said(lambda: load(f"{folder}/")) == f"saved is in the SavedModel format, which Keras 3 loads no more; {COMMAND}"
    )


def test_a_model_of_json() -> None:
    import keras

    model = {"class_name": "Sequential", "config": {"name": "s", "layers": [INPUT, DENSE]}, "keras_version": "2.4.0"}
    assert said(lambda: keras.models.model_from_json(json.dumps(model))).startswith(
        "the JSON of the model was saved by Keras 2.4"
    )
    model["config"] = {"name": "s", "layers": [INPUT, layer("Mine")]}
    assert not said(lambda: keras.models.model_from_json(json.dumps(model)))


NOT_FOR_KERAS_3 = {
    "a layer of the program's": ([layer("Mine")], {}),
    "a loss of the program's": ([DENSE], {"loss": "dice_loss"}),
    "a metric of the program's": ([DENSE], {"loss": "msle", "metrics": ["f1"]}),
    "an activation of the program's": ([layer("Dense", units=1, activation="snake")], {}),
    "code of another Python": ([layer("Lambda", function=["4wEA", None, None], function_type="lambda")], {}),
}


@pytest.mark.parametrize("name", NOT_FOR_KERAS_3)
def test_nothing_is_said_where_keras_2_would_not_load_it(tmp_path: Path, name: str) -> None:
    layers, more = NOT_FOR_KERAS_3[name]
    path = save(tmp_path / "m.h5", *layers, **more)
    assert not said(lambda: load(path))


def test_a_functional_model(tmp_path: Path) -> None:
    def node(of: str) -> list[Any]:
        return [[[of, 0, 0, {}]]]

    layers = [
        {**INPUT, "name": "in", "inbound_nodes": []},
        {**layer("DepthwiseConv2D", groups=1), "name": "d", "inbound_nodes": node("in")},
    ]
    config = {"name": "model", "layers": layers, "input_layers": [["in", 0, 0]], "output_layers": [["d", 0, 0]]}
    save(tmp_path / "m.h5", DENSE)
    for kind in ("Model", "Functional"):
        with h5py.File(tmp_path / "m.h5", "r+") as file:
            file.attrs["model_config"] = json.dumps({"class_name": kind, "config": config})
        assert said(lambda: load(tmp_path / "m.h5")).startswith("m.h5 was saved by Keras 2.10.0")


def test_names_that_the_program_gives(tmp_path: Path) -> None:
    import keras

    class Mine(keras.layers.Layer):
        def __init__(self, **given: Any) -> None:
            raise ValueError("of its own")

    path = save(tmp_path / "m.h5", layer("Mine"), DENSE)
    assert not said(lambda: load(path, custom_objects={"Mine": Mine}))

    class Built(keras.layers.Layer):
        def build(self, shape: Any) -> None:
            raise ValueError("of its own")

    path = save(tmp_path / "m.h5", layer("Built"), DENSE)
    assert not said(lambda: load(path, custom_objects={"Built": Built}))
    path = save(tmp_path / "m.h5", DENSE, loss="msle", metrics=["f1"])
    assert said(lambda: load(path, custom_objects={"f1": keras.losses.mean_squared_error})).startswith("m.h5 was saved")


@pytest.mark.slow
def test_going_on_with_a_model(tmp_path: Path) -> None:
    import keras

    sentence = f"from an .h5 that Keras 2 saved, and Keras 3 cannot go on with what it was compiled with; {COMMAND}"
    path = save(tmp_path / "m.h5", DENSE, loss="binary_crossentropy")
    assert said(lambda: load(path).fit(X, Y, verbose=0)).endswith(sentence)
    assert said(lambda: load(path).train_on_batch(X, Y)).endswith(sentence)
    path = save(tmp_path / "m.h5", DENSE, loss="binary_crossentropy", metrics=[[ACCURACY]])
    assert said(lambda: load(path).evaluate(X, Y, verbose=0)).endswith(sentence)

    model = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1)])
    model.compile("adam", "binary_crossentropy")
    model.fit(X, Y, verbose=0)
    model.save(tmp_path / "three.h5")
    found = said(lambda: load(tmp_path / "three.h5").fit(X, Y, verbose=0))
    assert found.endswith(f"where Keras 2 saved that file, or the program itself does, {COMMAND}")
    other = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1)])
    other.compile(model.optimizer, "mse")
    assert not said(lambda: other.fit(X, Y, verbose=0))  # no file has anything to do with it


def test_the_input_of_a_sequential_model(tmp_path: Path) -> None:
    import keras

    loaded = load(save(tmp_path / "m.h5", DENSE))
    assert said(lambda: loaded.input) == f"Keras 3 removed the attribute input of its Sequential model; {COMMAND}"
    assert said(lambda: loaded.output).startswith("Keras 3 removed the attribute output")
    assert not said(lambda: keras.Sequential([keras.layers.Dense(1)]).input)  # Keras 2 does not know it either
    assert not said(lambda: keras.layers.Dense(1).output)
