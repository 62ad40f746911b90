"""Puts a finder first on ``sys.meta_path``, and takes it off again without other threads noticing.

Other threads may be going through the list, and one of them would skip an entry, and fail to import something, if it
shrank under its hands. So they get a longer list to read, and the old one, which stays as it was, comes back.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.importlib import MetaPathFinderProtocol


class OnMetaPath:
    """Puts *finder* first on ``sys.meta_path``, where it is not on it, and takes it off."""

    def __init__(self, finder: MetaPathFinderProtocol) -> None:
        self._finder = finder
        self._before: list[MetaPathFinderProtocol] = []
        self._longer: list[MetaPathFinderProtocol] | None = None

    def put_first(self) -> None:
        if self._finder not in sys.meta_path:
            if self._longer is None or sys.meta_path is not self._longer:  # else somebody took it off
                self._before = sys.meta_path
            self._longer = sys.meta_path = [self._finder, *sys.meta_path]

    def take_off(self) -> None:
        rest = [finder for finder in sys.meta_path if finder is not self._finder]
        if sys.meta_path is self._longer:
            self._before[:] = rest  # what others put there meanwhile stays
            sys.meta_path = self._before
        elif len(rest) != len(sys.meta_path):  # somebody else gave the interpreter another list
            sys.meta_path = rest
        self._before, self._longer = [], None


class FirstOnMetaPath:
    """Has *finder* on ``sys.meta_path`` for as long as at least one ``with`` block is in."""

    def __init__(self, finder: MetaPathFinderProtocol) -> None:
        self._place = OnMetaPath(finder)
        self._lock = threading.Lock()
        self._inside = 0

    @contextmanager
    def __call__(self) -> Iterator[None]:
        with self._lock:
            self._inside += 1
            if self._inside == 1:
                self._place.put_first()
        try:
            yield
        finally:
            with self._lock:
                self._inside -= 1
                if self._inside == 0:
                    self._place.take_off()
