"""Each kind of value in a few words, in as many digits as it takes, and as a column of the history."""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from wandb_keras_compat.testing.trace.differences import ABSENT
from wandb_keras_compat.testing.views.describe import both, describe, kind_of, number, shortened, tally
from wandb_keras_compat.testing.views.history_columns import Cell, columns
from wandb_keras_compat.testing.views.image_diff import data_uri, pixel_difference

from .traces import GRAPH, histogram, png, run, table, weights

NAN = {"_type": "number", "is": "NaN"}

VALUES = [
    (ABSENT, "absent", "absent"),
    (None, "null", "null"),
    (True, "number", "true"),
    (False, "number", "false"),
    (3, "number", "3"),
    (10**9, "number", "1000000000"),
    (0.1234567, "number", "0.123457"),
    (2.0, "number", "2"),
    (float("inf"), "number", "inf"),
    (NAN, "number", '{"_type": "number", "is": "NaN"}'),
    ("a\x1b", "string", "“a\\x1b”"),
    ([1, "ü"], "list", '[1, "ü"]'),
    ([], "list", "[]"),
    ([png(), 1], "list", None),
    ({"b": 1, "a": None}, "object", '{"a": null, "b": 1}'),
    (png(), "image", "image 8x8 L"),
    (
        {**png(5, 4, mode="RGB"), "caption": "cat", "masks": {"m": 1}, "boxes": {}, "classes": [1]},
        "image",
        "image 5x4 RGB with masks and classes “cat”",
    ),
    ([png()], "images", "1 image, the first an image 8x8 L"),
    ([{**png(), "caption": "a"}, png(1)], "images", "2 images, the first an image 8x8 L “a”"),
    (
        {"_type": "histogram", "bins": [0.5, 1, 2.25], "counts": [3, 4]},
        "histogram",
        "histogram, 2 bins, 0.5 to 2.25, total 7",
    ),
    ({"_type": "histogram", "bins": [], "counts": []}, "histogram", "histogram, 0 bins, total 0"),
    (
        {"_type": "histogram", "bins": [0, NAN], "counts": [1.5]},
        "histogram",
        "histogram, 1 bin, 0 to NaN, total 1.5",
    ),
    ({"_type": "table", "columns": ["a", 1], "rows": [[1, 2]]}, "table", "table, 1 row of 2 columns: a, 1"),
    (GRAPH, "graph", "graph, 2 nodes, 1 edge"),
    (weights(), "weights", "weights (h5), 2 tensors, 5,006 values"),
    ({"_type": "json", "value": {"b": 1, "a": "ü"}}, "json", 'JSON: {"a": "ü", "b": 1}'),
    ({"_type": "text", "text": "one\ntwo"}, "text", "text, 2 lines: “one”"),
    ({"_type": "text", "text": ""}, "text", "text, 0 lines: “”"),
    ({"_type": "bytes", "size": 2048, "sha256": "abcdefghijklmnop"}, "bytes", "2.0 KiB, SHA-256 abcdefghijkl"),
    ({"_type": "reference", "uri": "s3://b/k"}, "reference", "reference to s3://b/k"),
    (
        {"_type": "media", "media": "html-file", "content": {"_type": "text", "text": "x"}, "caption": "c"},
        "media",
        "html-file: text, 1 line: “x” “c”",
    ),
    ({"_type": "media", "media": "audio-file", "content": None}, "media", "audio-file: null"),
    ({"shape": [2, 3], "dtype": "f4", "sha256": "x", "values": []}, "object", "f4 of shape (2, 3)"),
    ({"policy": "live", "content": None}, "object", "file, content not seen"),
    ({"policy": None, "content": {"_type": "text", "text": "x"}}, "object", "file, text, 1 line: “x”"),
    (
        {"name": "m", "type": "model", "aliases": ["a", "b"], "entries": {"x": 1}},
        "object",
        "artifact m (a, b) of type model, 1 file",
    ),
    ({"name": "m", "type": "model", "aliases": [], "entries": {}}, "object", "artifact m of type model, 0 files"),
    ({**run(), "name": ""}, "object", "run without a name, 4 rows"),
    ({"_step": 3, "loss": 1, "acc": 2}, "object", "row of step 3: acc, loss"),
]


