"""Whose validation data a callback takes: its own, else that of the ``fit`` it runs in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from wandb_keras_compat.backends import running_fit
from wandb_keras_compat.feature_callbacks.validation_data import TakesValidationData

OF_FIT: Any = ([1.0], [1])
OWN: Any = ([2.0], [2])


class Taking(TakesValidationData):
    """Wants what *wanted* names; what it was given is the second argument."""

    def __init__(self, wanted: tuple[str, ...] = (), own: Any = None) -> None:
        self.wanted, self.validation_data, self.generator, self.predictions = wanted, own, None, 5
        self.fit_data, self._validation_from_fit = None, False

    def _wanted(self) -> tuple[str, ...]:
        return self.wanted


class Asked:
    """Stands in for the look at the running fit: answers with *answer*, and keeps what it was asked."""

    def __init__(self, answer: Any) -> None:
        self.answer = running_fit.FitData(answer, answer)
        self.asked: list[tuple[int | None, Any]] = []

    def __call__(self, model: Any, samples: int | None, own: Any) -> running_fit.FitData:
        self.asked.append((samples, own))
        return self.answer


@pytest.fixture
def fit_has(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], Asked]:
    def has(data: Any) -> Asked:
        asked = Asked(data)
        monkeypatch.setattr(running_fit, "fit_data", asked)
        return asked

    return has


def test_a_table_wants_all_samples_and_pictures_a_few(fit_has: Callable[[Any], Asked]) -> None:
    asked = fit_has(OF_FIT)
    for wanted in (("evaluation",), ("examples", "evaluation"), ("examples",), ()):
        Taking(wanted)._take_fit_data(None)
    assert asked.asked == [(None, None), (None, None), (5, None), (5, None)]


def test_arrays_of_fit_are_the_attribute_that_subclasses_read(fit_has: Callable[[Any], Asked]) -> None:
    """And go with their fit; what is no array is read another way, and is not put there."""
    taking = Taking()
    for data, seen in ((OF_FIT, OF_FIT), (iter(OF_FIT), None), (list(OF_FIT), list(OF_FIT)), (None, None)):
        fit_has(data)
        taking._take_fit_data(None)
        assert taking.validation_data == seen
        assert taking._validation_source() is data


def test_its_own_data_is_what_is_asked_beside_and_stays(fit_has: Callable[[Any], Asked]) -> None:
    asked = fit_has(OF_FIT)
    taking = Taking(own=OWN)
    for _ in range(2):
        taking._take_fit_data(None)
        assert taking.validation_data is OWN and taking._validation_source() is OWN
    assert asked.asked == [(5, OWN), (5, OWN)]


def test_who_needs_none_does_not_look_for_any(fit_has: Callable[[Any], Asked]) -> None:
    class NeedsNone(Taking):
        def _needs_validation_data(self) -> bool:
            return False

    asked = fit_has(OF_FIT)
    taking = NeedsNone()
    taking._take_fit_data(None)
    assert (asked.asked, taking.validation_data, taking._validation_source()) == ([], None, None)
