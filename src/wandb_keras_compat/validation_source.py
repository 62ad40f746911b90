"""Where a callback's validation data comes from: its own argument, else what ``fit`` was given."""

from __future__ import annotations

from typing import Any

from .adapters import fit_arguments
from .host import FeatureHost


class TakesValidationData(FeatureHost):
    """A host with ``validation_data`` and ``generator``; where it was given neither it takes those of ``fit``."""

    def _start_afresh(self) -> None:
        super()._start_afresh()
        self.fit_data: fit_arguments.FitData | None = None
        self._validation_from_fit = False
        if self._needs_validation_data() and self.validation_data is None and self.generator is None:
            fit_arguments.watch(self)

    def _needs_validation_data(self) -> bool:
        return True

    @property
    def fit_samples(self) -> int | None:
        """How many samples of a generator given to ``fit`` are needed: all for a table, a few to draw."""
        return None if "evaluation" in self._wanted() else self.predictions

    def on_train_begin(self, logs: Any = None) -> None:
        self._take_fit_data()
        super().on_train_begin(logs)

    def _validation_source(self) -> Any:
        """The callback's own generator or data, else what ``fit`` got, else None."""
        if self.generator is not None:
            return self.generator
        if self.validation_data is not None:
            return self.validation_data
        return None if self.fit_data is None else self.fit_data.data

    def _take_fit_data(self) -> None:
        """Leaves arrays given only to ``fit`` in ``validation_data``, where subclasses look for them."""
        if self._validation_from_fit:
            self.validation_data = None
        given = None if self.fit_data is None else self.fit_data.data
        arrays = isinstance(given, (list, tuple))
        self._validation_from_fit = arrays and self.validation_data is None and self.generator is None
        if self._validation_from_fit:
            self.validation_data = given
