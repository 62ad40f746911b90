"""A run, or the same run of two traces, sorted into the sections of the page."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from wandb_keras_compat.testing.trace.compare import diff
from wandb_keras_compat.testing.trace.differences import ABSENT
from wandb_keras_compat.testing.views.comparison_items import ItemBuilder, Pair
from wandb_keras_compat.testing.views.findings import Findings
from wandb_keras_compat.testing.views.report_model import RunReport
from wandb_keras_compat.testing.views.run_sections import RunBuilder

from .traces import GRAPH, histogram, png, run, table, trace

Change = Callable[[dict[str, Any]], Any]


def report(old: Any, new: Any) -> RunReport:
    sides = [trace() | {"runs": [] if side is ABSENT else [side]} for side in (old, new)]
    return RunBuilder(ItemBuilder(Findings(diff(*sides))), 0, old, new).report()


def changed(change: Change) -> RunReport:
    other = copy.deepcopy(run())
    change(other)
    return report(run(), other)


def texts(pair: Pair) -> tuple[str | None, str | None]:
    old, new = (None if shown is None else shown.text for shown in (pair.old, pair.new))
    return old, new


def shown(pairs: Any) -> list[tuple[str, tuple[str | None, str | None]]]:
    return [(pair.title, texts(pair)) for pair in pairs]


def test_each_key_of_the_history_is_in_the_section_of_its_kind() -> None:
    found = report(run(), ABSENT)
    assert [each.title for each in found.curves] == ["accuracy", "epoch", "loss", "lr", "nested.inner.value"]
    assert [each.title for each in found.ridges] == ["parameters/conv_1.weights"]
    assert [title for title, _ in found.images] == ["examples", "masked"]
    assert [len(items) for _, items in found.images] == [4, 1]
    assert [each.title for each in found.items] == ["validation_predictions", "graph (summary)"]
    assert shown(found.values) == [("note", (f"“epoch {epoch}”", None)) for epoch in range(4)]
    assert [pair.step for pair in found.values] == [0, 1, 2, 3]
    assert found.title == "glad-sun-1" and [each.path for each in found.findings] == ["runs[0]"]
    assert [items[0].step for items in (found.images[0][1], found.images[1][1], found.items)] == [0, 0, 3]
    paths = [found.curves[4].path, found.ridges[0].path, found.values[1].path, found.images[0][1][2].path]
    assert paths == [
        "runs[0].history[*].nested.inner.value",
        "runs[0].history[*].parameters/conv_1.weights",
        "runs[0].history[1].note",
        "runs[0].history[2].examples",
    ]
    assert [pair.path for pair in found.curves[4].values][3] == "runs[0].history[3].nested.inner.value"


def test_what_is_no_history_has_a_section_of_its_own() -> None:
    found = report(ABSENT, run())
    assert shown(found.properties) == [
        ("name", (None, "“glad-sun-1”")), ("group", (None, "null")), ("job_type", (None, "“train”")),
        ("notes", (None, "null")), ("tags", (None, '["a", "b"]')), ("sweep", (None, "null")), ("exit_code", (None, "0")),
    ]  # fmt: skip
    assert [pair.title for pair in found.config] == ["batch_size", "optimizer"]
    assert [pair.title for pair in found.metrics] == ["acc*", "epoch"]
    assert [pair.title for pair in found.summary] == ["best_epoch", "best_val_loss", "graph", "loss"]
    assert [each.title for each in found.files] == [
        "lost.bin (policy end)", "model-best.h5 (policy live)", "notes.txt (policy now)", "setup.json",
    ]  # fmt: skip
    assert texts(found.files[0].description) == (None, "content not seen")
    assert [each.path for each in found.files][2:] == [
        'runs[0].files["notes.txt"].content', 'runs[0].files["setup.json"].content',
    ]  # fmt: skip
    assert [(pair.title, texts(pair)) for pair in found.telemetry] == [
        ("feature.keras", (None, "“yes”")), ("imports_init.tensorflow", (None, "“yes”")),
    ]  # fmt: skip
    assert shown(found.console) == [("0", (None, "“Epoch 1/4”")), ("1", (None, "“loss: 2.3”"))]
    (artifact,) = found.artifacts
    assert (artifact.title, artifact.path) == ("model-glad-sun-1 (logged)", "runs[0].artifacts.logged[0]")
    assert [pair.title for pair in artifact.properties] == ["name", "type", "aliases", "metadata", "description"]
    assert [(each.title, each.kind) for each in artifact.entries] == [
        ("model.h5", "weights"),
        ("saved_model.pb", "bytes"),
    ]
    assert artifact.entries[0].path == 'runs[0].artifacts.logged[0].entries["model.h5"]'


def test_of_two_runs_that_are_the_same_nothing_is_marked() -> None:
    found = report(run(), run())
    assert found.findings == [] and found.title == "glad-sun-1"
    things = (*found.curves, *found.ridges, *found.items, *found.files, *found.artifacts, *found.values, *found.summary)
    assert not any(each.differs for each in (*things, *found.config, *found.metrics, *found.properties))
    assert all(texts(pair)[0] == texts(pair)[1] for pair in (*found.values, *found.telemetry, *found.console))


@pytest.mark.parametrize(
    ("change", "section", "first"),
    [
        (lambda r: r["history"][2].update(lr=7.5), "curves", "lr"),
        (lambda r: r["history"][2].update(note="other"), "values", "note"),
        (lambda r: r["summary"].update(loss=7.5), "summary", "loss"),
        (lambda r: r["config"].update(optimizer=3), "config", "optimizer"),
        (lambda r: r["metrics"]["epoch"].update(hidden=False), "metrics", "epoch"),
        (lambda r: r["files"]["setup.json"]["content"].update(value=3), "files", "setup.json"),
        (lambda r: r["summary"]["graph"]["nodes"].pop(), "items", "graph (summary)"),
        (lambda r: r["artifacts"]["used"].append(r["artifacts"]["logged"][0]), "artifacts", "model-glad-sun-1 (used)"),
    ],
)
def test_what_differs_comes_first_in_its_section(change: Change, section: str, first: str) -> None:
    things = getattr(changed(change), section)
    assert things[0].title == first and things[0].differs
    assert [each.differs for each in things].count(True) == 1


def test_images_that_differ_come_first_too() -> None:
    found = changed(lambda r: r["history"][0]["masked"].update(caption="other"))
    assert [title for title, _ in found.images] == ["masked", "examples"]


def test_a_name_that_differs_is_in_the_title_in_both_forms() -> None:
    assert changed(lambda r: r.update(name="other")).title == "glad-sun-1 → other"
    assert report({**run(), "name": ""}, run()).title == "glad-sun-1"


def test_a_policy_that_differs_is_in_the_title_and_marks_the_file() -> None:
    file = changed(lambda r: r["files"]["notes.txt"].update(policy="end")).files[0]
    assert file.title == "notes.txt (policy now → end)" and file.differs
    assert [each.path for each in file.findings] == ['runs[0].files["notes.txt"].policy']
    file = changed(lambda r: r["files"]["setup.json"].update(policy="now")).files[0]
    assert file.title == "setup.json (policy now)"


def test_where_a_side_has_not_seen_a_content_that_is_said() -> None:
    file = changed(lambda r: r["files"]["notes.txt"].update(content=None)).files[0]
    assert texts(file.description) == ("text, 2 lines: “first line”", "content not seen")
    file = changed(lambda r: r["files"].pop("notes.txt")).files[0]
    assert texts(file.description) == ("text, 2 lines: “first line”", None)


def test_what_has_no_order_is_named_by_itself() -> None:
    found = changed(lambda r: r["telemetry"].insert(0, "feature.a"))
    assert [(pair.path, texts(pair), pair.differs) for pair in found.telemetry][:2] == [
        ('runs[0].telemetry["feature.a"]', (None, "“yes”"), True),
        ('runs[0].telemetry["feature.keras"]', ("yes", "yes"), False),
    ]


def test_a_curve_has_the_x_axis_that_its_metric_was_given() -> None:
    metric = run()["metrics"]["acc*"]
    rows = [{"_step": at * 10, "acc/a": at, "epoch": at, "loss": 0.5} for at in range(3)]
    made = {**run(), "history": rows, "metrics": {"acc*": metric, "epoch": {**metric, "step_metric": "epoch"}}}
    curves = {each.title: str(each.svg) for each in report(made, ABSENT).curves}
    names = {title: svg.rpartition('class="name middle">epoch</text>')[1] != "" for title, svg in curves.items()}
    assert names == {"acc/a": True, "epoch": True, "loss": False}  # the last by its own name
    assert (
        ">step</text>" not in curves["acc/a"] and ">step</text>" in curves["epoch"] and ">step</text>" in curves["loss"]
    )
    assert ">20</text>" in curves["loss"] and ">20</text>" not in curves["acc/a"]
    del rows[1]["epoch"]  # whose row has the step alone
    assert ">10</text>" in str(report(made, ABSENT).curves[0].svg)


def test_a_media_value_of_the_summary_is_an_item_where_the_history_does_not_end_with_it() -> None:
    more = {"a": png(), "b": [png()], "c": table(), "d": GRAPH, "e": histogram(0.5), "f": 3}
    made = {**run(), "history": [], "summary": more}
    found = report(made, ABSENT)
    assert [title for title, _ in found.images] == ["a (summary)", "b (summary)"]
    assert [each.title for each in found.items] == ["c (summary)", "d (summary)"]
    assert [each.path for each in found.items] == ["runs[0].summary.c", "runs[0].summary.d"]
    ended = {**made, "history": [{"_step": 0, **more}]}
    found = report(ended, ABSENT)
    assert [title for title, _ in found.images] == ["a", "b"] and [each.title for each in found.items] == ["c", "d"]
    assert [title for title, _ in report(ended, made).images] == ["a", "b", "a (summary)", "b (summary)"]
    mixed = report(made, {**made, "summary": {**more, "a": 3}})
    assert [each.title for each in mixed.items] == ["a (summary)", "c (summary)", "d (summary)"]


def test_histograms_that_are_missing_in_some_rows_are_missing_in_the_figure() -> None:
    rows = [{"_step": 0, "h": histogram(0.5)}, {"_step": 7, "h": None}, {"_step": 9, "h": histogram(1.5)}]
    other = copy.deepcopy(rows)
    other[2]["h"]["counts"][0] += 1
    (figure,) = report({**run(), "history": rows}, {**run(), "history": other}).ridges
    assert [pair.differs for pair in figure.values] == [False, False, True]
    assert figure.differs and [each.path for each in figure.findings] == ["runs[0].history[2].h.counts[0]"]
    assert ">≠ 9</text>" in str(figure.svg) and ">7</text>" in str(figure.svg) and ">0</text>" in str(figure.svg)
    assert str(figure.svg).count("ridge old") == str(figure.svg).count("ridge new") == 2


def test_a_difference_above_several_values_is_found_once() -> None:
    rows = [{"_step": 0, "a": {"x": 1, "y": 2}}]
    (x, y) = report({**run(), "history": rows}, {**run(), "history": [{"_step": 0, "a": {"x": 1}}]}).curves
    assert (x.title, x.differs) == ("a.y", True) and not y.differs
    gone = report({**run(), "history": rows}, {**run(), "history": []}).curves
    assert [[each.path for each in curve.findings] for curve in gone] == [["runs[0].history[0]"]] * 2
