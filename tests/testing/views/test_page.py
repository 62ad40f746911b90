"""The page: complete in itself, well-formed, harmless whatever was logged, and nothing that differs is missing."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wandb_keras_compat.testing.trace.compare import diff
from wandb_keras_compat.testing.trace.differences import Difference
from wandb_keras_compat.testing.views.build_report import report_of, report_of_both
from wandb_keras_compat.testing.views.comparison import ComparisonView
from wandb_keras_compat.testing.views.describe import describe
from wandb_keras_compat.testing.views.findings import texts_of
from wandb_keras_compat.testing.views.html_page import render

from .pages import SVG, Page
from .traces import HOSTILE, histogram, images, png, run, table, trace


def page_of(old: dict[str, Any], new: dict[str, Any]) -> tuple[Page, list[Difference]]:
    found = ComparisonView(diff(old, new))
    page = render(report_of_both(("old.json", "new.json"), (old, new), found.findings, found.notes))
    return Page(page), found.findings.all


def assert_complete_in_itself(page: Page) -> None:
    assert page.mistakes == []
    assert page.tags().isdisjoint({"script", "iframe", "object", "embed", "link", "base", "form"})
    assert all(address.startswith("data:image/png;base64,") for address in page.attributes("src"))
    assert all(address.startswith("#") for address in page.attributes("href"))
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
    assert "url(" not in page.source and "@import" not in page.source
    ids = page.attributes("id")
    assert len(ids) == len(set(ids))
    assert {address[1:] for address in page.attributes("href")} <= set(ids)
    page.charts()


# --- one trace ---------------------------------------------------------------------------------------


def test_the_page_of_one_trace() -> None:
    page = Page(render(report_of("t.json", trace(run(), run("second")))))
    assert_complete_in_itself(page)
    text = " ".join(page.texts)
    for shown in ("loss", "parameters/conv_1.weights", "validation_predictions", "model-best.h5", "feature.keras",
                  "model-glad-sun-1", "0 → 3", "mask truth", "Conv2D", "second line", "content not seen", "0.31.0"):  # fmt: skip
        assert shown in text, shown
    assert "≠" not in text and "= same" not in text


def test_a_trace_with_nothing_in_it() -> None:
    empty = {**run(), "history": [], "summary": {}, "config": {}, "files": {}, "console": [], "telemetry": []}
    for each in (trace(empty), {**trace(), "runs": []}):
        assert_complete_in_itself(Page(render(report_of("t.json", each))))


def test_every_image_is_in_the_page_as_its_pixels() -> None:
    page = Page(render(report_of("t.json", trace())))
    # Four epochs of three, one with a mask, and three in the table.
    assert len(page.attributes("src")) == 4 * 3 + 2 + 3


def test_a_picture_that_cannot_be_decoded_is_told_in_words() -> None:
    broken = run()
    broken["history"][0]["examples"][0]["png"] = "iVBORw0KGgo="
    page = Page(render(report_of("t.json", trace(broken))))
    assert_complete_in_itself(page)
    assert "image 8x8 L “0 → 0”, cannot be shown" in " ".join(page.texts)


# --- two traces --------------------------------------------------------------------------------------


def test_two_equal_traces() -> None:
    page, found = page_of(trace(), trace())
    assert_complete_in_itself(page)
    assert found == []
    assert "No difference" in " ".join(page.texts)
    assert "≠" not in " ".join(page.texts)


CHANGES = {
    "a value": lambda r: r["history"][2].update(loss=1.5),
    "a key": lambda r: r["history"][2].update(new_key=1),
    "a step": lambda r: r["history"][3].update(_step=9),
    "a row more": lambda r: r["history"].append({"_step": 4, "loss": 0.1}),
    "a row less": lambda r: r["history"].pop(),
    "not a number": lambda r: r["history"][2].update(loss={"_type": "number", "is": "-Infinity"}),
    "another kind": lambda r: r["history"][2].update(loss="text"),
    "a bin": lambda r: r["history"][1]["parameters/conv_1.weights"]["bins"].__setitem__(3, 0.0),
    "a histogram": lambda r: r["history"][2].update({"parameters/conv_1.weights": histogram(0.7, bins=8)}),
    "a histogram for a number": lambda r: r["history"][2].update(accuracy=histogram(1.0)),
    "a pixel": lambda r: r["history"][3]["examples"].__setitem__(1, {**png(seed=99), "caption": "c"}),
    "an image less": lambda r: r["history"][3]["examples"].pop(),
    "an image for a list": lambda r: r["history"][3].update(examples=png()),
    "the size of an image": lambda r: r["history"][3]["examples"].__setitem__(0, {**png(5, 9), "caption": "c"}),
    "a caption": lambda r: r["history"][3]["examples"][0].update(caption="other"),
    "a mask": lambda r: r["history"][0]["masked"]["masks"].update(prediction={"image": png(8, 8, 4)}),
    "a cell": lambda r: r["history"][3]["validation_predictions"]["rows"][1].__setitem__(2, 0.9),
    "a picture in a table": lambda r: r["history"][3]["validation_predictions"]["rows"][1].__setitem__(3, png(4, 4, 8)),
    "a table of another shape": lambda r: r["history"][3].update(validation_predictions=table(5)),
    "a node": lambda r: r["summary"]["graph"]["nodes"][1].update(num_parameters=4),
    "a node less": lambda r: r["summary"]["graph"]["nodes"].pop(),
    "an edge": lambda r: r["summary"]["graph"]["edges"].append(["scores", "conv_1"]),
    "a weight": lambda r: r["files"]["model-best.h5"]["content"]["weights"]["dense/bias"]["values"].__setitem__(0, 7.0),
    "a text": lambda r: r["files"]["notes.txt"]["content"].update(text="other"),
    "a file": lambda r: r["files"].pop("notes.txt"),
    "a policy": lambda r: r["files"]["notes.txt"].update(policy="end"),
    "an alias": lambda r: r["artifacts"]["logged"][0]["aliases"].append("best"),
    "an entry": lambda r: r["artifacts"]["logged"][0]["entries"].pop("saved_model.pb"),
    "an artifact": lambda r: r["artifacts"]["logged"].pop(),
    "a used artifact": lambda r: r["artifacts"]["used"].append(copy.deepcopy(r["artifacts"]["logged"][0])),
    "config": lambda r: r["config"]["optimizer"].update(lr=3),
    "a definition": lambda r: r["metrics"]["acc*"].update(goal=None),
    "the name": lambda r: r.update(name=HOSTILE),
    "telemetry": lambda r: r["telemetry"].append("feature.x"),
    "the console": lambda r: r["console"].append("more"),
    "the exit code": lambda r: r.update(exit_code=1),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_path_that_differs_is_on_the_page(change: str) -> None:
    old, new = trace(), trace()
    CHANGES[change](new["runs"][0])
    for first, second in ((old, new), (new, old)):
        page, found = page_of(first, second)
        assert_complete_in_itself(page)
        assert found
        texts = set(page.texts)
        assert [each.path for each in found if each.path not in texts] == []
        for each in found:
            assert set(texts_of(each)) <= texts


def test_a_run_that_only_one_side_has() -> None:
    page, found = page_of(trace(run()), trace(run(), run("more")))
    assert_complete_in_itself(page)
    assert [each.path for each in found] == ["runs[1]"]
    assert "runs[1]" in page.texts and "Run 1: more " in page.texts


def test_what_differs_comes_first() -> None:
    old, new = trace(), trace()
    new["runs"][0]["history"][2]["nested"]["inner"]["value"] = 17
    page, _ = page_of(old, new)
    captions = [text.strip() for text in page.texts]
    assert captions.index("nested.inner.value") < captions.index("accuracy") < captions.index("loss")


def test_both_runs_are_drawn_over_each_other_and_told_apart_without_colour() -> None:
    old, new = trace(), trace()
    new["runs"][0]["history"][2]["loss"] = 1.5
    page, _ = page_of(old, new)
    loss = next(chart for chart in page.charts() if (chart.findtext(f"{SVG}title") or "").startswith("loss."))
    lines = [line.get("class") for line in loss.iter(f"{SVG}path") if (line.get("class") or "").startswith("line")]
    assert lines.count("line old") == lines.count("line new") == 1
    assert lines.count("line lost old") == lines.count("line lost new") == 1, "the NaN of step 1"
    assert len(list(loss.iter(f"{SVG}circle"))) == len(list(loss.iter(f"{SVG}rect"))) == 3
    assert "stroke-dasharray" in page.source


# --- hostile content ---------------------------------------------------------------------------------


def test_markup_in_any_text_is_text() -> None:
    def poisoned(value: Any) -> Any:
        """Every key and text of the user's own replaced by one that wants to be markup."""
        if isinstance(value, dict) and "_type" in value:
            kept = {"_type", "png", "mode", "width", "height", "format", "sha256", "dtype", "is"}
            return {
                k: v if k in kept else poisoned(v) if not isinstance(v, dict) else _keys(v) for k, v in value.items()
            }
        if isinstance(value, dict):
            return _keys(value)
        if isinstance(value, list):
            return [poisoned(item) for item in value]
        return HOSTILE + value if isinstance(value, str) else value

    def _keys(value: dict[str, Any]) -> dict[str, Any]:
        own = {"_step", "values", "shape", "dtype", "sha256", "sketch", "image", "class_labels"}
        return {
            k if k in own else HOSTILE + k: v if k in {"dtype", "sha256"} else poisoned(v) for k, v in value.items()
        }

    sane = run()
    evil = {key: poisoned(sane[key]) for key in ("history", "summary", "config", "tags", "telemetry", "console")}
    bad = {**sane, **evil, "name": HOSTILE, "group": HOSTILE, "notes": HOSTILE}
    bad["files"] = {
        HOSTILE + path: {**file, "content": poisoned(file["content"])} for path, file in sane["files"].items()
    }
    artifact = sane["artifacts"]["logged"][0]
    bad["artifacts"] = {"logged": [{**artifact, "name": HOSTILE, "aliases": [HOSTILE]}], "used": []}
    bad["metrics"] = {HOSTILE: {**sane["metrics"]["acc*"], "step_metric": HOSTILE}}
    old, new = {**trace(sane), "made_with": {HOSTILE: HOSTILE}}, trace(bad)
    for page in (
        Page(render(report_of(HOSTILE, {**new, "made_with": {HOSTILE: HOSTILE}}))),
        page_of(old, new)[0],
        page_of(new, old)[0],
    ):
        assert_complete_in_itself(page)
        assert "alert(1)" in " ".join(page.texts)
        assert "\x1b" not in page.source


