"""Each kind of difference by its place, name and note, in traces of one run and one value."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from wandb_keras_compat.testing.trace.compare import diff
from wandb_keras_compat.testing.trace.differences import ABSENT, Diff, Difference
from wandb_keras_compat.testing.trace.ledger import Ledger
from wandb_keras_compat.testing.trace.paths import Patterns
from wandb_keras_compat.testing.trace.weights import weight

from .mutate import is_set
from .strategies import png

NAN = {"_type": "number", "is": "NaN"}


def trace(blind: list[str] | None = None, **run: Any) -> dict[str, Any]:
    return {"blind": blind or [], "made_with": {"wandb": "0.31.0"}, "runs": [{"name": "mine", **run}]}


def found(old: Any, new: Any) -> list[tuple[str, str]]:
    """Where below the value of a summary, and in which way, *old* and *new* differ."""
    below = len("runs[0].summary.x")
    return [(item.path[below:], item.kind) for item in diff(trace(summary={"x": old}), trace(summary={"x": new}))]


def histogram(bins: list[Any], counts: list[Any]) -> dict[str, Any]:
    return {"_type": "histogram", "bins": bins, "counts": counts}


def model(form: str = "h5", **arrays: Any) -> dict[str, Any]:
    return {"_type": "weights", "format": form, "weights": arrays}


DIGEST = {"dtype": "string", "shape": [1], "sha256": "a"}
ROWS = np.arange(12).reshape(2, 2, 3)

KINDS: list[tuple[Any, Any, list[tuple[str, str]]]] = [
    ({"a": 1}, {"a": 1}, []),
    ({"a": 1, "c": 1}, {"b": 2, "c": 1}, [(".a", "missing"), (".b", "added")]),
    ({"a": None}, {}, [(".a", "missing")]),
    ({}, [], [("", "type")]),
    ([1], {"0": 1}, [("", "type")]),
    ("1", 1, [("", "type")]),
    (1, 2, [("", "number")]),
    (1, 1.0, []),
    (NAN, NAN, []),
    (NAN, 1.0, [("", "number")]),
    (1.0, NAN, [("", "number")]),
    (NAN, {"_type": "text", "text": ""}, [("", "type")]),
    (NAN, "NaN", [("", "type")]),
    ("a", "b", [("", "text")]),
    (True, False, [("", "value")]),
    (True, 1, [("", "type")]),
    (False, None, [("", "type")]),
    ([1, 2], [1, 3], [("[1]", "number")]),
    ([1, 2, 3], [1, 3], [("[1]", "missing")]),
    ({"_type": "text", "text": "a"}, {"_type": "text", "text": "b"}, [(".text", "text")]),
    ({"_type": "text", "text": "a"}, {"_type": "json", "value": "a"}, [("", "type")]),
    (histogram([0, 1], [3]), histogram([0, 2], [4]), [(".bins[1]", "edge"), (".counts[0]", "count")]),
    (histogram([0, 1, 2], [3, 4]), histogram([0, 1], [3]), [(".bins", "length"), (".counts", "length")]),
    (histogram([0, 1, 2], [3, 4]), histogram([0, 1, 5], [3]), [(".bins[2]", "edge"), (".counts", "length")]),
    (model(a=DIGEST), model("keras", a=DIGEST), [(".format", "text")]),
    (model(a=DIGEST), model(a={**DIGEST, "sha256": "b"}), [(".weights.a.sha256", "text")]),
    (model(a=DIGEST), model(b=DIGEST), [(".weights.a", "missing"), (".weights.b", "added")]),
    (
        model(a=weight(np.ones(2, "f4"))),
        model(a=weight(np.ones(3, "f8"))),
        [(".weights.a.dtype", "text"), (".weights.a.shape[0]", "number")],
    ),
    (model(a=weight(np.ones(2))), model(a=weight(np.zeros(2))), [(".weights.a.values", "weights")]),
    (model(a=weight(np.ones(99))), model(a=weight(np.zeros(99))), [(".weights.a.sketch", "weights")]),
    (
        model(a={**DIGEST, "values": [1.0]}),
        model(a={**DIGEST, "sha256": "b"}),
        [(".weights.a.values", "weights")],
    ),
    (
        model(a={**DIGEST, "sha256": "b"}),
        model(a={**DIGEST, "values": [1.0]}),
        [(".weights.a.values", "weights")],
    ),
    (
        model(a={**DIGEST, "values": [1.0]}),
        model(a={**DIGEST, "values": [1.0, 2.0]}),
        [(".weights.a.values", "weights")],
    ),
    (png(ROWS), png(ROWS + 1), [(".pixels", "pixels")]),
    # Of other sizes the sizes are the difference, not each pixel beside.
    (png(ROWS), png(ROWS[:1]), [(".height", "number")]),
    (png(ROWS), png(ROWS[..., 0]), [(".mode", "text")]),
    ({**png(ROWS), "caption": "0.5"}, {**png(ROWS), "caption": "0.5000000001"}, []),
    ({**png(ROWS), "caption": "cat"}, {**png(ROWS), "caption": "dog"}, [(".caption", "text")]),
    ({**png(ROWS), "caption": "cat"}, png(ROWS), [(".caption", "missing")]),
    (png(ROWS), {**png(ROWS), "caption": "cat"}, [(".caption", "added")]),
    ({**png(ROWS), "caption": "cat"}, {**png(ROWS), "caption": None}, [(".caption", "type")]),
]


@pytest.mark.parametrize(("old", "new", "expected"), KINDS)
def test_a_difference_has_its_place_and_kind(old: Any, new: Any, expected: list[tuple[str, str]]) -> None:
    swapped = {"missing": "added", "added": "missing"}
    assert found(old, new) == expected
    assert found(new, old) == [(path, swapped.get(kind, kind)) for path, kind in expected]


@pytest.mark.parametrize(("old", "new", "expected"), KINDS)
def test_a_difference_has_the_values_of_both_sides(old: Any, new: Any, expected: list[tuple[str, str]]) -> None:
    def there(value: Any, item: Difference) -> Any:
        """What is at its place; of pixels the image, of an array that has no such numbers nothing."""
        for part in item.parts[4:] if item.kind != "pixels" else ():
            value = value.get(part, ABSENT) if isinstance(value, dict) else value[part]
        return value

    for item in diff(trace(summary={"x": old}), trace(summary={"x": new})):
        assert item.old == (ABSENT if item.kind == "added" else there(old, item))
        assert item.new == (ABSENT if item.kind == "missing" else there(new, item))


def test_a_difference_is_named_by_keys_too() -> None:
    (item,) = diff(trace(summary={"x": 1}), trace(summary={"x": 2}))
    assert (item.old, item.new, item.note, item.parts) == (1, 2, "", ("runs", 0, "summary", "x"))
    (item,) = diff(trace(summary={"x": 1}), trace(summary={}))
    assert (item.old, item.new) == (1, ABSENT)
    assert not ABSENT and repr(ABSENT) == "absent"


def test_of_pixels_the_number_and_the_first_are_noted() -> None:
    changed = ROWS.copy()
    changed[1, 0, 2] += 1
    changed[1, 1] += 1
    images = [png(ROWS), png(changed)]
    (item,) = diff(*(trace(summary={"x": image}) for image in images))
    assert item.note == "2 of 4 pixels, the first in row 1, column 0"
    assert str(item) == "runs[0].summary.x.pixels: pixels (2 of 4 pixels, the first in row 1, column 0)"
    assert [item.old, item.new] == images
    (item,) = diff(*(trace(summary={"x": png(array[..., 2])}) for array in (ROWS, changed)))
    assert item.note == "2 of 4 pixels, the first in row 1, column 0"


@pytest.mark.parametrize(
    ("wrong", "begins"),
    [
        ({"png": "bm9uZQ=="}, "it holds no PNG: "),
        ({"png": png(ROWS[:1])["png"]}, "a PNG that is not of the size or mode it is said to have"),
    ],
)
def test_a_png_that_is_none_is_a_difference_and_no_error(wrong: dict[str, str], begins: str) -> None:
    (item,) = diff(trace(summary={"x": png(ROWS)}), trace(summary={"x": {**png(ROWS), **wrong}}))
    assert item.kind == "pixels" and item.note.startswith(begins)


#: Places of lists, with whether their order says nothing.
PLACES = [
    (("tags",), True),
    (("telemetry",), True),
    (("terminal",), True),
    (("console",), False),
    (("metrics", "loss", "summary"), True),
    (("summary", "loss", "summary"), False),
    (("metrics", "loss", "tags"), False),
    (("artifacts", "logged", 0, "aliases"), True),
    (("artifacts", "logged", 0, "tags"), False),
    (("history", "logged", 0, "aliases"), False),
    (("summary", "tags"), False),
    (("summary", "x", "y", "z", "aliases"), False),
]


@pytest.mark.parametrize(("place", "unordered"), PLACES)
def test_what_has_no_order_may_have_another(place: tuple[Any, ...], unordered: bool) -> None:
    def below(value: Any) -> dict[str, Any]:
        for part in reversed(place):
            value = [value] if part == 0 else {part: value}
        return trace(**value)

    assert bool(diff(below(["a", "b"]), below(["b", "a"]))) is not unordered
    assert is_set(("runs", 0, *place)) is unordered


def test_what_has_no_order_is_named_by_itself_and_counted() -> None:
    old, new = trace(terminal=["b", "a", "a"]), trace(terminal=["a", "c"])
    assert [(item.path, item.kind, item.old, item.new) for item in diff(old, new)] == [
        ("runs[0].terminal.a", "number of times", 2, 1),
        ("runs[0].terminal.b", "missing", "b", ABSENT),
        ("runs[0].terminal.c", "added", ABSENT, "c"),
    ]  # fmt: skip


SUMMARIES = {"a": 1, "b": 2, "c": 3}, {"a": 10, "b": 20, "c": 30}


@pytest.mark.parametrize("side", [0, 1])
def test_what_one_side_is_blind_to_is_no_difference_and_counted(side: int) -> None:
    blind = ["runs[*].summary.a", "runs[*].summary.x*", "runs[*].files.**"]
    traces = [trace(summary=summary, files={"f": at}) for at, summary in enumerate(SUMMARIES)]
    traces[side]["blind"] = blind
    seen = diff(*traces)
    assert seen.paths() == ["runs[0].summary.b", "runs[0].summary.c"]
    assert seen.left_out == {"runs[*].summary.a": 1, "runs[*].files.**": 1}


def test_of_a_model_one_may_be_blind_to_some_arrays() -> None:
    one, other = model(a=weight(np.ones(2)), b=weight(np.ones(2))), model(a=weight(np.zeros(2)), b=weight(np.zeros(2)))
    blind = ["runs[*].summary.x.weights.a"]
    seen = diff(trace(blind, summary={"x": one}), trace(summary={"x": other}))
    assert seen.paths() == ["runs[0].summary.x.weights.b.values"]
    assert seen.left_out == {blind[0]: 1}


def test_of_a_histogram_one_may_be_blind_to_its_edges() -> None:
    one, other = histogram([0, 1], [3]), histogram([0, 2], [4])
    seen = diff(trace(["runs[*].summary.x.bins.**"], summary={"x": one}), trace(summary={"x": other}))
    assert seen.paths() == ["runs[0].summary.x.counts[0]"]


def test_what_is_to_be_ignored_is_counted_by_its_pattern() -> None:
    old, new = (trace(summary=summary) for summary in SUMMARIES)
    seen = diff(old, new, ignore=Patterns(["runs[*].summary.a", "runs[*].summary.b", "runs[*].notes"]))
    assert seen.paths() == ["runs[0].summary.c"]
    assert seen.ignored == {"runs[*].summary.a": 1, "runs[*].summary.b": 1} and seen.known == {}


def entry(name: str, where: str, **more: Any) -> dict[str, Any]:
    texts = dict.fromkeys(("old", "new", "why", "witness"), "x")
    return {"id": name, "feature": "best", "kind": "intended", "where": where, **texts, **more}


def test_the_ledger_is_asked_for_the_versions_and_the_runs_of_the_new_trace() -> None:
    old, new = (trace(summary=summary) for summary in SUMMARIES)
    old["made_with"], old["runs"][0]["name"] = {"wandb": "0.1"}, "yours"
    known = Ledger.of(
        [
            entry("KD-001", "runs[*].summary.a", when={"wandb": ">0.30"}, run="mine"),
            entry("KD-002", "runs[*].summary.b", when={"wandb": "<0.30"}),
            entry("KD-003", "runs[*].summary.c", run="yours"),
            entry("KD-004", "runs[*].notes"),
        ]
    )
    seen = diff(old, new, known, ignore=Patterns(["runs[*].name"]))
    assert seen.paths() == ["runs[0].summary.b", "runs[0].summary.c"]
    assert {name: [item.path for item in items] for name, items in seen.known.items()} == {
        "KD-001": ["runs[0].summary.a"]
    }
    assert seen.unused == ("KD-004",) and seen.ignored == {"runs[*].name": 1} and seen.left_out == {}


def test_sweeps_are_compared_where_there_are_any() -> None:
    plain, swept = trace(), {**trace(), "sweeps": [{"method": "grid"}]}
    assert not diff(swept, swept)
    assert [(item.path, item.kind) for item in diff(plain, swept)] == [("sweeps[0]", "added")]
    assert [(item.path, item.kind) for item in diff(swept, plain)] == [("sweeps[0]", "missing")]


def test_a_diff_is_what_it_holds() -> None:
    items = (Difference("a", 1, 2, "number"), Difference("b", {}, [], "type"))
    whole = Diff(items)
    assert (list(whole), len(whole), bool(whole), whole.paths()) == (list(items), 2, True, ["a", "b"])
    nothing = Diff(())
    assert not nothing and len(nothing) == 0
    assert nothing.left_out == nothing.known == nothing.ignored == {} and nothing.unused == items[0].parts == ()
    assert str(items[0]) == "a: number" and repr(items[0]).endswith("kind='number', note='')")


def test_differences_are_equal_by_what_they_show_and_can_be_in_a_set() -> None:
    one = Difference("a", {"x": 1}, [], "type", parts=("a",))
    assert {one, Difference("a", {"x": 1}, [], "type")} == {one}
    assert len({one, Difference("a", {"x": 2}, [], "type"), Difference("b", {"x": 1}, [], "type")}) == 3
