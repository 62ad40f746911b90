"""Where a callback's validation data comes from: its own argument, else what ``fit`` was given."""

from __future__ import annotations

from typing import Any

from .. import messages
from ..backends import running_fit
from ..data.batch_memory import BatchMemory
from .feature_callback import FeatureCallback


class TakesValidationData(FeatureCallback):
    """A callback with ``validation_data`` and ``generator``; without both it takes the validation data of ``fit``."""

    def _start_afresh(self) -> None:
        super()._start_afresh()
        self.fit_data: running_fit.FitData | None = None
        self._validation_from_fit = False

    def _needs_validation_data(self) -> bool:
        return True

    @property
    def fit_samples(self) -> int | None:
        """How many samples of a generator given to ``fit`` to remember: all (None) for a table, a few to draw."""
        return None if "evaluation" in self._wanted() else self.predictions

    # --- Keras hooks --------------------------------------------------------------------------------------

    def set_model(self, model: Any) -> None:
        super().set_model(model)
        self._take_fit_data(model)  # inside `fit` it is there by now, for subclasses that look before training begins

    def on_train_begin(self, logs: Any = None) -> None:
        self._take_fit_data(self.model)
        super().on_train_begin(logs)

    def on_train_end(self, logs: Any = None) -> None:
        super().on_train_end(logs)
        if self.fit_data is not None and isinstance(self.fit_data.data, BatchMemory) and not self.fit_data.data.seen:
            self._features.warn(messages.never_validated(self.fit_data.given))
        self.fit_data = None

    # --- what features ask --------------------------------------------------------------------------------

    def _validation_source(self) -> Any:
        """The callback's own generator or data, else what ``fit`` validates on, else None."""
        own = self._own_validation_data()
        if self.fit_data is None or (own is not None and own is not self.fit_data.given):
            return own
        # Also where the callback was given the very object that Keras reads: next() here would take from there.
        return self.fit_data.data

    def _unreadable(self) -> str | None:
        """Why there is no validation data though ``fit`` may have some, as a sentence; None where it has none."""
        if self.fit_data is None:
            return messages.no_fit_found()
        if self.fit_data.unreadable is not None:
            return messages.fit_data_unreadable(self.fit_data.unreadable)
        return None

    # --- taking it ----------------------------------------------------------------------------------------

    def _own_validation_data(self) -> Any:
        return self.generator if self.generator is not None else self.validation_data

    def _take_fit_data(self, model: Any) -> None:
        """Sets ``validation_data`` to the arrays given to ``fit``: subclasses of users read that attribute."""
        if self._validation_from_fit:
            self.validation_data = None
        own = self._own_validation_data()
        self.fit_data = None
        if self._needs_validation_data():
            self.fit_data = running_fit.fit_data(model, self.fit_samples, own)
        data = None if self.fit_data is None else self.fit_data.data
        self._validation_from_fit = own is None and isinstance(data, (list, tuple))
        if self._validation_from_fit:
            self.validation_data = data
