"""Every documented use of the three newer callbacks works online, and the model in each artifact can be loaded."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

pytest.importorskip("starlette", reason="the backend is an extra")

from . import table
from .play import play
from .recorded import results

with_codemods = pytest.mark.skipif(find_spec("libcst") is None, reason="the codemods are an extra")


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_documented_uses() -> None:
    _, said, unknown = play("ours")
    assert {use: result for use, result in said.items() if result != "ok"} == {}
    assert len(said) == len(results()[0]["results"])
    assert unknown == ()


@with_codemods
def test_the_table_of_fixes_is_that_of_the_results() -> None:
    assert table.main("--check") == 0


def test_every_fix_is_needed_by_some_version() -> None:
    """Otherwise its code can be deleted; and no use fails that nothing here mends."""
    failing = {
        use
        for cell in results() if cell["which"] == "native"
        for use, result in cell["results"].items() if result != "ok"
    }  # fmt: skip
    assert failing == set(table.FIXES)


@with_codemods
@pytest.mark.parametrize("use", table.CALLS)
def test_the_codemods_move_a_use_to_wandb_only_where_it_works_there(use: str) -> None:
    """Their table of differences and this one of what was played are one: neither says more, or less, than the other."""
    played = {
        cell["versions"]["tensorflow"]: cell["results"][use]
        for cell in results()
        if cell["which"] == "native" and cell["versions"]["wandb"] in table.CODEMOD_SPEAKS_OF
    }
    assert len(played) >= 4, "versions that a program can be moved to"
    works = set(played.values()) == {"ok"}
    if use in STAYS_THOUGH_IT_WORKS:
        assert works
        assert STAYS_THOUGH_IT_WORKS[use] in (table.codemod_says(use) or "")
    else:
        assert (table.codemod_says(use) is None) == works, played


#: A use alone does not tell whether the run is offline, or whether an epoch will improve.
STAYS_THOUGH_IT_WORKS = {
    "EvalCallback: online": "offline and disabled runs",
    "ModelCheckpoint: save_best_only, fixed path, not improved": "logs an artifact in epochs that save nothing",
}


def test_every_use_is_written_as_a_call() -> None:
    assert set(table.CALLS) == set(results()[0]["results"])
