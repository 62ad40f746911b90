"""Rows of epochs and batches: for drawn plays the same from the real class, the shim and the model."""

from __future__ import annotations

import pytest

from wandb_keras_compat.parity.state_machine.contestants import Arena
from wandb_keras_compat.parity.state_machine.properties import check


@pytest.mark.timeout(3600)
def test_rows(arena: Arena) -> None:
    check("metrics", arena=arena)
