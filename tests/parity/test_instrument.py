"""The table of the instrument's modules and their witnesses holds together, and what is explained is in today's source.

What the witnesses tell, ``nox -s instrument`` finds out, and ``INSTRUMENT.md`` says.
"""

from __future__ import annotations

import os

import pytest

from .mutation.instrument import explained
from .mutation.judges import judge_of
from .mutation.module_witnesses import WITNESSES, path_of, witnesses_of
from .mutation.sources import ROOT
from .test_mutants import occurrences

LINES = sorted({place[:3] for _, _, places in explained() for place in places})


def is_there(file: str, test: str = "") -> bool:
    """Whether there is this file of tests, and in it a test of this name."""
    path = ROOT / file
    return path.is_file() and (not test or f"def {test}(" in path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("module", WITNESSES)
def test_the_module_and_its_witnesses_are_there(module: str) -> None:
    assert path_of(module).is_file()
    assert WITNESSES[module]
    assert [test for test in WITNESSES[module] if not is_there(*test.split("::"))] == []


@pytest.mark.parametrize(("module", "function", "was"), LINES, ids=["-".join(line) for line in LINES])
def test_what_an_explained_survivor_changes_is_there_once(module: str, function: str, was: str) -> None:
    assert module in WITNESSES
    text = path_of(module).read_text(encoding="utf-8")
    if function:
        assert occurrences(text, function, was) == 1
    else:
        assert [line.strip() for line in text.splitlines()].count(was) == 1


def test_survivors_are_explained_once() -> None:
    places = [place for _, _, each in explained() for place in each]
    assert len(set(places)) == len(places)
    assert all(kind and why and was != now for kind, why, each in explained() for *_, was, now in each)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="judged in a child of this process")
@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
def test_a_module_that_a_conftest_cannot_import_is_told() -> None:
    """pytest ends before any test then, so none reports."""
    module = "testing.doors.server.arguments"
    with judge_of(module) as judged:
        (found,) = judged(path_of(module), "1 / 0\n", witnesses_of(module), 60) or [None]
    assert found == "pytest ended with 4"
