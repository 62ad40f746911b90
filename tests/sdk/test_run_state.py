"""Where what is logged to a run goes, and that a run which sends nothing takes telemetry as the others do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from wandb_keras_compat.sdk import telemetry
from wandb_keras_compat.sdk.run_state import run_state


class Stand:
    """A disabled run of an old wandb, whose every attribute is there and true."""

    def __getattr__(self, name: str) -> Any:
        return True


@pytest.mark.parametrize(
    ("run", "state"),
    [
        (None, "none"),
        (SimpleNamespace(disabled=True, offline=False), "disabled"),
        (SimpleNamespace(disabled=True, offline=True), "disabled"),
        (Stand(), "disabled"),
        (SimpleNamespace(disabled=False, offline=True), "offline"),
        (SimpleNamespace(disabled=False, offline=False), "online"),
    ],
)
def test_a_run_is_online_offline_disabled_or_none(run: Any, state: str) -> None:
    assert run_state(run) == state


class WandbsTelemetry:
    """As wandb's: it writes to what the run has for it, and fails where that is missing."""

    TelemetryRecord = staticmethod(lambda: SimpleNamespace(feature=SimpleNamespace()))

    @contextmanager
    def context(self, run: Any) -> Iterator[Any]:
        yield run._telemetry_obj


@pytest.fixture
def wandbs(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    monkeypatch.setattr(telemetry, "telemetry", WandbsTelemetry())
    return lambda **fields: SimpleNamespace(**{"disabled": False, "offline": True, **fields})


def test_a_run_is_marked_with_the_feature_of_the_legacy_class(wandbs: Callable[..., Any]) -> None:
    run = wandbs(_telemetry_obj=WandbsTelemetry.TelemetryRecord())
    telemetry.mark_legacy_feature(run)
    assert vars(run._telemetry_obj.feature) == {"keras": True}


def test_a_disabled_run_without_a_place_for_telemetry_gets_one_that_sends_nothing(wandbs: Callable[..., Any]) -> None:
    run = wandbs(disabled=True)
    telemetry.mark_legacy_feature(run)
    assert vars(run._telemetry_obj.feature) == {"keras": True}
    assert run._telemetry_obj_active is False


def test_one_that_has_a_place_keeps_it(wandbs: Callable[..., Any]) -> None:
    place = WandbsTelemetry.TelemetryRecord()
    run = wandbs(disabled=True, _telemetry_obj=place)
    telemetry.take_telemetry(run)
    assert run._telemetry_obj is place and not hasattr(run, "_telemetry_obj_active")


def test_of_a_run_that_sends_a_missing_place_is_an_error_of_wandbs(wandbs: Callable[..., Any]) -> None:
    run = wandbs()
    telemetry.take_telemetry(run)
    assert not hasattr(run, "_telemetry_obj")
    with pytest.raises(AttributeError):
        telemetry.mark_legacy_feature(run)
