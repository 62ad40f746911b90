"""Example images: which, in which order, with which caption and colours, the same from everyone."""

from __future__ import annotations

import pytest

from wandb_keras_compat.parity.state_machine.contestants import Arena
from wandb_keras_compat.parity.state_machine.properties import check


@pytest.mark.timeout(3600)
def test_examples(arena: Arena) -> None:
    check("examples", arena=arena)
