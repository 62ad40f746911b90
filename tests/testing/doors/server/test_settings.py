"""Settings that keep a run short, under the names by which the installed wandb has them."""

from __future__ import annotations

from typing import Any

import pytest
import wandb

pytest.importorskip("starlette", reason="the server needs the `testing` extra")

from wandb_keras_compat.testing.doors.server.settings import fast_settings

FAST = {
    "console": "off", "disable_stats": True, "disable_meta": True, "disable_git": True, "disable_code": True,
    "disable_machine_info": True, "save_requirements": False, "disable_update_check": True,
    "file_stream_transmit_interval": 1,
}  # fmt: skip
WAITS = [
    f"{what}_retry_wait_{end}_seconds" for what in ("graphql", "file_stream", "file_transfer") for end in ("min", "max")
]
TRIES = [f"{what}_retry_max" for what in ("graphql", "file_stream", "file_transfer")]


def knows(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """wandb has these settings, some of them by way of a base."""
    base = type("Base", (), {"__annotations__": dict.fromkeys(names[::2], Any)})
    monkeypatch.setattr(
        wandb, "Settings", type("Settings", (base,), {"__annotations__": dict.fromkeys(names[1::2], Any)})
    )


@pytest.mark.parametrize("before", ["", "x_", "_"])
def test_a_setting_has_the_name_that_this_wandb_knows_it_by(monkeypatch: pytest.MonkeyPatch, before: str) -> None:
    knows(monkeypatch, *(f"{before}{name}" for name in [*FAST, *WAITS, *TRIES]))
    assert fast_settings() == {f"{before}{name}": value for name, value in FAST.items()}
    quick = fast_settings(quick_retries=True)
    assert quick == {f"{before}{name}": value for name, value in {**FAST, **dict.fromkeys(WAITS, 1)}.items()}
    for retries in (0, 3):
        tried = fast_settings(retries=retries)
        assert tried == {f"{before}{name}": value for name, value in {**FAST, **dict.fromkeys(TRIES, retries)}.items()}


def test_a_setting_that_it_does_not_know_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    knows(monkeypatch, "console", "_disable_stats", "x_disable_git", "disable_git")
    assert fast_settings(quick_retries=True, retries=1) == {
        "console": "off", "_disable_stats": True, "disable_git": True,
    }  # fmt: skip


def test_the_installed_wandb_takes_them() -> None:
    wandb.Settings(**fast_settings(quick_retries=True, retries=2))
    assert fast_settings()["console"] == "off"
