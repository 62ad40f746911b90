"""The graph of the layers: of drawn networks the same from everyone."""

from __future__ import annotations

import pytest

from wandb_keras_compat.parity.state_machine.contestants import Arena
from wandb_keras_compat.parity.state_machine.properties import check


@pytest.mark.timeout(3600)
def test_graph(arena: Arena) -> None:
    check("graph", arena=arena)
