"""An array of a model: its numbers or its sketch, and the digest of its own bytes."""

from __future__ import annotations

import hashlib
import io
import pathlib
import zipfile
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wandb_keras_compat.testing.trace import weights
from wandb_keras_compat.testing.trace.weights import (
    PROJECTIONS,
    SMALL,
    UnreadableError,
    from_archive,
    from_checkpoint,
    from_h5,
    sketch,
    weight,
)


@pytest.mark.parametrize("dtype", ["float32", "float64", "float16", "int64", "uint8", "bool", ">f4"])
@pytest.mark.parametrize("shape", [(), (3,), (2, 2), (0,), (1, 3, 1)])
def test_a_small_array_has_its_numbers(dtype: str, shape: tuple[int, ...]) -> None:
    array = (np.arange(int(np.prod(shape))) % 2).reshape(shape).astype(dtype)
    found = weight(array)
    little = np.ascontiguousarray(array.astype(np.dtype(dtype).newbyteorder("<")))
    assert found == {
        "shape": list(shape),
        "dtype": np.dtype(dtype).newbyteorder("<").name,
        "sha256": hashlib.sha256(little.tobytes()).hexdigest(),
        "values": [float(item) for item in array.ravel()],
    }


@pytest.mark.parametrize(("size", "key"), [(SMALL, "values"), (SMALL + 1, "sketch")])
def test_a_larger_one_has_a_sketch(size: int, key: str) -> None:
    assert SMALL == 64
    assert weight(np.ones(size)).keys() == {"shape", "dtype", "sha256", key}


def test_texts_have_a_digest_alone() -> None:
    found = [weight(np.array(words, object)) for words in (["a", "bc"], [b"a", b"bc"], ["ab", "c"])]
    assert found[0] == found[1] == {"shape": [2], "dtype": "string", "sha256": hashlib.sha256(b"a\0bc").hexdigest()}
    assert found[2] != found[0]
    assert weight(np.array([1j])).keys() == {"shape", "dtype", "sha256"}


@settings(max_examples=15)
@given(st.integers(0, 2**32 - 1), st.sampled_from([65, 5_000, 70_000]))
def test_a_sketch_is_the_norm_and_projections_that_add_up(seed: int, size: int) -> None:
    random = np.random.default_rng(seed)
    one, other = random.normal(size=size), random.normal(size=size)
    first, second, both = sketch(one), sketch(other), sketch(one + other)
    assert len(first) == 2 + PROJECTIONS
    np.testing.assert_allclose(first[0], np.linalg.norm(one))
    assert first[1] == 0
    np.testing.assert_allclose(np.add(first[2:], second[2:]), both[2:], atol=1e-6)
    # A projection on signs has the square of the norm as its expected square.
    assert 0.2 < np.mean(np.square(first[2:])) / first[0] ** 2 < 3


def test_no_two_projections_are_alike_and_none_looks_at_a_part_only() -> None:
    """Every element counts in every projection, with plus or minus one; across the whole of a large array."""
    size = 3 * 2**16 + 5
    found = []
    for at in (0, 1, 2**16 - 1, 2**16, size - 1):
        array = np.zeros(size)
        array[at] = 1.0
        found.append(tuple(sketch(array)[2:]))
        assert set(found[-1]) == {1, -1}
    assert len(set(found)) == len(found)
    assert len({tuple(column) for column in weights._signs(0)[:, :512].tolist()}) == PROJECTIONS


def test_what_is_not_finite_is_counted_across_the_whole_of_a_large_array() -> None:
    array = np.ones(2 * 2**16 + 5)
    array[[0, 1, 2**16, 2 * 2**16]] = [np.nan, np.inf, -np.inf, np.nan]
    found = sketch(array)
    assert found[1] == 4 and found[0] == pytest.approx(np.sqrt(array.size - 4))


