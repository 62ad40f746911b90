"""Settings that keep a run against the backend short; for the program that has the run, with any wandb."""

from __future__ import annotations

from typing import Any

#: What a run does beside logging. wandb names each with nothing, ``x_`` or ``_`` in front, by version. Rows are sent
#: every second: of a smaller interval wandb-core drops the fraction, and takes no interval for its 15 seconds.
_FAST: dict[str, Any] = {
    "console": "off",
    "disable_stats": True,
    "disable_meta": True,
    "disable_git": True,
    "disable_code": True,
    "disable_machine_info": True,
    "save_requirements": False,
    "disable_update_check": True,  # wandb 0.16 asks pypi.org for a newer one
    "file_stream_transmit_interval": 1,
}

_RETRIED = ("graphql", "file_stream", "file_transfer")


def fast_settings(*, quick_retries: bool = False, retries: int | None = None) -> dict[str, Any]:
    """Keywords for ``wandb.Settings``, those that the installed wandb knows.

    They turn off the console capture, machine statistics and metadata, and send rows every second.

    Args:
        quick_retries: try a failed request again after a second, where wandb has settings for that (0.18 and later);
            shorter waits have no effect. Older wandb waits about 2, 4, 8 seconds.
        retries: how often, before what was to be sent is lost; likewise.
    """
    import wandb

    wanted = dict(_FAST)
    for what in _RETRIED if quick_retries else ():
        wanted |= {f"{what}_retry_wait_{end}_seconds": 1 for end in ("min", "max")}
    for what in _RETRIED if retries is not None else ():
        wanted[f"{what}_retry_max"] = retries
    known = {name for kind in wandb.Settings.__mro__ for name in getattr(kind, "__annotations__", ())}
    found = {}
    for name, value in wanted.items():
        spelled = [spelling for spelling in (name, f"x_{name}", f"_{name}") if spelling in known]
        if spelled:
            found[spelled[0]] = value
    return found
