"""What the terminal says of a run is what the trace has."""

from __future__ import annotations

import io
import math
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.console import Console

from wandb_keras_compat.testing.trace.compare import diff
from wandb_keras_compat.testing.views.comparison import ComparisonView
from wandb_keras_compat.testing.views.terminal import differences, run_table, show, sparkline

from .traces import histogram, images, run, trace


def shown(made: dict[str, Any], index: int = 0) -> str:
    console = Console(file=io.StringIO(), width=200)
    console.print(run_table(index, made))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def row_of(made: dict[str, Any], name: str) -> list[str]:
    """What stands in the row of *name*, behind it."""
    rows = [[cell.strip() for cell in line.split("│")] for line in shown(made).splitlines()]
    (row,) = [row[row.index(name) + 1 : -1] for row in rows if name in row]
    return row


def test_a_trace_is_shown_by_its_name_and_what_it_holds_and_then_run_by_run() -> None:
    console = Console(file=io.StringIO(), width=200)
    show(console, "my trace", trace(run("a"), run("b", epochs=2)))
    assert isinstance(console.file, io.StringIO)
    first, *others = console.file.getvalue().splitlines()
    assert first.startswith("my trace: 2 runs, 6 rows, ")
    titles = [line.split(" (")[0] for line in others if line.startswith("Run ")]
    assert titles == ["Run 0: a", "Run 1: b"]


@pytest.mark.parametrize(
    ("code", "said"), [(None, "did not end"), (0, "exit code 0"), (1, "exit code 1"), (255, "exit code 255")]
)
def test_how_a_run_ended(code: int | None, said: str) -> None:
    title = shown({**run(), "exit_code": code})
    others = {"did not end", "exit code 0", "exit code 1;", "exit code 255"} - {said, f"{said};"}
    assert said in title and not [other for other in others if other in title]


@pytest.mark.parametrize("field", ["group", "job_type", "sweep"])
def test_the_title_names_what_the_run_has(field: str) -> None:
    assert f"{field} my word" in shown({**run(), field: "my word"})
    assert f"{field} " not in shown({**run(), field: None})


def test_every_thing_that_was_logged_is_named() -> None:
    made = run()
    made["artifacts"]["used"] = [{**made["artifacts"]["logged"][0], "name": "the input"}]
    text = shown(made, index=7)
    assert "Run 7: glad-sun-1" in text
    keys = {key for row in made["history"] for key in row if key not in ("_step", "nested")}
    for name in (*keys, *made["config"], *made["files"], "the input", "model-glad-sun-1", *made["telemetry"]):
        assert name in text, name


@settings(max_examples=20)
@given(st.integers(2, 120), st.integers(0, 119))
@example(48, 1)
def test_the_shape_of_a_histogram_has_its_peak_however_many_bins_there_are(bins: int, at: int) -> None:
    peaked = {**histogram(0.0, bins), "counts": [9 * (index == at % bins) for index in range(bins)]}
    _, shape, _ = row_of({**run(), "history": [{"_step": 0, "weights": peaked}]}, "weights")
    assert len(shape) <= 24 and shape.count("█") == 1


def test_a_histogram_that_is_null_in_the_end_has_no_shape() -> None:
    history = [{"_step": 0, "weights": histogram(0.0)}, {"_step": 1, "weights": None}]
    assert row_of({**run(), "history": history}, "weights") == ["2", "", "null"]


@pytest.mark.parametrize(
    ("captions", "said"),
    [
        ([], ""),
        (["a"], ", captions “a”"),
        (["a", "b", "c"], ", captions “a”, “b”, “c”"),
        (["a", "b", "c", "d"], ", captions “a”, “b”, “c” …"),
    ],
)
def test_up_to_three_captions_of_the_last_images_are_shown(captions: list[str], said: str) -> None:
    last = [{**image, "caption": None} for image in images(1, 4)]
    for image, caption in zip(last, captions):
        image["caption"] = caption
    history = [{"_step": 0, "drawn": images(0, 2)}, {"_step": 1, "drawn": last}]
    assert row_of({**run(), "history": history}, "drawn") == ["2", "", f"6 images of 8x8{said}"]


@pytest.mark.parametrize(("lines", "said"), [(["one"], "1 line"), (["one", " two "], "2 lines")])
def test_of_the_console_the_last_line_is_shown_and_how_many_there_are(lines: list[str], said: str) -> None:
    assert row_of({**run(), "console": lines}, "console") == [said, "", "", lines[-1].strip()]


@pytest.mark.parametrize("several", [True, False])
def test_the_summary_of_what_differs_has_a_column_for_the_run_where_there_are_several(several: bool) -> None:
    made = [run("a"), run("b")]
    traces = trace(run("a"), run("b")), trace(*made)
    for changed in made if several else made[1:]:
        changed["exit_code"] = 1
    console = Console(file=io.StringIO(), width=200)
    view = ComparisonView(diff(*traces))
    differences(console, view.findings, view.topics(traces), view.notes)
    assert isinstance(console.file, io.StringIO)
    heading, *rows = [
        [cell.strip() for cell in line.split("│")[1:-1]] for line in console.file.getvalue().splitlines() if "│" in line
    ]
    assert heading == ["run"] * several + ["where", "what", "paths", "old → new"]
    differing = ["0", "1"] if several else ["1"]
    assert rows == [[number] * several + ["exit_code", "", "1", "0 → 1"] for number in differing]


LINES = st.lists(st.one_of(st.floats(-10, 10), st.just(math.nan), st.just(math.inf)), max_size=60)


@given(LINES)
def test_a_sparkline_is_as_high_as_the_values_are(values: list[float]) -> None:
    line = sparkline(values, "01234567")
    finite = [value for value in values if math.isfinite(value)]
    assert len(line) == (min(len(values), 24) if [v for v in line if v != " "] else len(line))
    if len(values) > 24 or not finite:
        return
    assert [sign == " " for sign in line] == [not math.isfinite(value) for value in values]
    heights = {value: int(sign) for value, sign in zip(values, line) if sign != " "}
    assert sorted(heights, key=lambda value: (heights[value], value)) == sorted(heights)
    if min(finite) < max(finite):
        assert (heights[min(finite)], heights[max(finite)]) == (0, 7)


def test_counts_are_added_up_where_there_are_too_many() -> None:
    assert sparkline([1.0, 0.0] * 24, "01", pool=True) == "0" * 24
    assert sparkline([0.0] * 46 + [5.0, 5.0], "01", pool=True) == "0" * 23 + "1"


@pytest.mark.parametrize("every", [True, False])
@pytest.mark.parametrize("count", [1, 199, 200, 201])
def test_up_to_two_hundred_paths_are_printed_and_of_more_it_says_how_many(count: int, every: bool) -> None:
    made = run()
    made["console"] += [f"line {number}" for number in range(count)]
    traces = trace(), trace(made)
    view = ComparisonView(diff(*traces))
    console = Console(file=io.StringIO(), width=200)
    differences(console, view.findings, view.topics(traces), view.notes, every=every)
    assert isinstance(console.file, io.StringIO)
    lines = console.file.getvalue().splitlines()
    printed = sum(line.startswith("runs[0].console[") for line in lines)
    all_of_them = every or count <= 200
    assert printed == (count if all_of_them else 10)
    assert any("--all prints them" in line for line in lines) is not all_of_them
    assert lines[0] == f"{count} path{'s differ' if count > 1 else ' differs'}, in 1 thing"
