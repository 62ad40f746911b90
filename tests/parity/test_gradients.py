"""Histograms of gradients: of drawn networks, weights and data the same from everyone, and computed by hand."""

from __future__ import annotations

import pytest

from wandb_keras_compat.parity.state_machine.contestants import Arena
from wandb_keras_compat.parity.state_machine.properties import check


@pytest.mark.timeout(3600)
def test_gradients(arena: Arena) -> None:
    check("gradients", arena=arena)
