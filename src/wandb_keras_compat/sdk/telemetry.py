"""The telemetry of a run: which feature of wandb it says that it uses."""

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
    """Makes a disabled run take telemetry: wandb 0.17.7 gives it nothing to keep it in, and every callback dies."""
    if run_state(run) != "disabled":
        return
    try:
        with telemetry.context(run=run):
            pass
    except AttributeError:
        run._telemetry_obj = telemetry.TelemetryRecord()
        run._telemetry_obj_active = False  # and sends none
