"""What the judge of migrated programs says of what one did otherwise."""

from __future__ import annotations

import copy
import pathlib
from typing import Any

import pytest

from wandb_keras_compat.parity.migration.judge import Verdict, differences, outcome
from wandb_keras_compat.parity.migration.migrated import Migrated

from . import deeds

NOWHERE = pathlib.Path("nowhere")
CHANGED = Migrated(NOWHERE)


def _said(change: Any, setting: str = "compat") -> list[str]:
    after = deeds.after(setting)
    change(after)
    return differences(deeds.before(), after, setting, CHANGED)


def test_each_difference_is_said_with_both_values() -> None:
    assert _said(lambda deeds_after: None) == []
    assert _said(lambda after: after["trace"]["runs"][0]["config"].update(rate=0.2)) == [
        "runs[0].config.rate (number): 0.1 | 0.2"
    ]
    assert _said(lambda after: after["files"]["out.txt"].update(text="other")) == [
        "runs[0]['files left']['out.txt'].text (text): 'done' | 'other'".replace(
            "'files left'", '"files left"'
        ).replace("'out.txt'", '"out.txt"')
    ]
    assert _said(lambda after: after.update(printed=["loss 0.4"])) == ["printed: 'loss 0.3' | 'loss 0.4'"]
    assert _said(lambda after: after.update(printed=["loss 0.3", "more"])) == ["printed: '(nothing)' | 'more'"]
    assert _said(lambda after: after.update(printed=[])) == ["printed: 'loss 0.3' | '(nothing)'"]
    assert _said(lambda after: after.update(ended="KeyError: 1")) == ["it ended by: None | KeyError: 1"]
    assert _said(lambda after: after.update(sweeps=[])) == [
        "what the sweep saw: [{'goal': 'minimize', 'value': 0.4}] | []"
    ]


def test_of_many_differences_the_first_are_said() -> None:
    after = deeds.after("compat")
    after["trace"]["runs"][0]["config"] |= {f"k{at}": at for at in range(9)}
    found, said = outcome(deeds.before(), after, "compat", CHANGED)
    assert found == "differs" and [line.split(" ")[0] for line in said] == [f"runs[0].config.k{at}" for at in range(8)]


def test_pixels_are_said_by_how_many() -> None:
    before, after = deeds.before(), deeds.after("compat")
    row = after["trace"]["runs"][0]["history"][2]
    row["examples"][0]["png"] = "bm9uZQ=="
    assert differences(before, after, "compat", CHANGED)[0].startswith(
        "runs[0].history[2].examples[0].pixels (pixels, it holds no PNG: "
    )


def test_a_verdict_is_good_where_it_did_what_it_did_or_could_not_be_there() -> None:
    outcomes: list[Any] = ["equal", "left", "not here", "differs", "fails"]
    verdicts = [Verdict("p", "new", "script", outcome) for outcome in outcomes]
    assert [verdict.good for verdict in verdicts] == [True, True, True, False, False]
    assert verdicts[0].said == () and verdicts[0].environment == ""


@pytest.mark.parametrize(
    ("telemetry", "row", "silent"),
    [(True, True, True), (False, True, False), (True, False, False)],
)
def test_keys_that_stayed_without_a_word_are_noticed(telemetry: bool, row: bool, silent: bool) -> None:
    """Only of a legacy callback at work: one that logged epochs."""
    before = deeds.before()
    run = before["trace"]["runs"][0]
    if not telemetry:
        run["telemetry"].remove("feature.keras")
    if not row:
        for each in run["history"]:
            each.pop("epoch", None)
    found = differences(before, copy.deepcopy(before), "new", CHANGED)
    assert any("nothing is said to be left" in line for line in found) is silent
    for setting in ("both", "compat"):
        found = differences(before, copy.deepcopy(before), setting, CHANGED)
        assert any("nothing is said to be left" in line for line in found) is (silent and setting == "both")


@pytest.mark.parametrize(
    ("place", "wrong"),
    [
        ("model-best.keras in the working directory", False),
        ("model-<run id>.keras in the working directory", False),
        ("model_best.keras in the working directory", True),
        ("modelXbest.keras in the working directory", True),
        ("best.keras in the working directory", True),
        ("somewhere else", False),
    ],
)
def test_what_the_report_says_of_a_file_is_true(place: str, wrong: bool) -> None:
    said = Migrated(NOWHERE, moved=(("run file model-best.h5", place),))
    found = differences(deeds.before(), deeds.after("new"), "new", said)
    assert bool(found) is wrong
    if wrong:
        assert found == [
            f"the report says {place.partition(' ')[0]!r}; in the working directory are ['model-best.keras', 'out.txt']"
        ]
    after = deeds.after("new")  # a program that saves no model has none to find
    after["trace"]["runs"][0]["artifacts"]["logged"] = []
    assert not any("the report says" in line for line in differences(deeds.before(), after, "new", said))
