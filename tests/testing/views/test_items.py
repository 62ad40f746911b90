"""What the page shows of one value, or of two side by side: pictures, tables, graphs, weights and texts."""

from __future__ import annotations

from typing import Any

import pytest

from wandb_keras_compat.testing.trace.compare import diff
from wandb_keras_compat.testing.trace.differences import ABSENT
from wandb_keras_compat.testing.views.comparison_items import ComparisonItem, Grid, ItemBuilder, Pair, ShownValue
from wandb_keras_compat.testing.views.findings import Findings

from .traces import GRAPH, png, weights

AT = ("runs", 0, "summary", "x")
PATH = "runs[0].summary.x"


def of_summary(value: Any) -> dict[str, Any]:
    return {"blind": [], "made_with": {}, "runs": [{"summary": {} if value is ABSENT else {"x": value}}]}


def builder(old: Any, new: Any) -> ItemBuilder:
    return ItemBuilder(Findings(diff(of_summary(old), of_summary(new))), comparing=True)


def item(old: Any, new: Any) -> ComparisonItem:
    return builder(old, new).item(AT, old, new, title="x", step=3)


def texts(pair: Pair) -> tuple[str | None, str | None]:
    old, new = (None if shown is None else shown.text for shown in (pair.old, pair.new))
    return old, new


# --- pairs -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        (0.1234567, 0.1234567, ("0.123457", "0.123457")),
        (0.1234567, 0.2345678, ("0.123457", "0.234568")),
        ("a", "a", ("a", "a")),
        ("a\u202e", "a\u202e", ("a\\u202e", "a\\u202e")),
        ("a", "b", ("“a”", "“b”")),  # quotes tell text from numbers where that matters
        ("1", 1, ("“1”", "1")),
        (None, ABSENT, ("null", None)),
        (ABSENT, [1], (None, "[1]")),
        ("x" * 300, "x" * 300, ("x" * 199 + "…",) * 2),
    ],
)
def test_two_values_are_shown_as_they_have_to_be_told_apart(old: Any, new: Any, shown: tuple[Any, Any]) -> None:
    pair = builder(old, new).pair(AT, old, new)
    assert texts(pair) == shown and pair.differs is (old != new or old is not new)
    assert (pair.path, pair.title, pair.step, pair.pixels, pair.note) == (PATH, "x", None, None, "")
    assert [each.path for each in pair.findings] == [PATH] * pair.differs
    named = builder(old, new).pair(AT, old, new, title="mine", step=7)
    assert (named.title, named.step) == ("mine", 7)


def test_of_an_image_the_picture_is_shown_and_where_it_differs_by_how_much() -> None:
    one, other = {**png(), "caption": "cat"}, {**png(seed=1), "caption": "dog"}
    pair = builder(one, other).pair(AT, one, other)
    assert pair.old is not None and (pair.old.picture or "").startswith("data:image/png")
    assert pair.pixels is not None and pair.pixels.pixels > 0 and pair.note == "cat → dog"
    same = builder(one, one).pair(AT, one, one)
    assert same.pixels is None and same.note == "cat"
    half = builder(one, 3).pair(AT, one, 3)
    assert half.pixels is None and half.note == "cat" and half.new == ShownValue("3")
    bare = builder(png(), other).pair(AT, png(), other)
    assert bare.note == "dog" and builder(3, 3).pair(AT, 3, 3).old == ShownValue("3")


# --- items -----------------------------------------------------------------------------------------------------------

TABLE = {"_type": "table", "columns": ["a", "b"], "rows": [[1, 2], [3, 4]]}
TEXT = {"_type": "text", "text": "one\ntwo"}
JSON = {"_type": "json", "value": {"b": "ü", "a": [1]}}


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        (png(), png(1), "images"),
        ([png()], png(), "images"),
        (png(), ABSENT, "images"),
        (ABSENT, [png()], "images"),
        (png(), 3, "other"),
        (TABLE, TABLE, "table"),
        (TABLE, ABSENT, "table"),
        (TABLE, GRAPH, "other"),
        (GRAPH, GRAPH, "graph"),
        (weights(), ABSENT, "weights"),
        (TEXT, TEXT, "text"),
        (JSON, JSON, "json"),
        (JSON, TEXT, "other"),
        (3, 4, "number"),
        ("a", "a", "string"),
        ({"a": 1}, {"a": 1}, "object"),
    ],
)
def test_an_item_is_of_the_kind_of_both(old: Any, new: Any, kind: str) -> None:
    found = item(old, new)
    assert (found.kind, found.title, found.path, found.step) == (kind, "x", PATH, 3)
    assert texts(found.description)[0] is not None or old is ABSENT
    assert found.description.title == "x" and found.differs is bool(found.findings)
    assert bool(found.images) is (kind == "images")
    assert (found.grid is not None) is (kind in {"table", "graph", "weights"})
    assert (found.texts != (None, None)) is (kind in {"text", "json"})


