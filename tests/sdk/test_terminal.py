"""A warning that cannot be said ends no training, from whichever callback it comes."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import pytest
import wandb

import wandb_keras_compat
from wandb_keras_compat.sdk.terminal import warn

PACKAGE = Path(wandb_keras_compat.__file__).parent


@pytest.mark.parametrize("error", [BrokenPipeError(errno.EPIPE, "nobody reads"), ValueError("I/O on closed file")])
def test_a_terminal_that_is_gone_raises_nothing(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    asked: list[Any] = []

    def gone(message: str, *, repeat: bool) -> None:
        asked.append((message, repeat))
        raise error

    monkeypatch.setattr(wandb, "termwarn", gone)
    warn("first")
    warn("second", repeat=False)
    assert asked == [("first", True), ("second", False)]


@pytest.mark.parametrize("folder", ["features", "host", "newer_callbacks"])
def test_what_runs_while_a_model_trains_warns_through_it_alone(folder: str) -> None:
    files = [*(PACKAGE / folder).rglob("*.py")]
    assert files
    assert [path.name for path in files if "termwarn" in path.read_text(encoding="utf-8")] == []
