"""WK102 and WK103: what is said of a sweep's metric that moves."""

from __future__ import annotations

import pytest
from wandb_keras_codemods.documents.document import Kind
from wandb_keras_codemods.records import Moved

from ..tools import migrate

SWEEPS: dict[str, tuple[Kind, str]] = {
    "WK102": ("python", "c = {'method': 'grid', 'metric': {'name': 'val_loss'}, 'parameters': {}}\n"),
    "WK103": ("yaml", "method: grid\nmetric: {name: val_loss}\nparameters: {}\n"),
}


@pytest.mark.parametrize("rule", SWEEPS)
def test_a_metric_that_moves_is_told_with_its_old_and_its_new_name(rule: str) -> None:
    """Only at level 2."""
    kind, text = SWEEPS[rule]
    outcome = migrate(text, kind=kind, level=2)
    assert outcome.after == text.replace("val_loss", "epoch/val_loss").encode()
    (record,) = outcome.records
    assert (record.rule, record.action, record.moved) == (rule, "changed", (Moved("val_loss", "epoch/val_loss"),))
    assert record.reason == "the sweep's metric moves with the callback"
    assert record.after.strip("'") == record.before.strip("'").replace("val_loss", "epoch/val_loss")
    assert migrate(text, kind=kind).records == ()
