"""Evaluation tables: which columns, which cells, when, the same from everyone."""

from __future__ import annotations

import pytest

from wandb_keras_compat.parity.state_machine.contestants import Arena
from wandb_keras_compat.parity.state_machine.properties import check


@pytest.mark.timeout(3600)
def test_evaluation(arena: Arena) -> None:
    check("evaluation", arena=arena)
