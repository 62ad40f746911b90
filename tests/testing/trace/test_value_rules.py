"""The rules of values: what versions and doors send differently of one comes out the same.

The SDK JSON here was taken from offline runs of wandb 0.13.4, 0.16.6, 0.18.7, 0.25.1 and 0.31.0.
"""

from __future__ import annotations

import copy
import itertools
import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from .rendered_values import MASK, PIXELS, image_at, shown
from .small_runs import ID, png_bytes, run_of
from .strategies import decoded


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


EXTRAS = {
    "caption": ("a caption", "a caption"),
    "grouping": (3, 3),
    "masks": ({"m": {"_type": "mask", "path": "m.png"}}, None),
    "boxes": ({"gt": {"box_data": [{"class_id": 1}]}}, {"gt": {"box_data": [{"class_id": 1}]}}),
    "classes": ([{"id": 0, "name": "sky"}], [{"id": 0, "name": "sky"}]),
}
LISTS = {"caption": "captions", "masks": "all_masks", "boxes": "all_boxes", "classes": "all_classes"}
FILES = {"i.png": png_bytes(PIXELS), "m.png": png_bytes(MASK)}


def about_an_image(names):
    """An image with these of its extras, by itself and as one of a list."""
    said = {name: copy.deepcopy(EXTRAS[name][0]) for name in names}
    yield shown(image_at("i.png", **said), FILES if "masks" in names else {"i.png": FILES["i.png"]})
    lists = {LISTS[name]: [value] for name, value in said.items() if name in LISTS}
    separated = {"_type": "images/separated", "filenames": ["i.png"], **lists}
    if "grouping" in names:
        separated["grouping"] = said["grouping"]
    yield from shown(separated, FILES if "masks" in names else {"i.png": FILES["i.png"]})


@given(st.sets(st.sampled_from(sorted(EXTRAS))))
def test_all_that_is_said_of_an_image_is_in_the_trace_and_nothing_else(names):
    for image in about_an_image(names):
        assert image.keys() == {"_type", "width", "height", "mode", "png", *names}
        for name in names - {"masks"}:
            assert image[name] == EXTRAS[name][1]
        if "masks" in names:
            assert np.array_equal(decoded(image["masks"]["m"]["image"]), MASK)


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


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-9, 9), st.sampled_from([0.5, 1e300]), st.text(max_size=3)),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.text(max_size=3), inner, max_size=2)),
    max_leaves=4,
)
ADDRESS = ["path", "sha256", "size", "digest", "artifact_path", "_latest_artifact_path", "_type"]
MEMBERS = st.dictionaries(
    st.one_of(st.sampled_from(["box_data", "class_labels", "scores", "_own", "domain"]), st.text(max_size=4)).filter(
        lambda key: key not in ADDRESS
    ),
    JSON,
    max_size=4,
)


@given(MEMBERS, st.booleans())
def test_boxes_keep_every_member_but_the_address_of_their_file(members, in_a_file):
    """In a row they are in a file of their own, in the cell of a table in place."""
    address = {"_type": "boxes2D", "sha256": "46db", "size": 167, "digest": "x"}
    picture = {"i.png": png_bytes(PIXELS)}
    if in_a_file:
        layer = {**address, "path": "boxes.json"}
        image = shown(image_at("i.png", boxes={"gt": layer}), {**picture, "boxes.json": json.dumps(members).encode()})
    else:
        table = {"columns": ["i"], "data": [[image_at("i.png", boxes={"gt": {**address, **members}})]]}
        found = shown({"_type": "table-file", "path": "t.json"}, {**picture, "t.json": json.dumps(table).encode()})
        ((image,),) = found["rows"]
    assert image["boxes"] == {"gt": members}


@given(
    st.lists(
        st.fixed_dictionaries({"id": st.integers(0, 300), "name": st.text(max_size=3)}),
        max_size=4,
        unique_by=lambda item: item["id"],
    )
)
def test_a_class_set_is_whole_and_in_the_order_of_its_numbers(classes):
    listed = shown({"_type": "classes-file", "path": "c.json"}, {"c.json": json.dumps({"class_set": classes}).encode()})
    assert listed == sorted(classes, key=lambda item: item["id"])


COUNTS = st.lists(st.integers(0, 99), min_size=1, max_size=5)


@given(COUNTS, st.sampled_from([-2.5, 0.0, 1.0]), st.sampled_from([0.25, 1.0, 3.0]))
def test_a_packed_histogram_has_the_edges_that_it_stands_for(counts, least, width):
    edges = [least + width * at for at in range(len(counts) + 1)]
    packed = {"_type": "histogram", "values": counts, "packedBins": {"min": least, "size": width, "count": len(counts)}}
    plain = {"_type": "histogram", "values": counts, "bins": edges}
    expected = {"_type": "histogram", "bins": edges, "counts": counts}
    assert shown(packed) == shown(plain) == expected


@given(st.lists(st.lists(JSON, min_size=2, max_size=2), max_size=3))
def test_a_table_has_every_cell_in_its_place(rows):
    data = json.dumps({"columns": ["a", 1], "data": rows}).encode()
    table = shown({"_type": "table-file", "path": "t.table.json"}, {"t.table.json": data})
    assert (table["columns"], table["rows"]) == (["a", 1], rows)


@pytest.mark.parametrize(
    ("caption", "text"),
    [("a", "a"), (1.0, "1"), (0.5, "0.5"), ({"b": 1.0, "a": 2}, '{"a": 2, "b": 1}'), ([True], "[true]")],
)
def test_a_caption_is_a_text_the_same_in_every_order_of_keys(caption, text):
    assert shown(image_at("i.png", caption=caption), {"i.png": png_bytes(PIXELS)})["caption"] == text


@pytest.mark.parametrize("there", [None, b"", b"[]", b'{"columns": ["x"]}'])
def test_of_a_table_whose_file_never_came_the_artifact_has_the_cells(there):
    run = table_run(31)
    run["files"] = {} if there is None else {"t.table.json": [there]}
    (row,) = run_of(**run)["history"]
    assert row["tab"]["columns"] == ["x", "img"]
    assert row["tab"]["rows"][0][0] is None and np.array_equal(decoded(row["tab"]["rows"][0][1]), PIXELS)


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


@pytest.mark.parametrize("kind", ["image-file", "html-file", "table-file", "graph-file"])
@pytest.mark.parametrize("path", [None, 3, ["x.png"], {"x.png": 1}], ids=str)
def test_a_path_that_is_no_text_has_no_file(kind, path):
    """A mapping that a user logged may have such a type and anything for a path."""
    assert shown({"_type": kind, "path": path}) == {"_type": "media", "media": kind, "content": None}


def test_other_media():
    html = {"_type": "html-file", "path": "media/html/html_7_801859fb10f42a30095a.html", "sha256": "8018", "size": 3}
    assert shown(html, {html["path"]: b"<b>"}) == {
        "_type": "media", "media": "html-file", "content": {"_type": "text", "text": "<b>"},
    }  # fmt: skip
    assert shown(image_at("never came.png", caption="c")) == {
        "_type": "media", "media": "image-file", "content": None, "caption": "c",
    }  # fmt: skip
