"""Every order of import, attribute access, install and uninstall, each in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from math import perm
from pathlib import Path

import pytest

from wandb_keras_compat.testing.child_environment import inherited_environment

from .standins import FAMILIES, plant

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
SOURCE = HERE.parents[1] / "src"


def orders(count: int) -> int:
    """Number of non-empty prefixes of all orders of ``count`` steps."""
    return sum(perm(count, length) for length in range(1, count + 1))


# All prefixes of all orders of the seven steps, and all sequences of up to three of fourteen. `import wandb` is a step
# only while wandb is not loaded: never taken, first, after one of install and uninstall, or after both.
NODES = {
    "orders": orders(6) + (1 + orders(6)) + 2 * (1 + orders(5)) + 2 * (1 + orders(4)),
    "sequences": sum(14**length for length in (1, 2, 3)),
}

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="the machine forks a process per order")


@needs_fork
@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("tree", ["orders", "sequences"])
def test_every_order_gives_what_the_model_says(tmp_path: Path, family: str, tree: str) -> None:
    planted, results = plant(tmp_path / "standins", family), tmp_path / "results"
    command = [sys.executable, str(HERE / "machine.py"), family, tree, str(results)]
    done = subprocess.run(command, env=inherited_environment(path=[planted, SOURCE]), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr

    outcomes = Counter(results.read_text().splitlines())
    passed = outcomes.pop("ok", 0)
    assert not outcomes, "\n".join(list(outcomes)[:20])
    assert passed == NODES[tree]
