"""Importing the package, its commands, and trainings with it change nothing of Keras, wandb and the interpreter.

Attribute by attribute, by identity, of every loaded module and class; each case in a process of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import wandb_keras_compat
from wandb_keras_compat.testing.child_environment import inherited_environment

ROOT = Path(__file__).parents[2]

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="each case is a fork of a process that has TensorFlow")
pytestmark = [needs_fork, pytest.mark.slow, pytest.mark.timeout(1200)]


@pytest.fixture
def played(tmp_path: Path) -> Callable[..., dict[str, object]]:
    """The changes of each case whose name one of the patterns matches."""

    def play(*patterns: str) -> dict[str, object]:
        quiet = {"WANDB_SILENT": "true", "WANDB_ERROR_REPORTING": "false"}
        path = [ROOT, ROOT / "src", ROOT / "codemods"]
        environment = inherited_environment(quiet, drop=["WANDB_"], path=path)
        results = tmp_path / "results.json"
        done = subprocess.run(
            [sys.executable, "-m", "tests.census.driver", str(results), *patterns],
            env={**environment, "HOME": str(tmp_path), "TMPDIR": str(tmp_path)}, cwd=tmp_path, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        found: dict[str, object] = json.loads(results.read_text())
        return found

    return play


def test_nothing_changes(played: Callable[..., dict[str, object]]) -> None:
    found = played("import *", "install *", "everything *", "command *", "train *", "noticed: *")
    noticed = {case.removeprefix("noticed: "): found.pop(case) for case in [*found] if case.startswith("noticed: ")}
    assert noticed
    for case, changes in noticed.items():  # else nothing would be found in the others
        assert isinstance(changes, list) and any(case in change for change in changes), (case, changes)
    assert {f"import {name}" for name in wandb_keras_compat.__all__} < found.keys()
    assert {case: changes for case, changes in found.items() if changes != []} == {}


@pytest.mark.whole
def test_nothing_changes_by_a_training_with_one_callback_alone(played: Callable[..., dict[str, object]]) -> None:
    found = played("alone *")
    assert len(found) == 2 * sum(name.startswith("Wandb") for name in wandb_keras_compat.__all__)
    assert {case: changes for case, changes in found.items() if changes != []} == {}
