"""Whether a run is online, offline or disabled."""

from __future__ import annotations

from typing import Any, Literal

RunState = Literal["none", "disabled", "offline", "online"]


def run_state(run: Any) -> RunState:
    """Where what is logged to ``run`` goes: nowhere, to the local disk, or to a server."""
    if run is None:
        return "none"
    # Up to about wandb 0.18 a disabled run is a stand-in whose every other attribute is truthy, so this
    # question has to come first.
    if run.disabled:
        return "disabled"
    return "offline" if run.offline else "online"
