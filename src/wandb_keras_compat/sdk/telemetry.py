"""Telemetry: which feature of wandb a run reports to use."""

from __future__ import annotations

from typing import Any

from wandb.sdk.lib import telemetry

from .run_state import run_state


def mark_legacy_feature(run: Any) -> None:
    """Sets the telemetry feature ``keras`` (8), as the legacy class did when it was made."""
    take_telemetry(run)
    with telemetry.context(run=run) as record:
        record.feature.keras = True


def take_telemetry(run: Any) -> None:
    """Lets a disabled run accept telemetry: in wandb 0.17.7 it has no place for it, and every callback fails."""
    if run_state(run) != "disabled":
        return
    try:
        with telemetry.context(run=run):
            pass
    except AttributeError:
        run._telemetry_obj = telemetry.TelemetryRecord()
        run._telemetry_obj_active = False  # and sends none
