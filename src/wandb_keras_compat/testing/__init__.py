"""Records what runs send to W&B, shows and compares it. Nothing in here imports Keras or the callback's features.

Each name is looked up when it is first used: importing this package imports neither wandb nor the extra ``testing``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .doors.recorder import Recorder
    from .doors.server import Backend, Fault
    from .model.store import RunStore
    from .trace.compare import diff
    from .trace.ledger import Ledger
    from .trace.normalize import trace_of

__all__ = ["Backend", "Fault", "Ledger", "Recorder", "RunStore", "diff", "trace_of"]

_HOMES = {
    "Backend": ".doors.server",
    "Fault": ".doors.server",
    "Ledger": ".trace.ledger",
    "Recorder": ".doors.recorder",
    "RunStore": ".model.store",
    "diff": ".trace.compare",
    "trace_of": ".trace.normalize",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name], __name__), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
