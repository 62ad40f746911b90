"""Settings that keep a run against the backend short; for the program that has the run, with any wandb."""

from __future__ import annotations

from typing import Any

#: What a run does beside logging. wandb names each with a leading ``_``, ``x_`` or nothing, by version.
_FAST = {
    "console": "off",
    "disable_stats": True,
    "disable_meta": True,
    "disable_git": True,
    "disable_code": True,
    "disable_machine_info": True,
    "save_requirements": False,
    "file_stream_transmit_interval": 0.05,
}

_RETRIES = {
    f"{what}_retry_{which}": value
    for what in ("graphql", "file_stream", "file_transfer")
    for which, value in (("max", 1), ("wait_min_seconds", 1), ("wait_max_seconds", 1))
}


def fast_settings(*, impatient: bool = False) -> dict[str, Any]:
    """Keywords for ``wandb.Settings``, those that the installed wandb knows.

    They turn off the console capture, machine statistics and metadata, and send rows after 0.05 s. With *impatient*
    failed requests are tried again once, after a second, where wandb has settings for that (0.18 and later); shorter
    waits have no effect.
    """
    import wandb

    known = dir(wandb.Settings)
    fields = getattr(wandb.Settings, "model_fields", {})
    wanted = {**_FAST, **(_RETRIES if impatient else {})}
    found = {}
    for name, value in wanted.items():
        spelled = [s for s in (f"x_{name}", f"_{name}", name) if s in known or s in fields]
        if spelled:
            found[spelled[0]] = value
    return found
