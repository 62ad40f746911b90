"""Traces of scenarios: as they are played here, and as the real class left them."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from filelock import FileLock

from .composed import SELECTION
from .ledger import ledger, may_end
from .machine.contestants import Arena
from .record_goldens import GOLDENS
from .scenarios import SCENARIOS

ROOT = pathlib.Path(__file__).parents[2]

Played = Callable[[str, str], dict[str, Any]]


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Played:
    """``played(which, name)``: the trace of a scenario.

    All of a group are trained in one process, when the first is wanted, once for all workers of a test session.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if hasattr(request.config, "workerinput") else base

    def trace(which: str, name: str) -> dict[str, Any]:
        folder = shared / f"parity-{which}"
        number, names = _group_of(which, name)
        done = folder / f"group {number}"
        with FileLock(f"{folder}-{number}.lock"):
            if not done.exists():
                _play(which, folder, names)
                done.touch()
        found: dict[str, Any] = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        ended = folder / f"{name}.ended.txt"
        assert not ended.exists() or may_end(name, found["made_with"], ledger()), ended.read_text(encoding="utf-8")
        return found

    return trace


def _group_of(which: str, name: str) -> tuple[int, list[str]]:
    """A quarter of all scenarios, so that workers can train others meanwhile; the small callbacks' selection is one."""
    if which == "composed" and name in SELECTION:
        return 0, list(SELECTION)
    names = [other for other in SCENARIOS if which != "composed" or other not in SELECTION]
    quarter = names.index(name) % 4
    return 1 + quarter, names[quarter::4]


@pytest.fixture
def arena() -> Iterator[Arena]:
    """Where plays are played."""
    with Arena() as opened:
        yield opened


def _play(which: str, folder: pathlib.Path, names: Iterable[str]) -> None:
    folder.mkdir(exist_ok=True)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)])}
    done = subprocess.run(
        [sys.executable, "-m", "tests.parity.play", which, str(folder), *names],
        env=environment, capture_output=True, text=True, check=False, cwd=folder,
    )
    assert done.returncode == 0, done.stderr[-4000:]


def golden(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((GOLDENS / f"{name}.json").read_text(encoding="utf-8"))
    return found