def test_texts_are_shown_whole_and_what_is_longer_is_cut_off() -> None:
    assert item(TEXT, ABSENT).texts == ("one\ntwo", None)
    assert item(ABSENT, JSON).texts == (None, '{\n  "b": "ü",\n  "a": [\n    1\n  ]\n}')
    long = item({"_type": "text", "text": "x" * 30_000}, ABSENT).texts[0]
    assert long == "x" * 19_999 + "…"


def test_images_of_lists_are_paired_and_masks_follow_theirs() -> None:
    masked = {**png(), "masks": {"b": {"image": png(4, 4)}, "a": {"image": png(4, 4, 2)}}}
    found = item([masked, png(seed=5)], [{**png(), "masks": {"b": {"image": png(4, 4, 3)}}}, png(seed=5)])
    assert [(pair.path, pair.title, pair.step) for pair in found.images] == [
        (f"{PATH}[0]", " ", 3),
        (f"{PATH}[0].masks.a.image", "mask a", 3),
        (f"{PATH}[0].masks.b.image", "mask b", 3),
        (f"{PATH}[1]", " ", 3),
    ]
    assert [pair.differs for pair in found.images] == [True, True, True, False]
    assert [texts(pair)[1] is None for pair in found.images] == [False, True, False, False]
    alone = item(masked, ABSENT).images
    assert [pair.path for pair in alone] == [PATH, f"{PATH}.masks.a.image", f"{PATH}.masks.b.image"]
    assert [pair.path for pair in item(png(), [png(seed=9), png()]).images] == [f"{PATH}[0]", f"{PATH}[1]"]
    assert item({**png(), "masks": None}, png()).images[0].path == PATH


def cells(grid: Grid | None) -> list[tuple[int, list[tuple[str | None, str | None]]]]:
    assert grid is not None
    return [(index, list(map(texts, row))) for index, row in grid.rows]


def test_a_table_has_its_cells_by_row_and_what_differs_is_marked() -> None:
    changed = {**TABLE, "columns": ["a", "c"], "rows": [[1, 5], [3, 4]]}
    found = item(TABLE, changed).grid
    assert found is not None
    assert [(texts(head), head.differs) for head in found.headings] == [(("a", "a"), False), (("“b”", "“c”"), True)]
    assert cells(found) == [(0, [("1", "1"), ("2", "5")]), (1, [("3", "3"), ("4", "4")])]
    assert [(cell.path, cell.differs) for cell in found.rows[0][1]] == [
        (f"{PATH}.rows[0][0]", False), (f"{PATH}.rows[0][1]", True),
    ]  # fmt: skip
    assert found.left_out == "" and found.headings[0].path == f"{PATH}.columns[0]"


def test_a_table_that_one_side_has_is_shown_on_that_side() -> None:
    assert cells(item(TABLE, ABSENT).grid)[0] == (0, [("1", None), ("2", None)])
    assert cells(item(ABSENT, TABLE).grid)[1] == (1, [(None, "3"), (None, "4")])
    fewer = {**TABLE, "rows": [[3, 4]]}
    assert cells(item(TABLE, fewer).grid) == [(0, [("1", None), ("2", None)]), (1, [("3", "3"), ("4", "4")])]


