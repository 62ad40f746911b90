"""The rules of files: what versions and doors send differently of one comes out the same.

The SDK JSON here was taken from offline runs of wandb 0.13.4, 0.16.6, 0.18.7, 0.25.1 and 0.31.0.
"""

from __future__ import annotations

import hashlib
import io
import json

import h5py
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wandb_keras_compat.testing.model.artifacts import Entry

from .rendered_values import PIXELS, image_at
from .small_runs import png_bytes, run_of
from .strategies import decoded


def test_environment_files():
    own = "wandb-metadata.json requirements.txt config.yaml output.log wandb-summary.json conda-environment.yaml"
    own += " diff.patch diff_abc.patch upstream_diff_abc.patch code/train.py"
    users = ["notes.txt", "sub/config.yaml", "my-requirements.txt"]
    assert run_of(files={path: [b"x"] for path in [*own.split(), *users]})["files"].keys() == set(users)


@pytest.mark.parametrize("list_of", ["logged", "used"])
def test_an_artifact_keeps_its_files_whatever_they_are_called(list_of):
    """The SDK writes such files beside a run; in an artifact they are the user's."""
    files = dict.fromkeys(("requirements.txt", "config.yaml", "code/train.py", "output.log", "a/diff.patch"), b"x")
    run = run_of(files={path: [data] for path, data in files.items()}, **{list_of: [{"name": "m", "entries": files}]})
    assert run["artifacts"][list_of][0]["entries"].keys() == files.keys()
    assert run["files"].keys() == {"a/diff.patch"}


def test_saved_models():
    files = {"m/saved_model.pb": [b"\x08\x01a"], "m/fingerprint.pb": [b"1"], "keras_metadata.pb": [b"mine"]}
    again = {**files, "m/saved_model.pb": [b"\x08\x01b"], "m/fingerprint.pb": [b"2"]}
    assert run_of(files=files)["files"] == run_of(files=again)["files"]
    assert run_of(files=files)["files"].keys() == files.keys()


def test_checkpoints():
    """Without a checkpoint that TensorFlow can read; :mod:`.test_models` has real ones."""
    files = {"v/variables.index": [b"i"], "v/variables.data-00000-of-00001": [b"d"], "alone.index": [b"x"]}
    run = run_of(files=files, policies={"v/variables.index": "now"})
    assert run["files"].keys() == {"v/variables", "alone.index"}
    assert run["files"]["v/variables"] == {
        "policy": "now",
        "content": {"_type": "bytes", "size": 2, "sha256": run["files"]["v/variables"]["content"]["sha256"]},
    }


