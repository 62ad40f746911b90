"""The programs that cross all forms of use pairwise log what the real class logged for them, less the ledger.

By default a share of them; in cells all, and where the real class works it is played again.
"""

from __future__ import annotations

import importlib.util
import json
from fnmatch import fnmatchcase
from typing import Any

import pytest

from wandb_keras_compat.parity import play
from wandb_keras_compat.parity.forms import FORMS, USUAL, Arguments, Form, Makers
from wandb_keras_compat.parity.ledger import compare, ledger, told
from wandb_keras_compat.parity.scenarios import IMAGES_OF_FIT, Scenario
from wandb_keras_compat.parity.state_machine.contestants import made_with
from wandb_keras_compat.parity.uses import compose, cover
from wandb_keras_compat.parity.uses.axes import AXES, fits
from wandb_keras_compat.parity.uses.play import GOLDENS

from . import property_tests, render_uses
from .conftest import PlayedUse

pytestmark = pytest.mark.timeout(3600)

ROWS = cover.rows()
NUMBERS = [
    pytest.param(
        number, marks=[] if number in property_tests.uses() else pytest.mark.whole, id=cover.name_of(number, row)
    )
    for number, row in enumerate(ROWS)
]


def golden(number: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((GOLDENS / f"{number:03}.json").read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("number", NUMBERS)
def test_a_program_logs_what_the_real_class_logged(number: int, played_use: PlayedUse) -> None:
    if ROWS[number]["start"] == "notebook" and importlib.util.find_spec("IPython") is None:
        pytest.skip("a notebook is run by IPython, which is not installed")
    found = compare(golden(number), played_use("shim", number), ledger())
    assert not found, told(found)


@pytest.mark.whole
@pytest.mark.parametrize("number", range(len(ROWS)))
def test_the_golden_is_what_the_real_class_logs(number: int, played_use: PlayedUse) -> None:
    recorded = golden(number)
    if {name: version for name, version in made_with().items() if recorded["made_with"][name] != version}:
        pytest.skip("the goldens were recorded with other versions")
    found = compare(recorded, played_use("legacy", number))
    assert not found, told(found)


@pytest.mark.slow
def test_a_callback_without_a_list_logs_what_one_in_a_list_does() -> None:
    """KD-089: in a program of its own, since the real class has nothing to compare with."""

    def alone(model: Any, given: Arguments, makers: Makers) -> None:
        ((make,),) = [list(makers)]
        model.fit(**given.named, callbacks=make()[0])

    scenario = Scenario("classifier", IMAGES_OF_FIT)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(FORMS, "alone", Form("alone", alone))
        (one, ended), (other, _) = (play.trained("one", scenario, "shim", form) for form in ("alone", USUAL))
    assert ended is None and not compare(other, one)


@pytest.mark.whole
def test_an_addition_is_counted_where_the_profiler_counts_it(played_use: PlayedUse) -> None:
    """Three of them, halved."""
    entry = next(entry for entry in ledger().entries if entry.id == "KD-038")
    number = next(n for n, row in enumerate(ROWS) if entry.is_about(cover.name_of(n, row)) and row["start"] == "run")
    old, new = (trace["runs"][0]["summary"]["GFLOPs"] for trace in (golden(number), played_use("shim", number)))
    assert new - old == pytest.approx(1.5e-9 if entry.holds(made_with()) else 0.0, abs=1e-12)


def test_every_pair_that_makes_a_program_is_in_one() -> None:
    assert not cover.missing(ROWS) and all(map(fits, ROWS))
    assert {path.stem for path in GOLDENS.glob("*.json")} == {f"{number:03}" for number in range(len(ROWS))}


def test_the_rows_are_what_the_table_makes() -> None:
    assert cover.made() == ROWS


@pytest.mark.parametrize("number", range(len(ROWS)))
def test_a_program_is_what_a_user_writes(number: int) -> None:
    text = "\n\n".join(compose.cells(number, ROWS[number]))
    compile(text, f"use {number}", "exec")
    assert "compat" not in text.replace(compose.NUMBERED, "")
    assert not [
        word for word in ("DATA", "MODEL", "MAKE", "KIND", "OUTPUT", "BEFORE", "OUTSIDE", "INIT", "FIT") if word in text
    ]


def test_what_a_value_needs_is_there() -> None:
    needs = [
        (axis, name)
        for values in AXES.values()
        for value in values.values()
        for axis, names in value.needs.items()
        for name in names
    ]
    assert all(name in AXES[axis] for axis, name in needs)


def test_programs_end_with_the_real_class_only_where_the_ledger_says_so() -> None:
    """One callback without a list, beside validation data by name; images of a subclassed model without an output_type."""
    ended = [ROWS[int(path.name[:3])] for path in GOLDENS.glob("*.ended.txt")]
    assert all(row["style"] == "one" or (row["model"], row["logs"]) == ("subclassed", "courses") for row in ended)
    assert ended


def test_every_entry_about_uses_is_about_one() -> None:
    names = [cover.name_of(number, row) for number, row in enumerate(ROWS)]
    patterns = [pattern for entry in ledger().entries for pattern in entry.run if pattern.startswith("use ")]
    assert patterns and all(any(fnmatchcase(name, pattern) for name in names) for pattern in patterns)


def test_the_page_is_what_the_table_makes() -> None:
    assert render_uses.main("--check") == 0