def test_of_a_long_table_the_rows_that_differ_are_there_and_some_others() -> None:
    old = {**TABLE, "rows": [[at, 0] for at in range(500)]}
    new = {**TABLE, "rows": [[at, int(at >= 290)] for at in range(500)]}
    found = item(old, new).grid
    assert found is not None
    assert [index for index, _ in found.rows] == [*range(20), *range(290, 490)]
    assert found.left_out == "280 rows of 500 not shown."
    same = item(old, old).grid
    assert same is not None and len(same.rows) == 20 and same.left_out == "480 rows of 500 not shown."
    one = item(old, {**TABLE, "rows": [[at, 0] for at in range(21)]}).grid
    assert one is not None and one.left_out.endswith("of 500 not shown.")
    exact = item({**TABLE, "rows": old["rows"][:20]}, {**TABLE, "rows": old["rows"][:20]}).grid
    assert exact is not None and exact.left_out == ""


def test_a_graph_is_a_table_of_its_nodes() -> None:
    changed = {**GRAPH, "nodes": [GRAPH["nodes"][0], {"name": "scores", "own": 1}]}
    found = item(GRAPH, changed).grid
    assert found is not None
    heads = ["name", "class_name", "output_shape", "num_parameters", "own"]
    assert [texts(head) for head in found.headings] == [(head, head) for head in heads]
    assert [head.title for head in found.headings] == heads
    assert cells(found)[1] == (
        1, [("scores", "scores"), ("“Dense”", None), ("[null, 10]", None), ("5130", None), (None, "1")],
    )  # fmt: skip
    assert [cell.differs for cell in found.rows[1][1]] == [False, True, True, True, True]
    assert found.rows[1][1][1].path == f"{PATH}.nodes[1].class_name"
    assert cells(item(ABSENT, GRAPH).grid)[0][1][0] == (None, "“conv_1”")
    many = {**GRAPH, "nodes": [{"name": str(at)} for at in range(22)]}
    grid = item(many, many).grid
    assert grid is not None and grid.left_out == "2 nodes of 22 not shown."


def test_weights_are_a_table_of_what_they_hold_and_how_far_apart_they_are() -> None:
    changed = weights()
    changed["weights"]["dense/bias"]["values"] = [0.5, 0.1, 0.2, 0.3, 0.4, 0.5]
    changed["weights"]["other"] = {"shape": [1], "dtype": "string", "sha256": "d" * 64}
    found = item(weights(), changed).grid
    assert found is not None
    heads = ["tensor", "shape", "dtype", "values", "largest difference"]
    assert [texts(head) for head in found.headings] == [(head, head) for head in heads]
    assert cells(found) == [
        (
            0,
            [
                ("dense/bias", "dense/bias"), ("[2, 3]", "[2, 3]"), ("float32", "float32"),
                ("0 to 0.5, mean 0.25", "0.1 to 0.5, mean 0.333333"), ("0.5", "0.5"),
            ],
        ),
        (
            1,
            [
                ("dense/kernel", "dense/kernel"), ("[100, 50]", "[100, 50]"), ("float32", "float32"),
                ("norm 12.5", "norm 12.5"), ("", ""),
            ],
        ),
        (2, [("other", "other"), (None, "[1]"), (None, "“string”"), (None, "SHA-256 dddddddddddd"), ("", "")]),
    ]  # fmt: skip
    assert [[cell.differs for cell in row] for _, row in found.rows] == [
        [True, False, False, True, True], [False] * 5, [True] * 5,
    ]  # fmt: skip
    place = f'{PATH}.weights["dense/bias"]'
    assert [cell.path for cell in found.rows[0][1]] == [place, f"{place}.shape", f"{place}.dtype", place, place]
    assert [cell.title for cell in found.rows[0][1]] == ["dense/bias", "shape", "dtype", "dense/bias", "dense/bias"]


def test_of_one_trace_nothing_is_apart() -> None:
    found = ItemBuilder().item(AT, weights(), ABSENT, title="x").grid
    assert found is not None and [head.title for head in found.headings] == ["tensor", "shape", "dtype", "values"]
    assert cells(found)[0][1][3] == ("0 to 0.5, mean 0.25", None)


def test_numbers_that_are_none_are_left_out_of_ranges() -> None:
    broken = weights()
    broken["weights"]["dense/bias"]["values"][0] = {"_type": "number", "is": "NaN"}
    found = item(weights(), broken).grid
    assert cells(found)[0][1][3:] == [("0 to 0.5, mean 0.25", "0.1 to 0.5, mean 0.3"), ("", "")]
