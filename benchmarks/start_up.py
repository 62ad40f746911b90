"""``import wandb_keras_compat`` and ``install()``, each in fresh interpreters.

The child takes the time around the statement itself, so the start of the interpreter is no part of it.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from wandb_keras_compat.testing.child_environment import inherited_environment

from .measure import Spread
from .results import Effort, Row

TITLE = "start-up"
IMPORT_LIMIT_MS = 50.0
INSTALL_LIMIT_MS = 20.0

_CHILD = """
import time
{before}
start = time.perf_counter()
{statement}
elapsed = time.perf_counter() - start
import sys
assert not {{"tensorflow", "jax", "torch", "wandb", "keras"}} & set(sys.modules), "imported too much"
print(elapsed)
"""


def measure(effort: Effort) -> Iterator[Row]:
    """Milliseconds, not ratios: there is nothing to compare them with but the limit."""
    value = _fresh("", "import wandb_keras_compat", effort.rounds)
    yield Row(TITLE, "fresh interpreter", "import wandb_keras_compat", value, "ms", IMPORT_LIMIT_MS)
    if find_spec("wandb_keras_compat.hook") is None:
        yield Row(TITLE, "fresh interpreter", "install()", note="this tree has no wandb_keras_compat.hook yet")
        return
    value = _fresh("import wandb_keras_compat", "wandb_keras_compat.install()", effort.rounds)
    yield Row(TITLE, "fresh interpreter", "install()", value, "ms", INSTALL_LIMIT_MS)


def _fresh(before: str, statement: str, rounds: int) -> Spread:
    spec = find_spec("wandb_keras_compat")
    assert spec is not None
    assert spec.origin is not None
    environment = inherited_environment(path=[Path(spec.origin).parents[1]])
    child = [sys.executable, "-c", _CHILD.format(before=before, statement=statement)]
    milliseconds = []
    for number in range(-1, rounds):  # the first one writes the bytecode
        output = subprocess.run(child, env=environment, check=True, capture_output=True, text=True).stdout
        if number >= 0:
            milliseconds.append(float(output) * 1e3)
    return Spread.of(milliseconds)
