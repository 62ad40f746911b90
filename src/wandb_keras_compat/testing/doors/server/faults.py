"""Fault injection: rules that make the server fail, hang or answer slowly for some requests."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal

Endpoint = Literal["graphql", "file_stream", "storage"]


@dataclass(frozen=True)
class Fault:
    """What goes wrong, where, and how often.

    Without *status* and *drop* the request is served as ever, after *hang* and at the pace of *slow*; a request that
    fails changes nothing in the store.

    Args:
        endpoint: which part of the server.
        name: a pattern (``*``, ``?``), any by default. For ``graphql`` of the operation or one of its root fields
            (``UpsertBucket``, ``upsertBucket``: their cases differ, operations are sometimes without a name); for
            ``file_stream`` of the run id; for ``storage`` of ``METHOD kind/owner/path``, e.g. ``PUT run/*.h5``.
        status: answer with this status instead, e.g. 500, and *message*.
        drop: close the connection without an answer.
        hang: seconds to wait before anything else.
        slow: seconds over which the answer's body is sent, in pieces.
        headers: of the failing answer, e.g. ``{"Retry-After": "3"}``.
        times: how many requests it hits; None for all there will ever be.

    Raises:
        ValueError: it does nothing, or its numbers make no sense.
    """

    endpoint: Endpoint
    name: str = "*"
    status: int | None = None
    drop: bool = False
    hang: float = 0.0
    slow: float = 0.0
    headers: Mapping[str, str] = field(default_factory=dict)
    message: str = "a fault asked for by a test"
    times: int | None = 1

    def __post_init__(self) -> None:
        if self.endpoint not in {"graphql", "file_stream", "storage"}:
            raise ValueError(f"a fault's endpoint is graphql, file_stream or storage, not {self.endpoint!r}")
        if self.status is not None and not 200 <= self.status <= 599:
            raise ValueError(f"a fault's status must be between 200 and 599, not {self.status}")
        if self.hang < 0 or self.slow < 0 or (self.times is not None and self.times < 1):
            raise ValueError("a fault's seconds must not be negative, and it must hit at least one request")
        if self.status is None and not (self.drop or self.hang or self.slow):
            raise ValueError("a fault must have a status, or drop, hang or slow down an answer")
        if self.status is not None and self.drop:
            raise ValueError("a fault either answers with a status or drops the connection")

    def hits(self, endpoint: str, names: list[str]) -> bool:
        return endpoint == self.endpoint and any(fnmatchcase(name, self.name) for name in names)


class FaultPlan:
    """The faults still to happen. Of several that match, the one added first is used first. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left: list[tuple[Fault, int | None]] = []
        self._hits: list[Fault] = []

    def add(self, *faults: Fault) -> None:
        """Lets *faults* happen from now on, each as often as it says."""
        with self._lock:
            self._left += [(fault, fault.times) for fault in faults]

    def clear(self) -> None:
        """Ends all faults, and forgets which ones hit."""
        with self._lock:
            self._left.clear()
            self._hits.clear()

    @property
    def hits(self) -> tuple[Fault, ...]:
        """The faults that hit a request, in order, once for each."""
        with self._lock:
            return tuple(self._hits)

    def take(self, endpoint: Endpoint, names: list[str]) -> Fault | None:
        """The fault for a request with one of *names*, or None; counts it as used once."""
        with self._lock:
            for place, (fault, times) in enumerate(self._left):
                if fault.hits(endpoint, names):
                    if times == 1:
                        del self._left[place]
                    elif times is not None:
                        self._left[place] = (fault, times - 1)
                    self._hits.append(fault)
                    return fault
        return None
