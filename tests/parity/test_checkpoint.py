"""Checkpoints: a file and an artifact of which epoch, of which weights, under which aliases."""

from __future__ import annotations

import pytest

from wandb_keras_compat.parity.state_machine.contestants import Arena
from wandb_keras_compat.parity.state_machine.properties import check


@pytest.mark.timeout(3600)
def test_checkpoints(arena: Arena) -> None:
    check("checkpoint", arena=arena)
