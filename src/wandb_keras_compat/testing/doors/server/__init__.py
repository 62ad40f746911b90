"""The HTTP door: a W&B server on loopback that the real SDK talks to in online mode.

:class:`Backend` is the way in. A request goes through :mod:`.app` (size, key, form, faults) to one of three: GraphQL
(:mod:`.graphql` reads and walks it, :mod:`.answers` lists what there is, ``run_answers``, ``artifact_answers`` and
``artifact_writes`` say and do it), :mod:`.file_stream`, and storage (:mod:`.links`). All write to one
:class:`~..store.RunStore`; what only a server needs beside it is in :mod:`.registry`.

:mod:`.settings` needs none of the ``testing`` extra: it is for the programs that run against the server.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .auth import KEY
    from .backend import Backend
    from .faults import Fault, FaultPlan

__all__ = ["KEY", "Backend", "Fault", "FaultPlan"]

_HOMES = {"Backend": "backend", "Fault": "faults", "FaultPlan": "faults", "KEY": "auth"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