@pytest.mark.parametrize(
    ("name", "variable"),
    [
        ("layer/kernel/.ATTRIBUTES/VARIABLE_VALUE", "layer/kernel"),
        ("layer/kernel/.OPTIMIZER_SLOT/optimizer/m/.ATTRIBUTES/VARIABLE_VALUE", "optimizer/m/layer/kernel"),
        ("save_counter/.ATTRIBUTES/VARIABLE_VALUE", "save_counter"),
    ],
)
def test_names_of_a_checkpoint(name: str, variable: str) -> None:
    assert weights._variable(name) == variable


@pytest.mark.parametrize(
    ("name", "variable"),
    [
        ("model_weights/dense/dense/kernel:0", "dense/dense/kernel"),
        ("dense/kernel", "dense/kernel"),
        ("optimizer_weights/Adam/m:0", "optimizer/Adam/m"),
    ],
)
def test_names_of_an_h5_file(name: str, variable: str) -> None:
    assert weights._h5_name(name) == variable


# --- files -----------------------------------------------------------------------------------------------------------


def h5(write: Callable[[Any], Any]) -> bytes:
    h5py = pytest.importorskip("h5py", reason="models are read with it; the extra testing brings it")
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        write(file)
    return buffer.getvalue()


def archive(content: bytes, member: str = "model.weights.h5") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(member, content)
    return buffer.getvalue()


def whole(file: Any) -> None:
    file["model_weights/b/kernel:0"] = np.ones(2, "f4")
    file["model_weights/a/kernel:0"] = np.zeros((1, 2), "f4")
    file["optimizer_weights/Adam/m:0"] = 3


def test_the_arrays_of_a_whole_model_have_their_names_and_its_optimizer_is_set_apart() -> None:
    found = from_h5(h5(whole))
    assert (found["_type"], found["format"]) == ("weights", "h5")
    assert list(found["weights"]) == ["a/kernel", "b/kernel", "optimizer/Adam/m"]
    assert found["weights"]["b/kernel"] == weight(np.ones(2, "f4"))
    assert found["weights"]["optimizer/Adam/m"] == weight(np.array(3))


def test_a_file_is_a_whole_model_by_its_weights_or_its_configuration() -> None:
    def alone(file: Any) -> None:
        file["dense/kernel"] = np.ones(2)

    def with_configuration(file: Any) -> None:
        alone(file)
        file.attrs["model_config"] = "{}"

    assert from_h5(h5(alone))["format"] == "weights.h5"
    assert from_h5(h5(with_configuration))["format"] == "h5"
    assert from_archive(archive(h5(alone)))["format"] == from_archive(archive(h5(whole)))["format"] == "keras"
    assert from_archive(archive(h5(whole)))["weights"] == from_h5(h5(whole))["weights"]


def test_what_is_kept_elsewhere_is_not_read(tmp_path: pathlib.Path) -> None:
    """Links to other files, data in other files, and views of them."""
    h5py = pytest.importorskip("h5py", reason="models are read with it; the extra testing brings it")
    secret = tmp_path / "secret.h5"
    secret.write_bytes(h5(lambda file: file.create_dataset("x", data=np.arange(4.0))))
    (tmp_path / "raw.bin").write_bytes(bytes(32))

    def write(file: Any) -> None:
        file["mine"] = np.arange(2.0)
        file["linked"] = h5py.ExternalLink(str(secret), "x")
        file.create_dataset("kept outside", (4,), "f8", external=[(str(tmp_path / "raw.bin"), 0, 32)])
        layout = h5py.VirtualLayout((4,), "f8")
        layout[:] = h5py.VirtualSource(str(secret), "x", (4,))
        file.create_virtual_dataset("virtual", layout)

    assert list(from_h5(h5(write))["weights"]) == ["mine"]


