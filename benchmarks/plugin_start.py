"""What the pytest plugin costs a project that does not use it: a session of one empty test, with and without.

Both sides start the same interpreter and the same pytest; ``without`` over ``without`` is the noise of this machine.
Processor time of the children, for a session is short and the disk decides much of its wall time.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from wandb_keras_compat.testing.child_environment import inherited_environment

from .measure import Spread, Times
from .results import Effort, Row

TITLE = "pytest plugin"
PLUGIN = "wandb_keras_compat.testing.plugin"
SIDES: dict[str, list[str]] = {"without": [], "with": ["-p", PLUGIN], "without again": []}
#: A session is measured this often for a round: one alone is a third of a second, with a tenth of noise.
EACH = 3


def measure(effort: Effort) -> Iterator[Row]:
    """The ratio of the two sides, and that of two sides that are the same."""
    spec = find_spec("wandb_keras_compat")
    assert spec is not None
    assert spec.origin is not None
    environment = inherited_environment(
        {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}, path=[Path(spec.origin).parents[1]], drop=["PYTEST_"]
    )
    seconds: dict[str, list[float]] = {side: [] for side in SIDES}
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "test_one.py").write_text("def test_one():\n    pass\n", encoding="utf-8")
        for number in range(-1, effort.rounds):  # the first one writes the bytecode
            for side, options in SIDES.items():
                spent = sum(_session(folder, options, environment) for _ in range(EACH))
                if number >= 0:
                    seconds[side].append(spent)
    times = Times(seconds)
    yield Row(TITLE, "one empty test", "with the plugin over without", times.ratio("with", "without"), "x", 1.02)
    yield Row(TITLE, "one empty test", "without over without: the noise", times.ratio("without again", "without"), "x")
    longer = [1e3 * (one - other) / EACH for one, other in zip(seconds["with"], seconds["without"])]
    yield Row(TITLE, "one empty test", "what a session takes longer", Spread.of(longer), "ms")


def _session(folder: str, options: list[str], environment: dict[str, str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, folder]
    subprocess.run(command, env=environment, check=True, capture_output=True, cwd=folder)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
