"""Traces of scenarios: as they are played here, and as the real class left them."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from .record_goldens import GOLDENS

ROOT = pathlib.Path(__file__).parents[2]

Played = Callable[[str, str], dict[str, Any]]


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """``played(which, name)``: the trace of a scenario; all are trained in one process when the first is wanted."""
    folders: dict[str, pathlib.Path] = {}

    def trace(which: str, name: str) -> dict[str, Any]:
        if which not in folders:
            folders[which] = tmp_path_factory.mktemp(which)
            environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)])}
            done = subprocess.run(
                [sys.executable, "-m", "tests.parity.play", which, str(folders[which])],
                env=environment, capture_output=True, text=True, check=False, cwd=folders[which],
            )
            assert done.returncode == 0, done.stderr[-4000:]
        ended = folders[which] / f"{name}.ended.txt"
        assert not ended.exists(), ended.read_text(encoding="utf-8")
        found: dict[str, Any] = json.loads((folders[which] / f"{name}.json").read_text(encoding="utf-8"))
        return found

    return trace


def golden(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((GOLDENS / f"{name}.json").read_text(encoding="utf-8"))
    return found
