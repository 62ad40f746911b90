"""What configures a sweep is known by what stands beside its metric, and by nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wandb_keras_codemods.documents.module import ModuleView
from wandb_keras_codemods.to_callbacks.sweeps import may_be_sweep, sweep_metrics

from ..tools import PROPERTY

BESIDE = ["method", "parameters", "program", "early_terminate"]


def metrics(text: str) -> list[str | None]:
    assert may_be_sweep(text.encode())
    return [name for _, name in sweep_metrics(ModuleView(text))]


@pytest.mark.parametrize("key", BESIDE)
def test_one_of_the_keys_beside_it_is_enough(key: str) -> None:
    """Programs build the rest elsewhere."""
    assert metrics(f'c = {{"{key}": {{}}, "metric": {{"name": "val_loss"}}}}\n') == ["val_loss"]


@given(st.sets(st.sampled_from([*BESIDE, "name", "project", "entity", "command"])), st.booleans())
@settings(PROPERTY, max_examples=20)
def test_a_mapping_with_a_metric_is_a_sweep_if_it_has_such_a_key(keys: set[str], goal: bool) -> None:
    inner = '{"name": "val_loss", "goal": "minimize"}' if goal else '{"name": "val_loss"}'
    text = "c = {" + "".join(f'"{key}": 1, ' for key in sorted(keys)) + f'"metric": {inner}}}\n'
    assert metrics(text) == ["val_loss"] * bool(goal or keys & set(BESIDE))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('c = {"name": "loss", "goal": "maximize"}', ["loss"]),
        ('c = {"name": "loss", "goal": "other"}', []),
        ('c = dict(name="loss", goal="minimize")', ["loss"]),
        ('c = dict(name="loss")  # "metric"', []),
        ('c = {"metric": {"name": key}, "method": "grid"}', [None]),
        ('c = {"metric": "loss", "method": "grid"}', []),
    ],
)
def test_forms(text: str, found: list[str | None]) -> None:
    assert metrics(text) == found
