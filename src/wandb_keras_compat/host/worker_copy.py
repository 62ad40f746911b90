"""Runs what needs the model without waiting for the other workers of a distributed training.

Where several workers train a model, running it, saving it and reading parts of it is something that all of them must
do together. Whether the others have a callback too, this one cannot know; so it uses a copy of its own, and a model
that cannot be copied is neither run nor saved.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..backends import Backend, NoCopy


class WorkerCopy:
    """Calls actions of a callback with ``callback.model`` set to a model that may be run and saved by one worker."""

    def __init__(self) -> None:
        self._copy: Any = None
        self._refused: tuple[Any, NoCopy] | None = None
        self._is_fresh = False

    def begin_hook(self) -> None:
        """The weights may have changed since the last hook."""
        self._is_fresh = False

    def __call__(self, callback: Any, backend: Backend, action: Callable[[], None]) -> None:
        """Calls *action*; if several workers train the model, with an up-to-date local copy in its place.

        Raises:
            NoCopy: there can be none; *action* was not called.
        """
        model = callback.model
        # Before the first batch there may be nothing to run yet.
        if not backend.spans_workers(model) or not backend.is_built(model):
            action()
            return
        if self._refused is not None and self._refused[0] is model:
            raise self._refused[1]

        def with_copy() -> None:
            callback.model = self._copy_of(model, backend)
            try:
                action()
            finally:
                callback.model = model

        try:
            backend.outside_strategies(with_copy)
        except NoCopy as error:
            self._refused = (model, error)
            raise

    def _copy_of(self, model: Any, backend: Backend) -> Any:
        if self._copy is None or self._copy.original is not model:
            self._copy, self._is_fresh = backend.local_copy(model), False
        if not self._is_fresh:
            self._copy.refresh()
            self._is_fresh = True
        return self._copy.model
