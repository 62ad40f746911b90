"""Which file a checkpoint request becomes, on Keras 2 and on Keras 3, and how each is written."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import h5py
import pytest

from wandb_keras_compat.backends.checkpoints import checkpoint_formats as formats
from wandb_keras_compat.backends.checkpoints import model_checkpoint
from wandb_keras_compat.backends.common import keras3_files

from .conftest import keras, on_keras_3

KERAS_2, KERAS_3 = True, False


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Any:
    """``on(KERAS_2)``: the Keras in use is that one; its zips are named by *zips*, its old writer is *writer*."""

    def choose(keras_2: bool, zips: str | None = None, writer: Any = lambda group, model: None) -> None:
        monkeypatch.setattr(formats, "WRITES_TENSORFLOW_FORMATS", keras_2)
        monkeypatch.setattr(formats, "ZIP_FORMAT", zips)
        monkeypatch.setattr(formats, "keras_2_weights_writer", lambda: writer)

    return choose


@pytest.mark.parametrize(
    ("requested", "save_format", "keras_2", "keras_3", "accepted_by_keras_3"),
    [
        ("models", None, "models", "models.keras", "models.keras"),
        ("models/", None, "models/", "models.keras", "models.keras"),
        ("models", "tf", "models", "models.keras", "models.keras"),
        ("models", "h5", "models", "models.h5", "models.h5.keras"),
        ("models", "hdf5", "models", "models.h5", "models.h5.keras"),
        ("models/", "keras", "models.keras", "models.keras", "models.keras"),
        ("m.h5", "tf", "m.h5", "m.h5", "m.h5.keras"),
        ("m.hdf5", None, "m.hdf5", "m.hdf5", "m.hdf5.keras"),
        ("m.keras", "h5", "m.keras", "m.keras", "m.keras"),
        ("/", None, "/", "/.keras", "/.keras"),
    ],
)
def test_the_file_of_a_whole_model(
    on: Any, requested: str, save_format: str | None, keras_2: str, keras_3: str, accepted_by_keras_3: str
) -> None:
    for keras_in_use, filepath, accepted in ((KERAS_2, keras_2, keras_2), (KERAS_3, keras_3, accepted_by_keras_3)):
        on(keras_in_use)
        found = formats.checkpoint_format(requested, False, save_format)
        assert (found.requested, found.filepath, found.accepted_path) == (requested, filepath, accepted)
        assert found.weights_only is False


@pytest.mark.parametrize(
    ("requested", "keras_3", "without_the_writer"),
    [
        ("w", "w.weights.h5", "w.weights.h5"),
        ("cp.ckpt", "cp.ckpt.weights.h5", "cp.ckpt.weights.h5"),
        ("w.h5", "w.h5", "w.h5.weights.h5"),
        ("w.hdf5", "w.hdf5", "w.hdf5.weights.h5"),
        ("w.weights.h5", "w.weights.h5", "w.weights.h5"),
    ],
)
def test_the_file_of_weights(on: Any, requested: str, keras_3: str, without_the_writer: str) -> None:
    on(KERAS_2)
    assert formats.checkpoint_format(requested, True, None).filepath == requested
    for writer, filepath in ((print, keras_3), (None, without_the_writer)):
        on(KERAS_3, writer=writer)
        found = formats.checkpoint_format(requested, True, None)
        accepted = filepath if filepath.endswith(".weights.h5") else f"{filepath}.weights.h5"
        assert (found.filepath, found.accepted_path, found.weights_only) == (filepath, accepted, True)


@pytest.mark.parametrize(
    ("path", "save_format", "weights_only", "passed_on"),
    [
        ("models", "hdf5", False, "h5"), ("models", "tensorflow", False, "tf"), ("models", "keras", False, None),
        ("models", None, False, None), ("m.h5", "tf", False, None), ("w", "h5", True, "h5"), ("w", "keras", True, None),
    ],
)  # fmt: skip
def test_keras_2_is_told_the_format_that_the_path_does_not_tell(
    on: Any, path: str, save_format: str | None, weights_only: bool, passed_on: str | None
) -> None:
    on(KERAS_2)
    found = formats.checkpoint_format(path, weights_only, save_format)
    assert found.save_format == passed_on
    assert found.filepath == path if save_format != "keras" or weights_only else f"{path}.keras"
    on(KERAS_3)
    assert formats.checkpoint_format(path, weights_only, save_format).save_format is None


class Model:
    """Writes down how it is saved."""

    def __init__(self) -> None:
        self.saved: list[Any] = []

    def save(self, path: str, **arguments: Any) -> None:
        self.saved.append(("save", path, arguments))
        Path(path).write_text("model", encoding="utf-8")

    def save_weights(self, path: str, **arguments: Any) -> None:
        self.saved.append(("save_weights", path, arguments))
        Path(path).write_text("weights", encoding="utf-8")


@pytest.mark.parametrize(
    ("path", "weights_only", "save_format", "zips", "method", "arguments"),
    [
        ("m", False, "tf", None, "save", {"options": 1, "save_format": "tf"}),
        ("m.h5", False, None, "keras_v3", "save", {"options": 1}),
        ("m.keras", False, None, None, "save", {}),
        ("m.keras", False, None, "keras_v3", "save", {"save_format": "keras_v3"}),
        ("w", True, "h5", None, "save_weights", {"options": 1, "save_format": "h5"}),
    ],
)
def test_keras_2_writes_by_itself(
    on: Any, tmp_path: Path, path: str, weights_only: bool, save_format: Any, zips: Any, method: str, arguments: Any
) -> None:
    on(KERAS_2, zips)
    model = Model()
    formats.checkpoint_format(path, weights_only, save_format).write(model, str(tmp_path / "new" / path), options=1)
    ((called, partial, given),) = model.saved
    assert (called, given) == (method, arguments)
    assert partial != str(tmp_path / "new" / path) and partial.endswith(path), "it is put in place whole"
    assert os.listdir(tmp_path / "new") == [path]


@pytest.mark.parametrize("name", ["enable_async", "experimental_enable_async_checkpoint"])
def test_what_tensorflow_goes_on_writing_is_written_where_it_belongs(on: Any, tmp_path: Path, name: str) -> None:
    on(KERAS_2)
    options = SimpleNamespace(**{name: True})
    model = Model()
    formats.checkpoint_format("w", True, None).write(model, str(tmp_path / "w"), options=options)
    assert model.saved == [("save_weights", str(tmp_path / "w"), {"options": options})]


@pytest.mark.parametrize(("path", "writer"), [("m.h5", "save_hdf5"), ("m.hdf5", "save_hdf5"), ("m.keras", "save_zip")])
def test_keras_3_writes_whole_models_without_the_faults_of_its_own_files(
    on: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, writer: str
) -> None:
    on(KERAS_3)
    written: list[Any] = []

    def note(model: Any, path: str, **arguments: Any) -> None:
        written.append((model, arguments))
        Path(path).touch()

    monkeypatch.setattr(keras3_files, writer, note)
    formats.checkpoint_format(path, False, None).write("model", str(tmp_path / path), overwrite=True)
    assert written == [("model", {"overwrite": True})]
    monkeypatch.setattr(keras3_files, "forgets_optimizer", lambda model: model == "trained")
    assert formats.forgets_optimizer("trained", path, False) == (writer == "save_hdf5")
    assert not formats.forgets_optimizer("new", path, False) and not formats.forgets_optimizer("trained", path, True)


def test_keras_3_writes_weights_in_the_layout_of_keras_2_where_the_path_is_one_of_keras_2(
    on: Any, tmp_path: Path
) -> None:
    on(KERAS_3, writer=lambda group, model: group.attrs.update(of=model.name))
    model: Any = Model()
    model.name = "net"
    formats.checkpoint_format("w.h5", True, None).write(model, str(tmp_path / "w.h5"))
    with h5py.File(tmp_path / "w.h5") as file:
        assert file.attrs["of"] == "net"
    assert model.saved == []
    formats.checkpoint_format("w.weights.h5", True, None).write(model, str(tmp_path / "w.weights.h5"))
    assert [called for called, *_ in model.saved] == ["save_weights"]


def test_the_files_of_a_tensorflow_checkpoint_are_all_that_belong_to_it(tmp_path: Path) -> None:
    path = str(tmp_path / "ck-[1]")
    assert formats.was_removed(path) and not formats.is_tensorflow_checkpoint(path)
    shards = [f"ck-[1].data-0000{number}-of-00002" for number in (0, 1)]
    for name in ("ck-[1].index", *reversed(shards), "ck-1.data-00000-of-00001", "ck-[1]0.index"):
        (tmp_path / name).touch()
    assert not formats.was_removed(path) and formats.is_tensorflow_checkpoint(path)
    expected = [f"{path}.index", *(str(tmp_path / shard) for shard in shards)]
    assert formats.tensorflow_checkpoint_files(path) == expected
    (tmp_path / "checkpoint").touch()
    assert formats.tensorflow_checkpoint_files(path) == [*expected, str(tmp_path / "checkpoint")]
    (tmp_path / "ck-[1]").touch()
    assert not formats.is_tensorflow_checkpoint(path) and not formats.was_removed(path)
    assert not formats.was_removed("gs://bucket/that/nobody/asks")


@pytest.mark.parametrize("weights_only", [False, True])
def test_options_are_those_of_the_kind_that_is_written(weights_only: bool) -> None:
    tf = pytest.importorskip("tensorflow", reason="the options are TensorFlow's")
    whole, weights = tf.saved_model.SaveOptions(), tf.train.CheckpointOptions()
    right, wrong = (weights, whole) if weights_only else (whole, weights)
    name = "tf.train.CheckpointOptions" if weights_only else "tf.saved_model.SaveOptions"
    formats.check_options(None, weights_only)
    formats.check_options(right, weights_only)
    with pytest.raises(TypeError, match=f"save_weights_only={weights_only}, options= must be None or a {name}; it is"):
        formats.check_options(wrong, weights_only)


def test_without_tensorflow_there_are_no_options(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(formats.sys.modules, "tensorflow", raising=False)
    with pytest.raises(TypeError, match="must be None"):
        formats.check_options("x", True)


@on_keras_3
def test_what_keras_3_is_known_to_do_is_what_it_does(tmp_path: Path) -> None:
    made = model_checkpoint.TakesOptions(str(tmp_path / "m.keras"), options="dropped", verbose=1)
    assert isinstance(model_checkpoint.TakesOptions(str(tmp_path / "m.keras")), keras.callbacks.Callback)
    assert made.verbose == 1 and isinstance(made, keras.callbacks.ModelCheckpoint)
    with pytest.raises(TypeError, match="options"):
        keras.callbacks.ModelCheckpoint(str(tmp_path / "m.keras"), options="refused")
    made.set_model("model")
    assert vars(made)[model_checkpoint.MODEL_SLOT] == "model"
    assert (model_checkpoint.WRITES_TENSORFLOW_FORMATS, model_checkpoint.ZIP_FORMAT) == (False, None)
    late = keras.callbacks.ModelCheckpoint(str(tmp_path / "m.keras"), monitor="no_such_metric")
    assert (late.monitor_op is None) == model_checkpoint.RESOLVES_MODE_LATE
