"""A run that is disabled can be without a place for telemetry (wandb 0.17.7), which wandb's own constructors write to."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
import wandb
from wandb.sdk.lib import telemetry

from wandb_keras_compat import newer_callbacks

MODULES = {
    "WandbEvalCallback": ("eval_callback", ([], [])),
    "WandbMetricsLogger": ("metrics_logger", ()),
    "WandbModelCheckpoint": ("model_checkpoint", ("m.keras",)),
}


@pytest.mark.parametrize("name", MODULES)
def test_the_run_has_that_place_before_wandbs_constructor_is_called(
    shared_run: Any, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    done: list[Any] = []
    module, given = MODULES[name]
    home = importlib.import_module(f"{newer_callbacks.__name__}.{module}")
    monkeypatch.setattr(home, "take_telemetry", lambda run: done.append(run))
    context = telemetry.context
    monkeypatch.setattr(
        telemetry, "context", lambda *asked, **named: (done.append("wandb's"), context(*asked, **named))[1]
    )
    kind = getattr(newer_callbacks, name)
    if name == "WandbEvalCallback":
        kind = type("Evaluation", (kind,), {"add_ground_truth": print, "add_model_predictions": print})
    kind(*given)
    assert done[:2] == [wandb.run, "wandb's"]
