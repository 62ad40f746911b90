"""A W&B server on loopback (the HTTP door), which the real SDK talks to in online mode.

:class:`Backend` starts it. A request goes through :mod:`.app` (size, key, form, faults) to one of three: GraphQL
(:mod:`.graphql` parses and runs it, :mod:`.resolvers` lists the queries and mutations there are, ``run_resolvers``,
``artifact_resolvers`` and ``artifact_mutations`` answer them), :mod:`.file_stream`, and storage (:mod:`.storage_urls`).
All write to one :class:`~...model.store.RunStore`; what only a server needs beside it is in :mod:`.server_state`.

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
