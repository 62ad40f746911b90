"""What ``python -m wandb_keras_compat.parity.state_machine`` prints is what the compatibility matrix reads."""

from __future__ import annotations

import sys

import pytest

from wandb_keras_compat.parity.state_machine.__main__ import main
from wandb_keras_compat.parity.state_machine.agreed import names_in


def test_the_program_says_of_each_property_that_its_plays_agreed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["machine", "best", "metrics", "--examples", "1", "--seed", "1"])
    main()
    assert names_in(capsys.readouterr().out) == ["best", "metrics"]
