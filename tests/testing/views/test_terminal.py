"""What the terminal says of a run is what the trace has."""

from __future__ import annotations

import io
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from wandb_keras_compat.testing.trace.compare import diff
from wandb_keras_compat.testing.views.comparison import ComparisonView
from wandb_keras_compat.testing.views.terminal import differences, run_table, sparkline

from .traces import run, trace


def shown(made: dict[str, Any], index: int = 0) -> str:
    console = Console(file=io.StringIO(), width=200)
    console.print(run_table(index, made))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


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
