"""How traces of whole trainings are compared, and whom the suite's ledger lets end."""

from __future__ import annotations

from typing import Any

import pytest

from wandb_keras_compat.parity.ledger import IN_HALF, TRAININGS, compare, ledger, may_end, told
from wandb_keras_compat.parity.scenarios import IN_HALF_PRECISION, SCENARIOS
from wandb_keras_compat.testing.trace.differences import ABSENT, Diff, Difference
from wandb_keras_compat.testing.trace.ledger import Ledger

HALF = min(IN_HALF_PRECISION)


def trace(*values: float, name: str | None = "metrics_alone") -> dict[str, Any]:
    named = {} if name is None else {"name": name}
    return {"blind": [], "made_with": {}, "runs": [{**named, "summary": {"x": value}} for value in values]}


@pytest.mark.parametrize(
    ("value", "off", "names", "same"),
    [
        (0.5, 0.99e-4, ("metrics_alone",) * 2, True),
        (0.5, 1.01e-4, ("metrics_alone",) * 2, False),
        (0.5, 0.99 / 1024, (HALF, HALF), True),
        (0.5, 1.01 / 1024, (HALF, HALF), False),
        (0.5, 0.99 / 1024, (HALF, "metrics_alone"), False),
        (0.5, 0.99 / 1024, ("metrics_alone", HALF), False),
        (0.5, 0.99 / 1024, (None, None), False),
    ],
)
def test_numbers_are_as_near_as_those_of_a_training_of_that_precision(
    value: float, off: float, names: tuple[str | None, str | None], same: bool
) -> None:
    old, new = trace(value, name=names[0]), trace(value * (1 + off), name=names[1])
    found = [path for path in compare(old, new).paths() if path.endswith(".x")]
    assert (found == []) is same


@pytest.mark.parametrize("name", ["metrics_alone", HALF])
def test_near_zero_nothing_has_digits(name: str) -> None:
    assert not compare(trace(0.0, name=name), trace(0.9e-9, name=name))
    assert compare(trace(0.0, name=name), trace(1.1e-9, name=name))


def test_weights_are_as_near_as_numbers() -> None:
    assert (TRAININGS.weights, IN_HALF.weights) == (TRAININGS.relative, IN_HALF.relative)


def test_scenarios_in_half_precision_are_some() -> None:
    assert set() < set(IN_HALF_PRECISION) < set(SCENARIOS)


TEXTS = dict.fromkeys(("old", "new", "why", "witness"), "x")
ENTRY = {"id": "A-1", "feature": "best", "kind": "upstream", "where": ["runs[*]", "runs[*].name"], **TEXTS}


def test_what_is_known_is_left_out() -> None:
    known = Ledger.of([{**ENTRY, "where": "runs[*].summary.x"}])
    assert compare(trace(1.0), trace(2.0)).paths() == ["runs[0].summary.x"]
    found = compare(trace(1.0), trace(2.0), known)
    assert found.paths() == [] and list(found.known) == ["A-1"]


@pytest.mark.parametrize(
    ("change", "may"),
    [
        ({}, True),
        ({"run": "one"}, True),
        ({"run": ["two", "o*"]}, True),
        ({"run": "two"}, False),
        ({"kind": "intended"}, False),
        ({"kind": "old-crash-fixed"}, False),
        ({"where": "runs[*].summary"}, False),
        ({"where": "runs[0]"}, False),
        ({"when": {"keras": ">=3"}}, True),
        ({"when": {"keras": "<3"}}, False),
        ({"when": {"torch": ">=2"}}, False),
    ],
)
def test_a_training_may_end_that_others_end_with_these_versions(change: dict[str, Any], may: bool) -> None:
    assert may_end("one", {"keras": "3.1"}, Ledger.of([{**ENTRY, **change}])) == ["A-1"] * may


def test_the_suite_has_a_ledger() -> None:
    assert all(entry.id.startswith("KD-") for entry in ledger().entries) and ledger().entries


def test_the_first_differences_are_told_in_words() -> None:
    items = tuple(Difference(f"p{at}", "x" * 200, ABSENT, "missing") for at in range(13))
    assert told(Diff(items[:1])) == f"1 differences\np0 (missing): '{'x' * 99} | absent"
    lines = told(Diff(items)).splitlines()
    assert lines[0] == "13 differences" and [line.split(" ")[0] for line in lines[1:]] == [f"p{at}" for at in range(12)]
    assert told(Diff(items), 1).count("\n") == 1
