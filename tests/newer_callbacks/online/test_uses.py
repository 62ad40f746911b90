"""Every documented use of the three newer callbacks works online, and the model in each artifact can be loaded."""

from __future__ import annotations

import pytest

pytest.importorskip("starlette", reason="the backend is an extra")

from . import table
from .play import play


@pytest.mark.timeout(900)
def test_documented_uses() -> None:
    _, said, unknown = play("ours")
    assert {use: result for use, result in said.items() if result != "ok"} == {}
    assert len(said) == len(table.results()[0]["results"])
    assert unknown == ()


def test_the_table_of_fixes_is_that_of_the_results() -> None:
    assert table.main("--check") == 0


def test_every_fix_is_needed_by_some_version() -> None:
    """Otherwise its code can be deleted; and no use fails that nothing here mends."""
    failing = {
        use
        for cell in table.results() if cell["which"] == "native"
        for use, result in cell["results"].items() if result != "ok"
    }  # fmt: skip
    assert failing == set(table.FIXES)
