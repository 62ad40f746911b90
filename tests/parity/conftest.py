"""Traces of scenarios: as they are played here, and as the real class left them."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
from collections.abc import Iterable, Iterator
from typing import Any, Protocol

import pytest
from filelock import FileLock

from . import drawn
from .composed import SELECTION
from .forms import DECLARED, USUAL, WRITTEN
from .ledger import ledger, may_end
from .machine.contestants import Arena
from .record_goldens import GOLDENS
from .scenarios import SCENARIOS

ROOT = pathlib.Path(__file__).parents[2]

class Played(Protocol):
    """The trace of a scenario, as it is played here."""

    def __call__(self, which: str, name: str, form: str = USUAL) -> dict[str, Any]: ...


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Played:
    """``played(which, name, form)``: the trace of a scenario.

    All of a group are trained in one process, when the first is wanted, once for all workers of a test session.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if hasattr(request.config, "workerinput") else base

    def trace(which: str, name: str, form: str = USUAL) -> dict[str, Any]:
        folder = shared / f"parity-{which}"
        group, names = _group_of(which, name) if form == USUAL else _group_in(form, name)
        done = folder / f"group {group}"
        with FileLock(f"{folder}-{group}.lock"):
            if not done.exists():
                _play(which, folder, form if form in WRITTEN else USUAL, names)
                done.touch()
        wanted = name if form in (USUAL, *WRITTEN) else f"{form}:{name}"
        if form in WRITTEN:
            folder /= form
        found: dict[str, Any] = json.loads((folder / f"{wanted}.json").read_text(encoding="utf-8"))
        ended = folder / f"{wanted}.ended.txt"
        assert not ended.exists() or may_end(name, found["made_with"], ledger()), ended.read_text(encoding="utf-8")
        return found

    return trace


def _group_of(which: str, name: str) -> tuple[str, list[str]]:
    """A quarter of all scenarios, so that workers can train others meanwhile; the small callbacks' selection is one."""
    if which == "composed" and name in SELECTION:
        return "selection", list(SELECTION)
    names = [other for other in SCENARIOS if which != "composed" or other not in SELECTION]
    quarter = names.index(name) % 4
    return f"quarter {quarter}", names[quarter::4]


def _group_in(form: str, name: str) -> tuple[str, list[str]]:
    """Those that are drawn for all forms that are played from declarations, or those drawn for one that is written;
    where *name* was not drawn, all that were not of that form.
    """
    if name not in drawn.share(form):
        names = drawn.rest(form)
        return f"rest in form {form}", names if form in WRITTEN else [f"{form}:{other}" for other in names]
    if form in WRITTEN:
        return f"drawn in form {form}", drawn.share(form)
    return "drawn", [f"{each}:{other}" for each in DECLARED if each != USUAL for other in drawn.share(each)]


@pytest.fixture
def arena() -> Iterator[Arena]:
    """Where plays are played."""
    with Arena() as opened:
        yield opened


def _play(which: str, folder: pathlib.Path, form: str, names: Iterable[str]) -> None:
    folder.mkdir(exist_ok=True)
    place = folder / form if form in WRITTEN else folder
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)])}
    done = subprocess.run(
        [sys.executable, "-m", "tests.parity.play", "--form", form, which, str(place), *names],
        env=environment, capture_output=True, text=True, check=False, cwd=folder,
    )
    assert done.returncode == 0, done.stderr[-4000:]


def golden(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((GOLDENS / f"{name}.json").read_text(encoding="utf-8"))
    return found