def test_models(tmp_path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file.attrs["model_config"] = "{}"
        file["model_weights/dense/dense/kernel:0"] = np.array([[1.0, 2.5]], np.float32)
        file["optimizer_weights/Adam/iterations:0"] = np.int64(3)
    content = run_of(files={"model-best.h5": [(tmp_path / "a.h5").read_bytes()]})["files"]["model-best.h5"]["content"]
    assert content["format"] == "h5"
    assert content["weights"]["dense/dense/kernel"]["values"] == [1, 2.5]
    assert content["weights"]["optimizer/Adam/iterations"]["values"] == [3]
    assert run_of(files={"bad.h5": [b"\x89HDF no"]})["files"]["bad.h5"]["content"]["_type"] == "bytes"


def test_media_objects():
    image = {"_type": "image-file", "path": "media/images/1ee77c0cfaee7a5f2691.png", "format": "png"}
    entries = {
        "ii.image-file.json": json.dumps(image).encode(),
        image["path"]: png_bytes(PIXELS),
        "tt.table.json": json.dumps({"_type": "table", "columns": ["a"], "data": [[image]], "log_mode": "x"}).encode(),
        "mine.json": b'{"_type": "mine"}',
    }
    found = run_of(logged=[{"name": "m", "entries": entries}])["artifacts"]["logged"][0]["entries"]
    assert found.keys() == entries.keys() - {image["path"]}
    assert np.array_equal(decoded(found["ii.image-file.json"]), PIXELS)
    assert found["tt.table.json"]["rows"] == [[found["ii.image-file.json"]]]
    assert found["mine.json"]["_type"] == "json"


def test_shown_media():
    files = {"media/images/x.png": [png_bytes(PIXELS)], "media/images/nobody.png": [png_bytes(PIXELS)]}
    assert list(run_of(history=[{"x": image_at("media/images/x.png")}], files=files)["files"]) == [
        "media/images/nobody.png"
    ]


def test_references():
    def entries(number):
        return {
            "a.png": Entry(reference=f"wandb-artifact://{number}/media/a.png", digest="d"),
            "b": Entry(reference="s3://bucket/key"),
        }

    runs = [run_of(logged=[{"name": "m", "entries": entries(number)}]) for number in ("4172", "9001")]
    assert runs[0] == runs[1]
    assert runs[0]["artifacts"]["logged"][0]["entries"]["b"] == {"_type": "reference", "uri": "s3://bucket/key"}


def test_references_in_a_table_show_what_they_refer_to():
    path = "media/images/68f8434056e36a9647fe.png"
    table = {"_type": "table", "columns": ["i"], "data": [[image_at(path)]]}
    there = {
        "name": "data",
        "type": "validation_dataset",
        "entries": {path: Entry(digest="d", content=png_bytes(PIXELS))},
    }
    here = {"name": "pred", "type": "x", "entries": {
        "p.table.json": json.dumps(table).encode(), path: Entry(reference=f"wandb-artifact://41/{path}", digest="d"),
    }}  # fmt: skip
    entries = run_of(used=[there], logged=[here])["artifacts"]["logged"][0]["entries"]
    assert np.array_equal(decoded(entries["p.table.json"]["rows"][0][0]), PIXELS)
    assert entries.keys() == {"p.table.json"}


def test_a_reference_shows_the_version_that_it_refers_to():
    """Two versions have a file of that name: the digest says which is meant, however they are ordered."""
    path = "media/images/68f8434056e36a9647fe.png"
    pictures = {digest: PIXELS + at for at, digest in enumerate("abc")}
    versions = [
        {"name": f"data-{digest}", "type": "x", "entries": {path: Entry(digest=digest, content=png_bytes(pixels))}}
        for digest, pixels in pictures.items()
    ]
    table = json.dumps({"_type": "table", "columns": ["i"], "data": [[image_at(path)]]}).encode()

    def cell(digest, used):
        entries = {"p.table.json": table, path: Entry(reference=f"wandb-artifact://41/{path}", digest=digest)}
        run = run_of(used=used, logged=[{"name": "pred", "type": "y", "entries": entries}])
        return run["artifacts"]["logged"][0]["entries"]["p.table.json"]["rows"][0][0]

    for used in (versions, versions[::-1]):
        for digest, pixels in pictures.items():
            assert np.array_equal(decoded(cell(digest, used)), pixels)
        assert cell("another", used)["_type"] == "media", "none of them is meant"
        first = used[0]["entries"][path].digest
        assert np.array_equal(decoded(cell(None, used)), pictures[first]), "by its name, where no digest is known"


#: What a text file may hold: line ends of either kind, white space where editors like to take it away, any language.
TEXTS = st.text(st.sampled_from("ab é☃\t\n\r"), max_size=8)


@given(TEXTS)
def test_a_text_is_kept_to_its_last_sign(text):
    content = run_of(files={"a.txt": [text.encode()]})["files"]["a.txt"]["content"]
    assert content == {"_type": "text", "text": text.replace("\r\n", "\n")}


@given(st.binary(max_size=12))
def test_bytes_that_are_no_text_are_told_by_their_digest(data):
    content = run_of(files={"a.bin": [data + b"\0"]})["files"]["a.bin"]["content"]
    assert content == {"_type": "bytes", "size": len(data) + 1, "sha256": hashlib.sha256(data + b"\0").hexdigest()}


@pytest.mark.parametrize(("size", "kind"), [(2**18, "text"), (2**18 + 1, "bytes")])
def test_how_long_a_text_may_be(size, kind):
    assert run_of(files={"a.txt": [b"x" * size]})["files"]["a.txt"]["content"]["_type"] == kind


@pytest.mark.parametrize(("size", "key"), [(4096, "values"), (4097, "sha256")])
@pytest.mark.parametrize("dtype", ["<i8", ">i8", "<f4", ">f4"])
def test_arrays_are_told_by_their_numbers_or_their_digest(size, key, dtype):
    def content(values):
        buffer = io.BytesIO()
        np.savez(buffer, a=values.astype(dtype))
        return run_of(files={"a.npz": [buffer.getvalue()]})["files"]["a.npz"]["content"]["value"]["a"]

    values = np.arange(size).reshape(-1, 1)
    found = content(values)
    assert (found["shape"], found["dtype"]) == ([size, 1], np.dtype(dtype).name)
    assert found.keys() == {"shape", "dtype", key}
    moved = values.copy()
    moved[-1] += 1
    assert content(moved)[key] != found[key]
    if key == "values":
        assert found["values"] == values.tolist()
    else:
        assert found["sha256"] == hashlib.sha256(values.astype(np.dtype(dtype).newbyteorder("<")).tobytes()).hexdigest()


def test_other_files():
    one = {
        "a.json": [b'{"b": 1.0, "a": [NaN]}'],
        "a.txt": [b"x\r\ny\r\n"],
        "a.png": [png_bytes(PIXELS)],
        "a.pkl": [b"\x80\x04N."],
    }
    other = {
        "a.json": [b'{"a":[NaN],"b":1}'],
        "a.txt": [b"x\ny\n"],
        "a.png": [png_bytes(PIXELS, compress_level=1)],
        "a.pkl": [b"\x80\x04N."],
    }
    assert run_of(files=one)["files"] == run_of(files=other)["files"]
    kinds = {path: file["content"]["_type"] for path, file in run_of(files=one)["files"].items()}
    assert kinds == {"a.json": "json", "a.txt": "text", "a.png": "image", "a.pkl": "bytes"}


def test_media_digests():
    names = [f"media/images/x_2_{digest * 20}.png" for digest in "abcd"]
    pictures = [png_bytes(PIXELS), png_bytes(PIXELS + 1)]
    one = run_of(files=dict(zip(names[:2], ([data] for data in pictures))))
    other = run_of(files=dict(zip(names[2:], ([data] for data in pictures[::-1]))))
    assert one["files"] == other["files"]
    assert one["files"].keys() == {"media/images/x_2_<digest>.png", "media/images/x_2_<digest 2>.png"}