@pytest.mark.parametrize(("value", "kind", "text"), VALUES)
def test_a_value_has_a_kind_and_a_line(value: Any, kind: str, text: str | None) -> None:
    if value is NAN:
        assert (kind_of(value), describe(value)) == ("number", "NaN")
        return
    assert kind_of(value) == kind
    assert text is None or describe(value) == text


def test_a_number_has_six_digits_and_a_name_where_it_is_none() -> None:
    assert [number(value) for value in (1 / 3, -1e-9, 123456789.0, NAN, {}, True, 7)] == [
        "0.333333", "-1e-09", "1.23457e+08", "NaN", "?", "true", "7",
    ]  # fmt: skip


def test_values_are_told_in_as_many_digits_as_tell_them_apart() -> None:
    assert both(0.5, 0.25) == ("0.5", "0.25")
    assert both(0.1234567, 0.1234568) == ("0.1234567", "0.1234568")
    assert both(0.1234567, 0.1234567) == ("0.123457", "0.123457")
    long = "x" * 300
    assert both(long + "a", long + "b") == (f"“{long}a”", f"“{long}b”")
    assert both([long, 1], [long, 2]) == (f'["{long}", 1]', f'["{long}", 2]')


def test_what_is_long_is_cut_off_unless_it_is_wanted_exactly() -> None:
    assert shortened("x" * 200) == "x" * 200 and shortened("x" * 201) == "x" * 199 + "…"
    assert shortened("abc", 2) == "a…"
    long = "y" * 300
    for value, whole, short in (
        (long, f"“{long}”", f"“{long[:199]}…”"),
        ([long], f'["{long}"]', f'["{long[:197]}…'),
        ({"_type": "reference", "uri": long}, f"reference to {long}", f"reference to {long[:186]}…"),
    ):
        assert (describe(value, exact=True), describe(value)) == (whole, short)
        assert len(describe(value, limit=20).strip("“”")) == 20
    assert describe(0.1234567, exact=True) == "0.1234567" and describe(7, exact=True) == "7"


def test_a_tally_leaves_out_what_there_is_none_of() -> None:
    assert tally([(2, "run"), (0, "row"), (1, "entry")]) == "2 runs, 1 entry"
    assert tally([(0, "run")]) == tally([]) == "nothing"


# --- columns of a history --------------------------------------------------------------------------------------------


def test_each_key_is_a_column_with_the_rows_that_have_it() -> None:
    rows = [{"_step": 0, "b": 1, "a": {"x": {"y": 2}, "e": {}}}, {"_step": 5, "b": 3}]
    found = columns(rows)
    assert [(column.title, column.key) for column in found] == [
        ("a.e", ("a", "e")), ("a.x.y", ("a", "x", "y")), ("b", ("b",)),
    ]  # fmt: skip
    assert found[2].cells == [Cell(0, (rows[0], ABSENT), (1, ABSENT)), Cell(1, (rows[1], ABSENT), (3, ABSENT))]
    assert [cell.step for cell in found[2].cells] == [0, 5]
    assert found[2].side(0) == [(rows[0], 1), (rows[1], 3)] and found[2].side(1) == []


def test_two_histories_stand_side_by_side() -> None:
    old, new = [{"_step": 0, "a": 1}, {"_step": 1, "a": 2, "b": 3}], [{"_step": 1, "a": 2}]
    a, b = columns(old, new)
    assert [(cell.index, cell.values, cell.step) for cell in a.cells] == [(0, (1, ABSENT), 0), (1, (2, 2), 1)]
    assert [(cell.index, cell.values) for cell in b.cells] == [(1, (3, ABSENT))]
    assert a.side(1) == [(new[0], 2)] and [cell.step for cell in columns(new, old)[0].cells] == [0, 1]


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([1, 2.5, None], "number"),
        ([NAN], "number"),
        ([None], "number"),
        ([png(), [png()]], "images"),
        ([png(), None], "images"),
        ([histogram(0.5), None], "histogram"),
        ([table()], "table"),
        ([GRAPH], "graph"),
        ([GRAPH, table()], "other"),
        (["a"], "other"),
        ([1, "a"], "other"),
        ([weights()], "other"),
        ([[1]], "other"),
    ],
)
def test_a_column_is_of_the_kind_of_all_its_values(values: list[Any], kind: str) -> None:
    (column,) = columns([{"_step": at, "x": value} for at, value in enumerate(values)])
    assert column.kind == kind


