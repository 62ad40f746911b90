"""GFLOPs: of drawn networks the same from everyone, and counted by hand."""

from __future__ import annotations

import pytest

from wandb_keras_compat.parity.state_machine.contestants import Arena
from wandb_keras_compat.parity.state_machine.properties import check


@pytest.mark.timeout(3600)
def test_flops(arena: Arena) -> None:
    check("flops", arena=arena)
