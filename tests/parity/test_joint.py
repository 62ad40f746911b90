"""Everything at once: any arguments with any events."""

from __future__ import annotations

import pytest

from wandb_keras_compat.parity.state_machine.contestants import Arena
from wandb_keras_compat.parity.state_machine.properties import check


@pytest.mark.timeout(3600)
def test_everything(arena: Arena) -> None:
    check("joint", arena=arena)