@pytest.mark.parametrize(("size", "fits"), [(125, True), (126, False)])
def test_what_unpacks_to_too_much_is_not_read(monkeypatch: pytest.MonkeyPatch, size: int, fits: bool) -> None:
    """All arrays together; of an archive already what it says it holds."""
    monkeypatch.setattr(weights, "_LARGEST", 2000)

    def write(file: Any) -> None:
        for name in "ab":
            file.create_dataset(name, (size,), "f8", fillvalue=0.0, chunks=True, compression="gzip")

    if fits:
        assert len(from_h5(h5(write))["weights"]) == 2
    else:
        with pytest.raises(UnreadableError, match="^its weights are too large$"):
            from_h5(h5(write))
    with pytest.raises(UnreadableError, match="^its weights are too large$"):
        from_archive(archive(bytes(2001)))
    with pytest.raises(UnreadableError, match="signature"):
        from_archive(archive(bytes(2000)))


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"x" * 100])
def test_what_is_no_model_is_unreadable_and_the_reason_is_said(data: bytes) -> None:
    for read in (from_h5, from_archive):
        with pytest.raises(UnreadableError, match=r"\w+ \w+"):
            read(data)


def test_an_archive_without_weights_is_unreadable() -> None:
    with pytest.raises(UnreadableError, match="model.weights.h5"):
        from_archive(archive(b"", "other"))


def test_where_a_library_is_missing_that_is_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(weights, "find_spec", asked.append)
    with pytest.raises(UnreadableError, match="^h5py is not installed$"):
        from_h5(b"")
    with pytest.raises(UnreadableError, match="^TensorFlow is not installed$"):
        from_checkpoint(b"", {})
    assert asked == ["h5py", "tensorflow"]


class Checkpoints:
    """In the place of TensorFlow: reads what was written where it is told to look."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, arrays: dict[str, Any]) -> None:
        self.arrays = arrays
        self.files: dict[str, bytes] = {}
        self.place = pathlib.Path()
        monkeypatch.setattr(weights, "find_spec", lambda name: name == "tensorflow" or None)
        tensorflow = SimpleNamespace(train=SimpleNamespace(load_checkpoint=self._load))
        monkeypatch.setattr(weights, "import_module", {"tensorflow": tensorflow}.__getitem__)

    def _load(self, prefix: str) -> Any:
        self.place = pathlib.Path(prefix)
        assert self.place.name == "checkpoint"
        self.files = {path.name: path.read_bytes() for path in self.place.parent.iterdir()}
        return SimpleNamespace(get_variable_to_shape_map=lambda: dict.fromkeys(self.arrays), get_tensor=self._tensor)

    def _tensor(self, name: str) -> Any:
        if self.arrays[name] is None:
            raise KeyError(f"no tensor {name}")
        return self.arrays[name]


def test_a_checkpoint_has_its_variables_by_their_names(monkeypatch: pytest.MonkeyPatch) -> None:
    end = "/.ATTRIBUTES/VARIABLE_VALUE"
    one, other = np.ones(2, "f4"), np.zeros(3, "f4")
    reader = Checkpoints(
        monkeypatch,
        {
            f"b/kernel{end}": one,
            f"b/kernel/.OPTIMIZER_SLOT/optimizer/m{end}": other,
            "_CHECKPOINTABLE_OBJECT_GRAPH": None,
        },
    )
    found = from_checkpoint(b"index", {"some/folder/data-00000-of-00002": b"0", "data-00001-of-00002": b"1"})
    assert found == {
        "_type": "weights", "format": "checkpoint",
        "weights": {"b/kernel": weight(one), "optimizer/m/b/kernel": weight(other)},
    }  # fmt: skip
    assert reader.files == {
        "checkpoint.index": b"index", "checkpoint.data-00000-of-00002": b"0", "checkpoint.data-00001-of-00002": b"1",
    }  # fmt: skip
    assert not reader.place.parent.exists()


def test_a_checkpoint_that_cannot_be_read_is_unreadable_whatever_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    Checkpoints(monkeypatch, {"a": None})
    with pytest.raises(UnreadableError, match="no tensor a"):
        from_checkpoint(b"", {})
