"""Each rule of the normalisation, by what it is for: what versions and doors send differently comes out the same.

The SDK JSON here was taken from offline runs of wandb 0.13.4, 0.16.6, 0.18.7, 0.25.1 and 0.31.0.
"""

from __future__ import annotations

import itertools
import json
import math

import h5py
import numpy as np
import pytest

from wandb_keras_compat.testing.model.artifacts import Entry
from wandb_keras_compat.testing.trace.compare import diff
from wandb_keras_compat.testing.trace.normalize import BLIND, dumps, trace_of
from wandb_keras_compat.testing.trace.paths import Patterns
from wandb_keras_compat.testing.trace.rules import RULES

from .small_runs import ID, metric, png_bytes, run_of, store_of
from .strategies import decoded

PIXELS = np.arange(8 * 6 * 3).reshape(8, 6, 3) % 256
MASK = np.arange(48).reshape(8, 6) % 3
IMAGE = {"_type": "image-file", "sha256": "60ef", "size": 78, "format": "png", "width": 6, "height": 8}


def image_at(path, **more):
    return {**IMAGE, "path": path, **more}


def shown(value, files=None, **fields):
    """What the trace has for one value of a row."""
    run = run_of(
        history=[{"_step": 0, "x": value}], files={path: [data] for path, data in (files or {}).items()}, **fields
    )
    assert not run["files"], "what a value shows is no file of its own"
    return run["history"][0]["x"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_says_why_and_has_a_test(rule):
    assert rule.apply.__doc__
    assert f"test_{rule.name.rstrip('_')}" in globals()


def test_names_of_rules_are_their_own():
    assert len({rule.name for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("door", BLIND)
def test_what_doors_are_blind_to_can_be_read(door):
    Patterns(BLIND[door])


def test_volatile_keys():
    row = {"_step": 3, "_timestamp": 1795247374.2, "_runtime": 0.12, "loss": 0.5, "_mine": 1}
    run = run_of(history=[row], summary={**row, "_wandb": {"runtime": 0}})
    assert run["history"] == [{"_step": 3, "loss": 0.5, "_mine": 1}]
    assert run["summary"] == {"loss": 0.5, "_mine": 1}


def test_own_config():
    assert run_of(config={"lr": 0.1, "_wandb": {"t": {"5": "0.31.0"}}})["config"] == {"lr": 0.1}


def test_nested_keys():
    legacy = {"e": {}, "d": {"y": 2}, "a/b": {"c": {}}}
    run = run_of(history=[legacy], summary=legacy, config=legacy)
    assert run["history"] == [{"_step": 0, "d": {"y": 2}}]
    assert run["summary"] == {"d": {"y": 2}}
    assert run["config"] == legacy


def test_own_artifacts():
    own = [("job-git_x", "job"), ("source-p-train.py", "code"), ("run-1-history", "wandb-history")]
    users = [("model-x", "model"), ("my-code", "code")]
    run = run_of(logged=[{"name": name, "type": kind} for name, kind in own + users])
    assert [artifact["name"] for artifact in run["artifacts"]["logged"]] == ["model-x", "my-code"]


def test_glob_expansions():
    glob = metric("epoch/*", step_metric="epoch/epoch", step_sync=True)
    loss, step = ({"step_metric": "epoch/epoch", "step_sync": True}, "epoch/epoch")
    image = {"_type": "image-file", "path": "x"}
    history = [{"epoch/epoch": 0, "epoch/loss": 0.5, "epoch/n": {"x": 1}, "other": 1, "epoch/own": 2, "epoch/i": image}]
    own = metric("epoch/own", summary=("min",))
    as_told = [
        {**metric(step), **glob, **own},  # 0.31, server and log
        {
            **own,
            **metric("epoch/loss", **loss),
            **metric("epoch/n.x", **loss),
            **metric(step),
            **metric("epoch/i.path", **loss),
        },
        {**glob, **own, **metric("epoch/loss", **loss), **metric(step, **loss)},  # 0.18, log
    ]
    one, *others = (run_of(metrics=metrics, history=history)["metrics"] for metrics in as_told)
    assert one.keys() == {"epoch/loss", "epoch/n.x", "epoch/own"}
    assert one["epoch/loss"] == {"step_metric": step, "step_sync": True, "summary": [], "hidden": False, "goal": None}
    assert one["epoch/own"]["summary"] == ["min"]
    assert all(other == one for other in others)


def test_telemetry_names():
    said = {"feature.keras", "deprecated.keras_callback", "imports_init.tensorflow", "feature.sync_tfevents"}
    watched = {"feature.offline", "feature.lib_cpp", "feature.flow_control_custom", "env.jupyter", "platform"}
    unnamed = {"feature.#23", "imports_init.#55"}
    assert set(run_of(telemetry=said | watched | unnamed)["telemetry"]) == said


def test_special_numbers():
    assert shown([math.nan, math.inf, -math.inf]) == [
        {"_type": "number", "is": "NaN"},
        {"_type": "number", "is": "Infinity"},
        {"_type": "number", "is": "-Infinity"},
    ]


def test_integral_numbers():
    legacy, core = [1.0, -0.0, {"a": 2.0}, 2.5, True, 1e300], [1, 0, {"a": 2}, 2.5, True, 1e300]
    assert json.dumps(shown(legacy)) == json.dumps(shown(core)) == json.dumps(core)


def test_histograms():
    plain = {"_type": "histogram", "values": [1, 0, 2], "bins": [1.0, 1.5, 2.0, 2.5]}
    packed = {"_type": "histogram", "values": [1, 0, 2], "packedBins": {"min": 1.0, "size": 0.5, "count": 3}}
    assert shown(plain) == shown(packed) == {"_type": "histogram", "bins": [1, 1.5, 2, 2.5], "counts": [1, 0, 2]}


def test_image_lists():
    files = {f"media/images/x_0_{name}.png": png_bytes(PIXELS + at) for at, name in enumerate("ab")}
    mask = {"predictions": {"_type": "mask", "path": "media/images/mask/m.png", "sha256": "5", "size": 81}}
    value = {
        "_type": "images/separated", "width": 6, "height": 8, "format": "png", "count": 2,
        "filenames": list(files), "captions": ["a", 1.0], "all_masks": [mask, {}],
    }  # fmt: skip
    first, second = shown(value, {**files, "media/images/mask/m.png": png_bytes(MASK)})
    assert (first["caption"], second["caption"]) == ("a", "1")
    assert np.array_equal(decoded(second), PIXELS + 1)
    assert np.array_equal(decoded(first["masks"]["predictions"]["image"]), MASK)
    assert "masks" not in second


def test_images():
    digests = [f"media/images/x_0_{digest}.png" for digest in ("60ef14fbc67e6e47d10a", "0000000000000000000f")]
    encodings = [png_bytes(PIXELS), png_bytes(PIXELS, compress_level=0)]
    assert encodings[0] != encodings[1]
    one, other = (shown(image_at(path, caption="c"), {path: data}) for path, data in zip(digests, encodings))
    assert one == other
    assert np.array_equal(decoded(one), PIXELS)
    assert (one["width"], one["height"], one["mode"], one["caption"]) == (6, 8, "RGB", "c")


def test_masks():
    files = {"i.png": png_bytes(PIXELS), "m.png": png_bytes(MASK)}
    mask = {"_type": "mask", "path": "m.png", "sha256": "5072", "size": 81}
    found = shown(image_at("i.png", masks={"predictions": mask}), files)["masks"]["predictions"]
    assert np.array_equal(decoded(found["image"]), MASK)
    lost = shown(image_at("i.png", masks={"predictions": mask}), {"i.png": files["i.png"]})["masks"]["predictions"]
    assert lost["image"]["content"] is None


def test_boxes():
    content = {"box_data": [{"position": {"minX": 0.1}, "class_id": 1.0}], "class_labels": {"1": "b"}}
    layer = {"gt": {"_type": "boxes2D", "sha256": "46db", "size": 167, "path": "boxes.json"}}
    found = [
        shown(image_at("i.png", boxes=layer), {"i.png": png_bytes(PIXELS), "boxes.json": text.encode()})["boxes"]
        for text in (json.dumps(content), json.dumps(content, separators=(",", ":")))  # 0.25.1, 0.31.0
    ]
    assert found[0] == found[1] == {"gt": content}


def table_run(version):
    """A table with an image in it, as the file of the run (names for media) and the artifact (null for NaN)."""
    extra = (
        {"log_mode": "IMMUTABLE", "artifact_path": "wandb-client-artifact://x/tab.table.json"} if version > 18 else {}
    )
    cell = {**image_at("media/images/68f8434056e36a9647fe.png"), "classes": {
        "type": "classes-file", "digest": "jQ1F", "path": "media/classes/46628512850c08aac98d3716d2bdb99e_cls.classes.json"
    }}  # fmt: skip
    entry = {"_type": "table", "column_types": {}, "columns": ["x", "img"], "data": [[None, cell]], "nrows": 1, **extra}
    return {
        "history": [{"tab": {"_type": "table-file", "sha256": "9872", "size": 157, "path": "t.table.json", **extra}}],
        "files": {"t.table.json": [json.dumps({"columns": ["x", "img"], "data": [[math.nan, "Image"]]}).encode()]},
        "logged": [{"name": f"run-{ID}-tab", "type": "run_table", "entries": {
            "tab.table.json": json.dumps(entry).encode(),
            cell["path"]: png_bytes(PIXELS),
            cell["classes"]["path"]: b'{"_type": "classes", "class_set": [{"id": 1, "name": "b"}, {"id": 0, "name": "a"}]}',
        }}],
    }  # fmt: skip


def test_classes():
    run = run_of(**table_run(31))
    assert run["history"][0]["tab"]["rows"][0][1]["classes"] == [{"id": 0, "name": "a"}, {"id": 1, "name": "b"}]


def test_tables():
    old, new = run_of(**table_run(13)), run_of(**table_run(31))
    assert old == new
    table = new["history"][0]["tab"]
    assert table["columns"] == ["x", "img"]
    assert table["rows"][0][0] == {"_type": "number", "is": "NaN"}
    assert np.array_equal(decoded(table["rows"][0][1]), PIXELS)
    assert not new["files"] and not new["artifacts"]["logged"][0]["entries"]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
def test_tables_logged_in_a_row_have_each_their_own_cells(order):
    def data(step, image):
        return json.dumps({"columns": ["a", "i"], "data": [[step, image]]}).encode()

    image = {"_type": "image-file", "path": "i.png"}
    entries = [{"k.table.json": data(at, image), "i.png": png_bytes(PIXELS + at)} for at in order]
    run = run_of(
        history=[{"_step": at, "k": {"_type": "table-file", "path": f"t{at}.table.json"}} for at in range(3)],
        files={f"t{at}.table.json": [data(at, "Image")] for at in range(3)},
        logged=[{"name": f"run-{ID}-k", "type": "run_table", "entries": entry} for entry in entries],
    )
    for at, row in enumerate(run["history"]):
        ((step, picture),) = row["k"]["rows"]
        assert step == at
        assert np.array_equal(decoded(picture), PIXELS + at)


def test_graphs():
    graph = {"format": "keras", "nodes": [{"name": "a", "output_shape": [None, 3]}], "edges": [["a", "b"]]}
    texts = [json.dumps(graph), json.dumps(graph, separators=(",", ":"))]
    one, other = (
        shown({"_type": "graph-file", "path": f"media/graph/{at}.json", "size": len(text)}, {f"media/graph/{at}.json": text.encode()})
        for at, text in enumerate(texts)
    )  # fmt: skip
    assert one == other == {"_type": "graph", "nodes": graph["nodes"], "edges": graph["edges"]}


def test_other_media():
    html = {"_type": "html-file", "path": "media/html/html_7_801859fb10f42a30095a.html", "sha256": "8018", "size": 3}
    assert shown(html, {html["path"]: b"<b>"}) == {
        "_type": "media", "media": "html-file", "content": {"_type": "text", "text": "<b>"},
    }  # fmt: skip
    assert shown(image_at("never came.png", caption="c")) == {
        "_type": "media", "media": "image-file", "content": None, "caption": "c",
    }  # fmt: skip


def test_environment_files():
    own = "wandb-metadata.json requirements.txt config.yaml output.log wandb-summary.json conda-environment.yaml"
    own += " diff.patch diff_abc.patch upstream_diff_abc.patch code/train.py"
    users = ["notes.txt", "sub/config.yaml", "my-requirements.txt"]
    assert run_of(files={path: [b"x"] for path in [*own.split(), *users]})["files"].keys() == set(users)


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


@pytest.mark.parametrize(
    ("name", "artifact", "found"),
    [
        ("misty-sun-7", "model-misty-sun-7", "model-<run name>"),
        ("", "model-None", "model-<run name>"),
        ("", "model-", "model-<run name>"),
        ("", f"model-{ID}", "model-<run name>"),
        ("", "model-unnamed-3", "model-<run name>"),
        ("My run: é/1", "model-My_run____1", "model-My_run____1"),
    ],
)
def test_generated_names(name, artifact, found):
    run = run_of(name=name, logged=[{"name": artifact}])
    assert run["artifacts"]["logged"][0]["name"] == found
    assert run["name"] == (name if name.startswith("My") else "")


def test_run_ids():
    artifact = {"name": f"run_{ID}_model", "aliases": [f"of-{ID}"], "entries": {f"{ID}/a.txt": b"x", f"x{ID}": b"x"}}
    found = run_of(logged=[artifact], files={f"out/{ID}.txt": [b"x"]})
    model = found["artifacts"]["logged"][0]
    assert (model["name"], model["aliases"]) == ("run_<run id>_model", ["of-<run id>"])
    assert model["entries"].keys() == {"<run id>/a.txt", f"x{ID}"}
    assert found["files"].keys() == {"out/<run id>.txt"}
    chosen = run_of(run_id="best", logged=[{"name": "run-best-tab", "aliases": ["best"]}])["artifacts"]["logged"][0]
    assert (chosen["name"], chosen["aliases"]) == ("run-<run id>-tab", ["best"])


def test_artifact_aliases():
    run = run_of(logged=[{"name": "m", "aliases": ["latest", "v3", "epoch_0", "latest", "v3x"]}])
    assert run["artifacts"]["logged"][0]["aliases"] == ["epoch_0", "latest", "v3x"]


def test_artifact_order():
    names = ["b", "a", "b", "a"]
    run = run_of(logged=[{"name": name, "metadata": {"at": at}} for at, name in enumerate(names)])
    found = [(artifact["name"], artifact["metadata"]["at"]) for artifact in run["artifacts"]["logged"]]
    assert found == [("a", 1), ("a", 3), ("b", 0), ("b", 2)]


def test_redrawn_lines():
    assert run_of(console=["\r0/3\r1/3\r2/3\n", "abc\b\b\bxy", "\x1b[31mred\x1b[0m", "two\nlines\n"])["console"] == [
        "2/3", "xyc", "red", "two", "lines",
    ]  # fmt: skip


def test_own_lines():
    own = [
        "",
        "  ",
        "wandb: Tracking run with wandb version 0.16.6",
        "\x1b[1;34mwandb\x1b[0m: Find logs at: x",
        "2026-11-21 07:49:46.123456: I tensorflow/core/platform/cpu_feature_guard.cc:182] This",
        "I0000 00:00:1795247374.2 1 service.cc:145] XLA",
    ]
    assert run_of(console=[*own, "wandb is fine", "Epoch 1/2"])["console"] == ["wandb is fine", "Epoch 1/2"]


def test_times_in_lines():
    def lines(time, folder):
        return [
            f"4/4 [==============================] - {time}s 12ms/step - loss: 0.7 - accuracy: 0.5",
            f"2/2 ━━━━━━━━━━━━━━━━━━━━ {time}s 3ms/step - loss: 0.5",
            f"2026-11-21T07:49:46.{time}12345 plain",
            f"saving model to /somewhere{time}/wandb/{folder}-{ID}/files/model-best.h5",
            f"took 3s at epoch {4}",
        ]

    one, other = (
        run_of(console=lines(*case))["console"]
        for case in [(0, "run-20261121_074946"), (3, "offline-run-20250101_000000")]
    )
    assert one == other
    assert one[2:] == ["plain", "saving model to <run folder>/files/model-best.h5", "took 3s at epoch 4"]
    assert "loss: 0.7 - accuracy: 0.5" in one[0]


def test_key_order():
    one, other = ({"b": 1, "a": {"d": 1, "c": [{"f": 1, "e": 2}]}}, {"a": {"c": [{"e": 2, "f": 1}], "d": 1}, "b": 1})
    traces = [
        json.dumps(run_of(config=value, history=[value], summary=value, logged=[{"name": "m", "metadata": value}]))
        for value in (one, other)
    ]
    assert traces[0] == traces[1]


def test_a_snapshot_without_anything():
    trace = trace_of(store_of().snapshot(), "recorder")
    assert json.loads(dumps(trace)) == trace
    assert not diff(trace, trace)


def test_entries_a_log_no_longer_has_are_left_out_of_a_comparison():
    gone = trace_of(store_of(logged=[{"name": "m", "entries": {"a*.txt": None, "b.txt": b"1"}}]).snapshot(), "log")
    there = trace_of(store_of(logged=[{"name": "m", "entries": {"a*.txt": b"x", "b.txt": b"2"}}]).snapshot(), "http")
    found = diff(gone, there)
    assert found.paths() == ['runs[0].artifacts.logged[0].entries["b.txt"].text']
    assert any("a" in pattern and count == 1 for pattern, count in found.left_out.items())
