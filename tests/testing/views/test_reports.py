"""The report of one trace or of two as records, how much a trace holds in a line, and histograms over the steps."""

from __future__ import annotations

import copy
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from wandb_keras_compat.testing.trace.compare import diff
from wandb_keras_compat.testing.views.build_report import report_of, report_of_both
from wandb_keras_compat.testing.views.findings import Findings
from wandb_keras_compat.testing.views.report_model import Report
from wandb_keras_compat.testing.views.ridges import Ridge, ridge_chart
from wandb_keras_compat.testing.views.trace_size import holdings, only_in_summary

from .pages import SVG
from .traces import GRAPH, histogram, png, run, table, trace

NAN = {"_type": "number", "is": "NaN"}


def sweep(name: str, **more: Any) -> dict[str, Any]:
    given = [{"run": 0, "agent": 0, "values": {"lr": 0.1}}, {"run": None, "agent": None, "values": {"lr": 0.2}}]
    found = {
        "name": name,
        "title": None,
        "state": "FINISHED",
        "agents": 1,
        "config": {"method": "grid"},
        "given": given,
    }
    return {**found, **more}


def both(old: dict[str, Any], new: dict[str, Any], *notes: str) -> Report:
    return report_of_both(("a.json", "b.json"), (old, new), Findings(diff(old, new)), notes)


def test_the_report_of_one_trace() -> None:
    found = report_of("a.json", {**trace(run(), run("second")), "sweeps": [sweep("sweep 1")]})
    (side,) = found.sides
    assert (side.style, side.name, side.door) == ("old", "a.json", "http")
    assert side.versions == [("keras", "3.15.1"), ("python", "3.13.0"), ("wandb", "0.31.0")]
    assert side.holds.startswith("1 sweep, 2 runs, 8 rows, ")
    assert [each.title for each in found.runs] == ["glad-sun-1", "second"]
    assert [each.path for each in found.runs[1].config] == ["runs[1].config.batch_size", "runs[1].config.optimizer"]
    assert not found.comparing and found.topics == [] and found.notes == ()
    (swept,) = found.sweeps
    assert swept.title == "Sweep 1 (grid; FINISHED; 1 agent)" and swept.findings == []
    assert [(each.path, each.title) for each in swept.config] == [("sweeps[0].config.method", "method")]
    assert [(each.path, each.title) for each in swept.given] == [
        ("sweeps[0].given[0]", "run 0"), ("sweeps[0].given[1]", "run 1"),
    ]  # fmt: skip
    assert not found.runs[0].config[0].differs and found.runs[0].config[0].new is None


def test_a_trace_without_sweeps_has_none() -> None:
    assert "sweeps" not in trace() and report_of("a.json", trace()).sweeps == []


def test_the_report_of_two_traces_has_both_sides_and_what_differs() -> None:
    old, new = trace(run(), run("second")), trace(run())
    new["door"], new["made_with"] = "recorder", {"wandb": "0.30.0"}
    new["runs"][0]["config"]["batch_size"] = 7
    found = both(old, new, "a note")
    assert [(side.style, side.name, side.door) for side in found.sides] == [
        ("old", "a.json", "http"), ("new", "b.json", "recorder"),
    ]  # fmt: skip
    assert found.sides[1].versions == [("wandb", "0.30.0")] and found.comparing and found.notes == ("a note",)
    assert [each.title for each in found.runs] == ["glad-sun-1", "second"]
    assert [[each.path for each in one.findings] for one in found.runs] == [["runs[0].config.batch_size"], ["runs[1]"]]
    assert [topic.title for topic in found.topics] == ["config batch_size", "run"] and found.sweeps == []
    (grid,) = (each.grid for each in found.runs[0].files if each.grid)
    assert grid.headings[-1].title == "largest difference"


