"""What two trainings with other random numbers have alike: a change of it is seen, other numbers are not."""

from __future__ import annotations

from typing import Any

import pytest

from wandb_keras_compat.testing.trace.compare import diff
from wandb_keras_compat.testing.trace.structure import numbers_differ_everywhere, structure_of


def trace(*runs: dict[str, Any]) -> dict[str, Any]:
    empty: dict[str, Any] = {"history": [], "terminal": []}
    return {"blind": [], "made_with": {}, "runs": [{**empty, **run} for run in runs]}


def structure(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    return structure_of(diff(old, new), old, new).paths()


def of_summaries(old: Any, new: Any) -> list[str]:
    return structure(*(trace({"summary": {"x": value}}) for value in (old, new)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (0.5, 0.25),
        (1, 2),
        (0.5, {"_type": "number", "is": "NaN"}),
        ({"_type": "histogram", "bins": [0, 1], "counts": [3]}, {"_type": "histogram", "bins": [0, 2], "counts": [4]}),
        ("loss 0.5", "loss 0.25"),
        ("loss 0.5", "loss -2.5e-07"),
        ("loss 5", "loss 5."),
        ("loss 1e+10", "loss 1"),
        ("loss nan", "loss INF"),
        ("loss -inf", "loss +1"),
    ],
)
def test_another_number_is_the_same_structure(old: Any, new: Any) -> None:
    assert of_summaries(old, new) == of_summaries(new, old) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (0.5, "0.5"),
        (0.5, None),
        (True, False),
        ([1, 2], [1]),
        ({"a": 1}, {"b": 1}),
        ("loss 0.5", "loss"),
        ("loss 0.5", "loss 0.5 0.5"),
        ("loss 0.5", "mae 0.5"),
        ("information", "#ormation"),  # of a word a number is no part
        ("banana", "ba#a"),
        ("nano", "1o"),
    ],
)
def test_another_kind_key_length_or_text_is_another_structure(old: Any, new: Any) -> None:
    assert of_summaries(old, new) and of_summaries(new, old)


@pytest.mark.parametrize("name", ["caption", "sha256", "digest"])
def test_what_a_model_says_and_the_digest_of_its_file_are_as_its_numbers(name: str) -> None:
    assert of_summaries({name: "cat"}, {name: "dog"}) == []
    assert of_summaries({name: "cat"}, {name: 1}) and of_summaries({name: "cat"}, {})


def said(*runs: list[str]) -> dict[str, Any]:
    return trace(*({"terminal": lines} for lines in runs))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (["Epoch 1: improved to 0.5"], ["Epoch 2: improved to 0.25"]),
        (["Epoch 1: improved", "Epoch 2: improved"], ["Epoch 1: improved"]),
        (["improved to 3", "done"], ["done", "improved to 4"]),
    ],
)
def test_a_sentence_with_other_numbers_is_the_same(old: list[str], new: list[str]) -> None:
    assert structure(said(old), said(new)) == structure(said(new), said(old)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ([["a 1"]], [["b 1"]]),
        ([["a 1"]], [[]]),
        ([["a 1"], []], [[], ["a 2"]]),  # said in another run
        ([[], ["a 1"]], [[], ["b 2"]]),
    ],
)
def test_another_sentence_is_another_structure(old: list[list[str]], new: list[list[str]]) -> None:
    assert structure(said(*old), said(*new)) and structure(said(*new), said(*old))


def test_terminal_as_a_key_of_a_user_is_no_sentence() -> None:
    old, new = ({"runs": [{"terminal": ["a"], "history": [], "config": {"terminal": {"a": at}}}]} for at in ("x", "y"))
    both = [{"blind": [], "made_with": {}, **each} for each in (old, new)]
    assert structure(*both) == ["runs[0].config.terminal.a"]
    one, other = ({**trace({"summary": {}}), "sweeps": [{"terminal": text}]} for text in ("x", "y"))
    assert structure(one, other) == ["sweeps[0].terminal"]


def test_a_run_that_only_one_side_has_is_structure() -> None:
    one = trace({"name": "a", "terminal": ["said 1"]})
    assert structure(one, trace(*one["runs"] * 2)) == ["runs[1]"]


def test_what_else_a_diff_says_stays() -> None:
    old, new = trace({"summary": {"x": 1, "y": 1}}), trace({"summary": {"x": 2, "y": "1"}})
    old["blind"] = ["runs[*].summary.z", "runs[*].name"]
    old["runs"][0]["name"], new["runs"][0]["name"] = "a", "b"
    found = structure_of(diff(old, new), old, new)
    assert found.paths() == ["runs[0].summary.y"] and found.left_out == {"runs[*].name": 1}


# --- after another random seed -------------------------------------------------------------------------------------


def rows(*losses: float, **more: Any) -> dict[str, Any]:
    return trace({"history": [{"_step": at, "loss": loss, "epoch": at} for at, loss in enumerate(losses)], **more})


def everywhere(old: dict[str, Any], new: dict[str, Any]) -> bool:
    found = diff(old, new)
    assert numbers_differ_everywhere(diff(new, old), new, old) is numbers_differ_everywhere(found, old, new)
    return numbers_differ_everywhere(found, old, new)


@pytest.mark.parametrize(
    ("old", "new", "nearly_all"),
    [
        ((1.5, 2.5), (3.5, 4.5), True),
        ((1.5, 2.5), (3.5, 2.5), True),
        ((1.5, 2.5, 3.5), (1.5, 2.5, 4.5), False),
        ((1.5, 2.5, 3.5, 4.5), (1.5, 2.5, 0.5, 0.5), True),
        ((1.5, 2.5), (1.5, 2.5), False),
        ((1, 2), (3, 4), False),  # integers count something
    ],
)
def test_from_half_of_the_numbers_on_nearly_all_differ(
    old: tuple[float, ...], new: tuple[float, ...], nearly_all: bool
) -> None:
    assert everywhere(rows(*old), rows(*new)) is nearly_all


def test_numbers_beside_the_rows_say_nothing_about_it() -> None:
    assert not everywhere(rows(summary={"x": 1.5}), rows(summary={"x": 2.5}))
    assert not everywhere(rows(1.5, summary={"x": 1.5}), rows(1.5, summary={"x": 2.5}))


def test_where_the_structure_differs_numbers_do_not_differ_for_a_seed() -> None:
    assert not everywhere(rows(1.5, name="a"), rows(2.5, name="b"))


def test_in_each_run_a_number_is_one_of_its_own() -> None:
    """What differs in one run of four says nothing of the others."""
    runs = [rows(1.5)["runs"][0] for _ in range(4)]
    changed = [rows(2.5)["runs"][0], *runs[1:]]
    assert not everywhere(trace(*runs), trace(*changed))
    assert everywhere(trace(*runs[:2]), trace(*changed[:2]))


def test_steps_and_what_is_inside_a_value_are_no_numbers_of_rows() -> None:
    def histograms(step: float, edge: float) -> dict[str, Any]:
        histogram = {"_type": "histogram", "bins": [0, edge], "counts": [1]}
        return trace({"history": [{"_step": step, "loss": 0.5, "h": histogram}]})

    assert not everywhere(histograms(0, 1.5), histograms(0, 2.5))
    assert not everywhere(histograms(0.5, 1.5), histograms(1.5, 1.5))