ANY_TEXT = st.text(st.characters(exclude_categories=()))  # with surrogates, which JSON can bring


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | ANY_TEXT, st.lists, max_leaves=5
    )
)
def test_any_value_is_one_printable_line(value: Any) -> None:
    for exact in (True, False):
        text = describe(value, exact=exact)
        assert len(text.splitlines()) == 1
        text.encode()
        assert "\x1b" not in text


@pytest.mark.parametrize(("name", "told"), [("first", "run first, 2 rows"), ("", "run without a name, 2 rows")])
def test_a_run_is_told_in_words_with_a_name_or_without(name: str, told: str) -> None:
    assert describe({**run(), "name": name, "history": [{"_step": 0}, {"_step": 1}]}) == told


@pytest.mark.parametrize("values", [
    [], [0.0], [float("nan")], [1e308, -1e308], [5e-324, 1e308], [1.0, 1.0 + 1e-16], [-0.0, 1e-320], [float("inf"), 1.0],
])  # fmt: skip
def test_curves_of_extreme_values_are_drawn(values: list[float]) -> None:
    rows = [{"_step": step, "loss": value} for step, value in enumerate(values)]
    page = Page(render(report_of("t.json", trace({**run(), "history": rows, "metrics": {}}))))
    assert_complete_in_itself(page)
    for chart in page.charts():
        numbers = " ".join(
            text for element in chart.iter() for name, text in element.items() if name in {"d", "x", "y", "cx", "cy"}
        )
        assert "nan" not in numbers and "inf" not in numbers


def test_many_images_and_steps_stay_a_page() -> None:
    rows = [{"_step": step, "w": histogram(step / 50), "loss": 1 / (step + 1)} for step in range(300)]
    rows[-1]["examples"] = images(0, 50)
    page = Page(render(report_of("t.json", trace({**run(), "history": rows}))))
    assert_complete_in_itself(page)
    assert "value; 12 of 300 steps" in page.texts