def test_sweeps_of_two_traces_are_paired_and_each_title_is_there() -> None:
    old = {**trace(), "sweeps": [sweep("sweep 1"), sweep("sweep 2")]}
    new = {**trace(), "sweeps": [sweep("sweep 1", state="PAUSED", config={"method": "grid", "metric": {"name": "x"}})]}
    new["sweeps"][0]["given"] = [{"run": 0, "agent": 0, "values": {"lr": 0.3}}]
    one, other = both(old, new).sweeps
    titles = "Sweep 1 (grid; FINISHED; 1 agent)", "Sweep 1 (grid; PAUSED; 1 agent; minimize x)"
    assert one.title == " → ".join(titles) and other.title == "Sweep 2 (grid; FINISHED; 1 agent)"
    assert [each.path for each in one.findings] == [
        "sweeps[0].config.metric", "sweeps[0].given[0].values.lr", "sweeps[0].given[1]", "sweeps[0].state",
    ]  # fmt: skip
    assert [(pair.title, pair.differs) for pair in one.config] == [("method", False), ("metric", True)]
    assert [pair.differs for pair in one.given] == [True, True] and len(other.given) == 2
    assert [each.path for each in other.findings] == ["sweeps[1]"]
    assert both(new, old).sweeps[0].title == " → ".join(reversed(titles))
    assert both(trace(), old).sweeps[1].title == "Sweep 2 (grid; FINISHED; 1 agent)"


# --- how much there is -----------------------------------------------------------------------------------------------


