"""Traces of scenarios: as they are played here, and as the real class left them."""

from __future__ import annotations

import json
import pathlib
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, Protocol

import pytest
from filelock import FileLock, Timeout

from wandb_keras_compat.parity.forms import DECLARED, USUAL, WRITTEN
from wandb_keras_compat.parity.ledger import ledger, may_end
from wandb_keras_compat.parity.record_goldens import GOLDENS
from wandb_keras_compat.parity.scenarios import SCENARIOS
from wandb_keras_compat.parity.state_machine.contestants import Arena
from wandb_keras_compat.parity.uses import cover
from wandb_keras_compat.testing.child_environment import inherited_environment

from . import property_tests

# What imports Keras is imported where something is played: most tests below this folder play nothing.


def pytest_itemcollected(item: pytest.Item) -> None:
    """What is played for those who ask is played in processes of its own."""
    if {"played", "played_use"} & {*getattr(item, "fixturenames", ())}:
        item.add_marker(pytest.mark.slow)


class Played(Protocol):
    """The trace of a scenario, as it is played here."""

    def __call__(self, which: str, name: str, form: str = USUAL) -> dict[str, Any]: ...


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> pathlib.Path:
    """The folder of all workers of a test session: what one has played there the others need not play."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if hasattr(request.config, "workerinput") else base


@pytest.fixture(scope="session")
def played(shared: pathlib.Path) -> Played:
    """``played(which, name, form)``: the trace of a scenario.

    All of a group are trained in one process, when the first is wanted, once for all workers of a test session.
    """
    from wandb_keras_compat.parity.frameworks import framework

    def trace(which: str, name: str, form: str = USUAL) -> dict[str, Any]:
        if name in framework.NOT_PLAYED:
            pytest.skip(framework.NOT_PLAYED[name])
        if form in WRITTEN and name in property_tests.share(form):
            return _of_written(shared, form, name)
        folder = shared / f"parity-{which}"
        group, names = _group_of(which, name) if form == USUAL else _group_in(form, name)
        done, play = folder / f"group {group}", partial(_play, which, folder, form if form in WRITTEN else USUAL, names)
        if not once(done, play, wait=False):
            if group.startswith("quarter"):  # another worker plays it, and some test wants the others, too
                _play_another_quarter(which, folder)
            once(done, play)
        wanted = name if form in (USUAL, *WRITTEN) else f"{form}:{name}"
        if form in WRITTEN:
            folder /= form
        return _read(folder, wanted)

    return trace


class PlayedUse(Protocol):
    """The trace of a program of :mod:`.uses`, as it is played here."""

    def __call__(self, which: str, number: int) -> dict[str, Any]: ...


@pytest.fixture(scope="session")
def played_use(shared: pathlib.Path) -> PlayedUse:
    """``played_use(which, number)``: as :func:`played`; those that are drawn, and that are started alike, are a group each."""
    from wandb_keras_compat.parity.uses import play as uses

    def trace(which: str, number: int) -> dict[str, Any]:
        started = cover.rows()[number]["start"] if which == "shim" else "python"
        if which == "shim" and number in property_tests.uses():
            return _of_written(shared, started, f"{number:03}")
        folder = shared / f"uses-{which}"
        done = folder / started

        def play() -> None:
            numbers = [other for other, row in enumerate(cover.rows()) if started in ("python", row["start"])]
            uses.play(
                which, folder, [other for other in numbers if which == "legacy" or other not in property_tests.uses()]
            )

        once(done, play)
        return _read(folder, f"{number:03}", may=which == "legacy")

    return trace


def _of_written(shared: pathlib.Path, started: str, name: str) -> dict[str, Any]:
    """The trace of a script that is drawn, of a scenario or a use: one process plays all that are started alike."""
    from wandb_keras_compat.parity import play_scripts, scripts
    from wandb_keras_compat.parity.uses import play as uses

    folder = shared / f"written-{started}"

    def play() -> None:
        place = folder / "scripts"
        place.mkdir(parents=True)
        scenarios = [
            play_scripts.write(place / each, started, scripts.cells(each, SCENARIOS[each]))
            for each in property_tests.share(started)
        ]
        numbers = [number for number in property_tests.uses() if cover.rows()[number]["start"] == started]
        play_scripts.start(started, folder, [*scenarios, *(uses.write(place, started, number) for number in numbers)])

    once(folder / "done", play)
    return _read(folder, name)


def _read(folder: pathlib.Path, name: str, may: bool = False) -> dict[str, Any]:
    """The trace called so, whose program *may* have ended in an exception."""
    found: dict[str, Any] = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    ended = folder / f"{name}.ended.txt"
    may = may or not ended.exists() or bool(may_end(name.rpartition(":")[2], found["made_with"], ledger()))
    assert may, ended.read_text(encoding="utf-8")
    return found


def _group_of(which: str, name: str) -> tuple[str, list[str]]:
    """A quarter of all scenarios, so that workers can train others meanwhile; the small callbacks' selection is one."""
    from wandb_keras_compat.parity.composed import SELECTION

    if which == "composed" and name in SELECTION:
        return "selection", list(SELECTION)
    return next((group, names) for group, names in _quarters(which) if name in names)


def _quarters(which: str) -> list[tuple[str, list[str]]]:
    from wandb_keras_compat.parity.composed import SELECTION

    names = [other for other in SCENARIOS if which != "composed" or other not in SELECTION]
    return [(f"quarter {quarter}", names[quarter::4]) for quarter in range(4)]


def _group_in(form: str, name: str) -> tuple[str, list[str]]:
    """Those that are drawn for all forms that are played from declarations; where *name* was not drawn, all that were not
    of that form.
    """
    if name not in property_tests.share(form):
        names = property_tests.rest(form)
        return f"rest in form {form}", names if form in WRITTEN else [f"{form}:{other}" for other in names]
    return "drawn", [f"{each}:{other}" for each in DECLARED if each != USUAL for other in property_tests.share(each)]


@pytest.fixture
def arena() -> Iterator[Arena]:
    """Where plays are played."""
    with Arena() as opened:
        yield opened


def once(done: pathlib.Path, make: Callable[[], object], *, wait: bool = True) -> bool:
    """Sees to it that one worker calls *make*, after which there is *done*.

    Returns:
        False if another is about it just now, which there is only without *wait*.
    """
    done.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(f"{done}.lock", timeout=-1 if wait else 0):
            if not done.exists():
                make()
                done.touch()
    except Timeout:
        return False
    return True


def _play_another_quarter(which: str, folder: pathlib.Path) -> None:
    """Plays one that nobody has played or plays, if there is one."""
    for group, names in _quarters(which):
        done = folder / f"group {group}"
        if not done.exists() and once(done, partial(_play, which, folder, USUAL, names), wait=False):
            return


def _play(which: str, folder: pathlib.Path, form: str, names: Iterable[str]) -> None:
    from wandb_keras_compat.parity.frameworks import framework

    folder.mkdir(exist_ok=True)
    place = folder / form if form in WRITTEN else folder
    names = [name for name in names if name.rpartition(":")[2] not in framework.NOT_PLAYED]
    done = subprocess.run(
        [sys.executable, "-m", "wandb_keras_compat.parity.play", "--form", form, which, str(place), *names],
        env=inherited_environment(),
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )
    assert done.returncode == 0, done.stderr[-4000:]


def golden(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((GOLDENS / f"{name}.json").read_text(encoding="utf-8"))
    return found