# --- pictures --------------------------------------------------------------------------------------------------------


def image(array: Any, **options: Any) -> dict[str, Any]:
    written = io.BytesIO()
    Image.fromarray(np.asarray(array)).save(written, "PNG", **options)
    return {"_type": "image", "png": base64.b64encode(written.getvalue()).decode()}


def shown(address: str | None) -> Any:
    assert address is not None and address.startswith("data:image/png;base64,")
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2]))))


COLOURS = np.arange(24, dtype=np.uint8).reshape(2, 4, 3) * 10


@pytest.mark.parametrize("pixels", [COLOURS, COLOURS[..., 0], np.dstack([COLOURS, COLOURS[..., :1]])])
def test_a_picture_is_shown_with_its_pixels_and_nothing_else_of_the_file(pixels: Any) -> None:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Comment", "a secret of the machine")
    given = image(pixels, pnginfo=info)
    assert b"secret" in base64.b64decode(given["png"])
    address = data_uri(given)
    np.testing.assert_array_equal(shown(address), pixels)
    assert address is not None and b"secret" not in base64.b64decode(address.partition(",")[2])


def test_a_picture_of_sixteen_bits_is_shown_from_black_to_white() -> None:
    deep = np.array([[100, 610], [2650, 100]], np.uint16)
    np.testing.assert_array_equal(shown(data_uri(image(deep))), [[0, 51], [255, 0]])
    np.testing.assert_array_equal(shown(data_uri(image(np.full((2, 2), 7, np.uint16)))), [[0, 0], [0, 0]])


@pytest.mark.parametrize("wrong", ["", "not base64!", "bm9uZQ==", "iVBORw0KGgo="])
def test_what_is_no_picture_is_not_shown(wrong: str) -> None:
    assert data_uri({"png": wrong}) is None
    assert pixel_difference({"png": wrong}, image(COLOURS)) is pixel_difference(image(COLOURS), {"png": wrong}) is None


def test_the_difference_of_two_pictures_is_brightest_where_they_differ_most() -> None:
    changed = COLOURS.astype(int)
    changed[0, 1] += (1, -4, 2)
    changed[1, 3] += (0, 0, 6)
    found = pixel_difference(image(COLOURS), image(changed.astype(np.uint8)))
    assert found is not None and (found.pixels, found.largest) == (2, 6)
    np.testing.assert_array_equal(shown(found.picture), [[0, 170, 0, 0], [0, 0, 0, 255]])


def test_the_difference_may_be_in_what_is_transparent() -> None:
    clear = np.dstack([COLOURS, np.full((2, 4), 250, np.uint8)])
    found = pixel_difference(image(COLOURS), image(clear))
    assert found is not None and (found.pixels, found.largest) == (8, 5)


def test_pictures_that_are_the_same_or_of_other_sizes_have_no_difference() -> None:
    assert pixel_difference(image(COLOURS), image(COLOURS)) is None
    assert pixel_difference(image(COLOURS), image(COLOURS[:1])) is None
    assert pixel_difference(image(COLOURS[..., 0]), image(np.repeat(COLOURS[..., :1], 3, axis=2))) is None


def test_a_picture_that_is_too_large_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    from wandb_keras_compat.testing.views import image_diff

    monkeypatch.setattr(image_diff, "_MOST_PIXELS", 8)
    assert data_uri(image(COLOURS)) is not None
    assert data_uri(image(np.zeros((3, 3), np.uint8))) is None