def of(*rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    empty = {"summary": {}, "files": {}, "artifacts": {"logged": [], "used": []}}
    return {**empty, "history": list(rows), **more}


@pytest.mark.parametrize(
    ("runs", "holds"),
    [
        ([], "nothing"),
        ([of()], "1 run"),
        ([of({"x": 1}), of({"x": 1}, {"x": 2})], "2 runs, 3 rows"),
        ([of({"x": png(), "y": [png(), png()], "z": {"deep": [GRAPH]}})], "1 run, 1 row, 1 graph, 3 images"),
        ([of({"x": histogram(0.5)}, summary={"t": table()})], "1 run, 1 row, 1 histogram, 1 table"),
        ([of({"x": table()}, summary={"x": table()})], "1 run, 1 row, 1 table"),
        ([of({"x": table()}, summary={"x": table(5)})], "1 run, 1 row, 2 tables"),
        ([of({"x": {"_type": "media", "media": "html-file", "content": None}})], "1 run, 1 row, 1 other media object"),
        (
            [of(files={"a": 1, "b": 2}, artifacts={"logged": [1, 2], "used": [3]})],
            "1 run, 2 files, 2 artifacts, 1 used artifact",
        ),
    ],
)
def test_what_a_trace_holds_is_counted(runs: list[Any], holds: str) -> None:
    assert holdings({"runs": runs}) == holds
    swept = {"runs": runs, "sweeps": [1, 2]}
    assert holdings(swept) == ("2 sweeps" if holds == "nothing" else f"2 sweeps, {holds}")
    assert holdings({"runs": runs, "sweeps": []}) == holds


def test_what_the_history_ends_with_is_no_more_in_the_summary() -> None:
    made = of({"a": 1, "b": 1}, {"a": 2}, summary={"a": 2, "b": 3, "c": 4})
    assert only_in_summary(made) == {"b": 3, "c": 4}


# --- histograms ------------------------------------------------------------------------------------------------------


def drawn(*ridges: Ridge) -> ET.Element:
    return ET.fromstring(ridge_chart("w", ridges))


def outlines(chart: ET.Element, style: str) -> list[str | None]:
    return [each.get("d") for each in chart.iter(f"{SVG}path") if each.get("class") == f"ridge {style}"]


def labels(chart: ET.Element, begins: str) -> list[tuple[str | None, str | None]]:
    found = [each for each in chart.iter(f"{SVG}text") if (each.get("class") or "").startswith(begins)]
    return [(each.text, each.get("class")) for each in found]


SQUARE = {"bins": [0, 1, 2], "counts": [1, 3]}


def test_a_histogram_is_an_outline_from_base_line_to_base_line() -> None:
    chart = drawn(Ridge("3", SQUARE, {"bins": [0, 2], "counts": [5]}))
    # Three of four values in the right half: the highest; of the new one half of that per unit of value.
    assert outlines(chart, "old") == ["M58.0 52.0 L58.0 37.3 L203.0 37.3 L203.0 8.0 L348.0 8.0 L348.0 52.0 Z"]
    assert outlines(chart, "new") == ["M58.0 52.0 L58.0 22.7 L348.0 22.7 L348.0 52.0 Z"]
    assert labels(chart, "tick end") == [("3", "tick end")]
    assert [text for text, _ in labels(chart, "name middle")] == ["value", "step"]
    assert chart.findtext(f"{SVG}title") == "w, histograms of 1 of 1 steps"
    assert chart.get("viewBox") == "0 0 360 92"
    ticks = labels(chart, "tick middle")
    assert ticks[0][0] == "0" and ticks[-1][0] == "2"
    places = [each.get("x") for each in chart.iter(f"{SVG}text") if each.get("class") == "tick middle"]
    assert places[0] == "58.0" and places[-1] == "348.0"
    axis, *marks = (each for each in chart.iter(f"{SVG}line") if each.get("class") == "axis")
    assert [axis.get(name) for name in ("x1", "x2", "y1", "y2")] == ["58", "348", "52", "52"]
    assert [each.get("x1") for each in marks] == [each.get("x2") for each in marks] == places


def test_each_step_has_a_base_line_of_its_own_and_one_that_differs_is_marked() -> None:
    chart = drawn(Ridge("0", SQUARE), Ridge("7", SQUARE, differs=True), Ridge("9", None, SQUARE))
    assert labels(chart, "tick end") == [("0", "tick end"), ("≠ 7", "tick end differs"), ("9", "tick end")]
    assert [(outline or "").split(" L")[0] for outline in outlines(chart, "old")] == ["M58.0 52.0", "M58.0 78.0"]
    assert [(outline or "").split(" L")[0] for outline in outlines(chart, "new")] == ["M58.0 104.0"]
    lines = [(each.get("x1"), each.get("x2"), each.get("y1")) for each in chart.iter(f"{SVG}line")]
    assert lines[:3] == [("58", "348", "52"), ("58", "348", "78"), ("58", "348", "104")]
    assert chart.get("viewBox") == "0 0 360 144"


def test_of_many_steps_twelve_are_drawn_and_those_that_differ_first() -> None:
    ridges = [Ridge(str(at), SQUARE, differs=at in (3, 5)) for at in range(40)]
    chart = drawn(*ridges)
    shown = [text for text, _ in labels(chart, "tick end")]
    assert len(shown) == 12 and {"≠ 3", "≠ 5", "0", "39"} <= set(shown)
    assert labels(chart, "name middle")[0][0] == "value; 12 of 40 steps"
    assert chart.findtext(f"{SVG}title") == "w, histograms of 12 of 40 steps"
    assert labels(drawn(*ridges[:12]), "name middle")[0][0] == "value"


def test_of_few_values_neighbouring_bins_are_drawn_as_one() -> None:
    for total, bins in ((16, 10), (36, 12), (100, 20), (2000, 64)):
        made = {"bins": list(range(65)), "counts": [total / 64] * 64}
        (outline,) = outlines(drawn(Ridge("0", made)), "old")
        assert (outline or "").count("L") == 2 * bins + 1
        tops = {point.split(" ")[1] for point in (outline or "").removesuffix(" Z").split(" L")[1:-1]}
        assert tops == {"8.0"}  # as even as what it is made of


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        {"bins": [0, 1], "counts": [1, 2]},
        {"bins": [0, 1], "counts": [0]},
        {"bins": [0, NAN], "counts": [1]},
        {"bins": [0, 1], "counts": [NAN]},
        {"bins": [-1e308, 1e308], "counts": [1]},
        {"bins": [], "counts": []},
    ],
)
def test_what_has_no_shape_is_not_drawn(wrong: Any) -> None:
    chart = drawn(Ridge("0", wrong), Ridge("1", copy.deepcopy(wrong), SQUARE))
    assert outlines(chart, "old") == [] and len(outlines(chart, "new")) == 1
    assert outlines(drawn(Ridge("0", wrong)), "old") == []


def test_a_bin_of_no_width_is_a_needle() -> None:
    (outline,) = outlines(drawn(Ridge("0", {"bins": [2, 2], "counts": [3]})), "old")
    assert outline is not None and outline.count("8.0") >= 2 and "nan" not in outline
    ticks = [text for text, _ in labels(drawn(Ridge("0", {"bins": [2, 2], "counts": [3]})), "tick middle")]
    assert ticks[0] == "2" and ticks[-1] == "2.002"
