"""How far a number of a scenario may be off: as far as its model's precision goes, and no further."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from wandb_keras_compat.parity import families
from wandb_keras_compat.parity.ledger import compare
from wandb_keras_compat.parity.record_goldens import GOLDENS
from wandb_keras_compat.parity.scenarios import IN_HALF_PRECISION, SCENARIOS

from .conftest import golden

FLOAT32, FLOAT16 = 1e-4, 2**-10
WITH_METRICS = [
    name
    for name in sorted(SCENARIOS)
    if (GOLDENS / f"{name}.json").exists()
    and any("val_loss" in row for run in golden(name)["runs"] for row in run["history"])
]


def off_by(share: float, trace: dict[str, Any]) -> dict[str, Any]:
    changed = copy.deepcopy(trace)
    row = next(row for run in changed["runs"] for row in run["history"] if "val_loss" in row)
    row["val_loss"] *= 1 + share
    return changed


@pytest.mark.parametrize("name", WITH_METRICS)
def test_a_number_off_by_more_than_its_precision_is_told(name: str) -> None:
    precision = FLOAT16 if name in IN_HALF_PRECISION else FLOAT32
    trace = golden(name)
    assert not compare(trace, off_by(0.8 * precision, trace))
    assert [item.kind for item in compare(trace, off_by(1.2 * precision, trace))] == ["number"]


def test_those_in_half_precision_are_those_that_keras_computes_so() -> None:
    half = {name for name, family in families.FAMILIES.items() if "float16" in policies_of(family)}
    assert frozenset(name for name, scenario in SCENARIOS.items() if scenario.model in half) == IN_HALF_PRECISION


def policies_of(family: families.Family) -> set[str]:
    return {layer.compute_dtype for layer in getattr(family.build(), "layers", [])}
