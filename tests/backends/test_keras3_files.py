"""Files of Keras 3 say all that the model was compiled with, and saving leaves the model as it was."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from wandb_keras_compat.backends.common import keras3_files

from .conftest import keras, on_keras_3

pytestmark = on_keras_3
losses, metrics, optimizers = keras.losses, keras.metrics, keras.optimizers


def model(loss: Any = "mse", optimizer: Any = "sgd", outputs: int = 1, **arguments: Any) -> Any:
    given = keras.Input((3,))
    made = [keras.layers.Dense(2, name=f"d{number}")(given) for number in range(outputs)]
    built = keras.Model(given, made if outputs > 1 else made[0])
    if loss is not None:
        built.compile(optimizer, loss, **arguments)
    return built


def own_loss(y_true: Any, y_pred: Any) -> Any:
    return keras.ops.mean(y_true - y_pred)


def training_configuration(built: Any, folder: Path) -> Any:
    path = str(folder / "m.h5")
    keras3_files.save_hdf5(built, path)
    with h5py.File(path) as file:
        assert "optimizer_weights" not in file
        return json.loads(file.attrs["training_config"]) if "training_config" in file.attrs else None


def test_names_are_written_as_load_model_looks_them_up(tmp_path: Path) -> None:
    built = model(
        "mse", metrics=["mae", "accuracy", metrics.AUC(name="area")], weighted_metrics=["ce"], loss_weights=2.0
    )
    written = training_configuration(built, tmp_path)
    assert written["optimizer_config"]["class_name"] == "SGD"
    assert written["optimizer_config"]["config"]["learning_rate"] == pytest.approx(0.01)
    assert written["loss"] == "mean_squared_error"
    first, second, third = written["metrics"]
    assert (first["class_name"], first["config"]["name"], second) == ("MeanAbsoluteError", "mae", "accuracy")
    assert (third["class_name"], third["config"]["name"]) == ("AUC", "area")
    assert written["weighted_metrics"] == ["ce"] and written["loss_weights"] == 2.0


@pytest.mark.parametrize("name", ["accuracy", "acc", "crossentropy", "ce"])
def test_a_metric_that_is_chosen_by_the_shape_of_the_output_stays_a_name(tmp_path: Path, name: str) -> None:
    assert training_configuration(model(metrics=[name]), tmp_path)["metrics"] == [name]


def test_a_metric_that_is_a_class_keeps_the_name_that_it_has_in_the_logs(tmp_path: Path) -> None:
    (written,) = training_configuration(model(metrics=["AUC"]), tmp_path)["metrics"]
    assert (written["class_name"], written["config"]["name"]) == ("AUC", "AUC")


def test_losses_of_several_outputs_are_written_one_by_one(tmp_path: Path) -> None:
    each = ["mae", own_loss]
    assert training_configuration(model(each, outputs=2), tmp_path)["loss"] == ["mean_absolute_error", "own_loss"]
    named = training_configuration(model({"d0": "mae", "d1": losses.Huber(0.25)}, outputs=2), tmp_path)["loss"]
    assert named["d0"] == "mean_absolute_error"
    assert named["d1"]["class_name"] == "Huber" and named["d1"]["config"]["delta"] == 0.25


def test_the_arguments_that_a_loss_forgets_are_in_either_file(tmp_path: Path) -> None:
    built = model(losses.Huber(0.25))
    assert training_configuration(built, tmp_path)["loss"]["config"]["delta"] == 0.25
    path = str(tmp_path / "m.keras")
    keras3_files.save_zip(built, path)
    with zipfile.ZipFile(path) as file:
        config = json.loads(file.read("config.json"))
        assert {"config.json", "metadata.json", "model.weights.h5"} <= set(file.namelist())
    assert config["compile_config"]["loss"]["config"]["delta"] == 0.25
    loaded = keras.models.load_model(path)
    np.testing.assert_array_equal(loaded.get_weights()[0], built.get_weights()[0])


def test_a_loss_that_forgets_nothing_is_written_by_keras_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keras3_files, "written_whole", lambda path: pytest.fail("the file was written a second time"))
    for number, loss in enumerate(["mse", losses.MeanSquaredError(), losses.Huber(), own_loss, None]):
        keras3_files.save_zip(model(loss), str(tmp_path / f"m{number}.keras"))


def test_only_losses_of_keras_are_completed() -> None:
    class Forgets(losses.Loss):  # type: ignore[misc, name-defined]
        _fn_kwargs = {"name": "other"}  # noqa: RUF012 - as Keras has it

    assert keras3_files._forgotten_arguments(Forgets()) == {}
    assert keras3_files._forgotten_arguments(None) == {}
    assert [*keras3_files._losses_of(model({"d0": "mae", "d1": "mse"}, outputs=2))] == ["mae", "mse"]


def test_the_state_that_a_file_leaves_out_is_known() -> None:
    decay = optimizers.schedules.ExponentialDecay(0.1, 2, 0.5)
    built = {name: model(optimizer=made) for name, made in (("plain", optimizers.SGD(0.1)), ("slots", "adam"))}
    built["schedule"] = model(optimizer=optimizers.SGD(decay))
    for each in built.values():
        each.optimizer.build(each.trainable_variables)
    found = {name: keras3_files.forgets_optimizer(each) for name, each in built.items()}
    assert found == {"plain": False, "slots": True, "schedule": True}
    assert not keras3_files.forgets_optimizer(model(None))


def test_saving_leaves_what_the_model_was_compiled_with(tmp_path: Path) -> None:
    built = model("mse", optimizer=optimizers.Adam(0.5))
    before = built.get_compile_config()
    keras3_files.save_hdf5(built, str(tmp_path / "m.h5"))
    assert built.get_compile_config() == before and "optimizer" in built._compile_config.config


def test_a_model_that_cannot_be_compiled_when_loaded_has_no_training_configuration(tmp_path: Path) -> None:
    class OwnCompile(keras.Model):  # type: ignore[misc, name-defined]
        def compile(self, optimizer: Any, loss: Any) -> None:
            super().compile(optimizer, loss)

    given = keras.Input((3,))
    own = OwnCompile(given, keras.layers.Dense(1)(given))
    own.compile("sgd", "mse")
    assert keras3_files._training_configuration(own) is None
    assert training_configuration(model(None), tmp_path) is None


def test_what_a_save_of_the_users_own_writes_is_left_as_it_is(tmp_path: Path) -> None:
    class OwnSave(keras.Model):  # type: ignore[misc, name-defined]
        def save(self, path: str, overwrite: bool = True) -> None:
            with h5py.File(path, "w") as file:
                file.attrs["mine"] = overwrite

    given = keras.Input((3,))
    own = OwnSave(given, keras.layers.Dense(1)(given))
    own.compile("sgd", "mse")
    keras3_files.save_hdf5(own, str(tmp_path / "m.h5"), overwrite=False)
    with h5py.File(tmp_path / "m.h5") as file:
        assert dict(file.attrs) == {"mine": False}
    other = model()
    other.save = lambda path, **_: Path(path).write_bytes(b"no HDF5")
    keras3_files.save_hdf5(other, str(tmp_path / "o.h5"))
    assert (tmp_path / "o.h5").read_bytes() == b"no HDF5"


def test_the_writer_of_keras_2s_layout_is_none_where_keras_has_it_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    assert callable(keras3_files.keras_2_weights_writer())
    for gone in (("keras.src.no_such_module", "f"), ("keras.src.saving", "no_such_function")):
        monkeypatch.setattr(keras3_files, "_KERAS_2_WEIGHTS_LAYOUT", gone)
        assert keras3_files.keras_2_weights_writer() is None


@pytest.mark.parametrize(
    ("function", "takes"),
    [(lambda name: 1, True), (lambda **given: 1, True), (lambda other: 1, False), (lambda *given: 1, False), (dict.fromkeys, False)],
)  # fmt: skip
def test_what_a_function_takes_by_keyword(function: Any, takes: bool) -> None:
    assert keras3_files._takes(function, "name") == takes
