"""Models as Keras and TensorFlow really save them: the trace has their weights, read without Keras."""

from __future__ import annotations

import io
import pickle
import zipfile
from pathlib import Path

import h5py
import numpy as np
import pytest

from wandb_keras_compat.testing.trace import weights

from .small_runs import run_of

tf = pytest.importorskip("tensorflow", reason="the models are made with TensorFlow")


@pytest.fixture(scope="module")
def model():
    tf.keras.utils.set_random_seed(0)
    made = tf.keras.Sequential([tf.keras.Input((4,)), tf.keras.layers.Dense(3, name="h"), tf.keras.layers.Dense(40)])
    made.compile(optimizer="adam", loss="mse")
    made.fit(np.ones((8, 4)), np.ones((8, 40)), verbose=0)
    return made


def content_of(path: Path, root: Path):
    files = [path] if path.is_file() else sorted(item for item in path.rglob("*") if item.is_file())
    return run_of(files={str(file.relative_to(root)): [file.read_bytes()] for file in files})["files"]


def holds(content, model):
    """Whether every array of the model is among the weights, bit for bit."""
    digests = {weight["sha256"] for weight in content["weights"].values()}
    return all(weights.weight(array)["sha256"] in digests for array in model.get_weights())


@pytest.mark.parametrize("name", ["m.h5", "m.keras", "w.weights.h5"])
def test_a_file_of_keras(model, tmp_path, name):
    path = tmp_path / name
    try:
        (model.save_weights if name.startswith("w") else model.save)(str(path))
    except (ValueError, ImportError) as error:
        pytest.skip(f"this Keras does not write {name}: {error}")
    if name.endswith(".keras") and not zipfile.is_zipfile(path):
        pytest.skip("this Keras writes a folder or HDF5 by that name")
    content = content_of(path, tmp_path)[name]["content"]
    assert content["format"] == {"m.h5": "h5", "m.keras": "keras", "w.weights.h5": "weights.h5"}[name]
    assert holds(content, model)
    if not name.startswith("w"):  # whether weights alone have it differs between versions of Keras
        assert [key for key in content["weights"] if key.startswith("optimizer/")]


def test_a_checkpoint_and_a_saved_model(model, tmp_path):
    tf.train.Checkpoint(model=model).write(str(tmp_path / "ck"))
    tf.saved_model.save(model, str(tmp_path / "saved"))
    for files, name in (
        (content_of(tmp_path, tmp_path), "ck"),
        (content_of(tmp_path / "saved", tmp_path), "saved/variables/variables"),
    ):
        assert files[name]["content"]["format"] == "checkpoint"
        assert holds(files[name]["content"], model)
        assert not [path for path in files if path.endswith(".index") or ".data-" in path]
    tf.saved_model.save(model, str(tmp_path / "again"))
    one, other = (content_of(tmp_path / name, tmp_path / name) for name in ("saved", "again"))
    assert one == other


def test_one_weight_more_or_less_is_seen(tmp_path):
    array = np.linspace(-1, 1, 1000, dtype=np.float32)
    moved = array.copy()
    moved[500] += 0.1
    assert weights.weight(array)["sketch"] != weights.weight(moved)["sketch"]
    distance = np.subtract(weights.weight(array)["sketch"][2:], weights.weight(moved)["sketch"][2:])
    assert np.allclose(np.abs(distance), 0.1, atol=1e-6)


def h5(write):
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        write(file)
    return buffer.getvalue()


def test_nothing_that_a_file_holds_is_run(tmp_path):
    """Objects that would run code when unpickled; what is kept in other files is in test_weights.py."""

    class Told:
        def __reduce__(self):
            return (open, (str(tmp_path / "told"), "w"))

    run_of(files={"a.pkl": [pickle.dumps(Told())], "b.keras": [pickle.dumps(Told())], "c.h5": [pickle.dumps(Told())]})
    assert not (tmp_path / "told").exists()


def test_what_unpacks_to_too_much_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(weights, "_LARGEST", 1000)
    large = h5(lambda file: file.create_dataset("x", (10_000,), "f8", fillvalue=0.0, chunks=True, compression="gzip"))
    with pytest.raises(weights.UnreadableError, match="too large"):
        weights.from_h5(large)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("model.weights.h5", b"\0" * 5000)
    with pytest.raises(weights.UnreadableError, match="too large"):
        weights.from_archive(buffer.getvalue())


def test_hdf5_under_the_name_of_a_zip_is_read(model, tmp_path):
    """Keras up to 2.12 writes that."""
    model.save(tmp_path / "m.h5")
    (tmp_path / "m.h5").rename(tmp_path / "m.keras")
    content = content_of(tmp_path / "m.keras", tmp_path)["m.keras"]["content"]
    assert content["format"] == "h5"
    assert holds(content, model)


@pytest.mark.parametrize("data", [b"", b"\x89HDF\r\n\x1a\n", b"PK\x03\x04", b"x" * 100])
def test_damaged_files_are_unreadable_and_nothing_worse(data):
    for reader in (
        weights.from_h5,
        weights.from_archive,
        lambda item: weights.from_checkpoint(item, {"data-00000-of-00001": item}),
    ):
        with pytest.raises(weights.UnreadableError):
            reader(data)
