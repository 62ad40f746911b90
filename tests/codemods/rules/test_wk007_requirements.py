"""WK007: what to say about dependencies."""

from __future__ import annotations

import pytest

from ..tools import migrate


@pytest.mark.parametrize("line", ["wandb", "wandb<0.17", "wandb[media]==0.16.6", "  wandb >= 0.12"])
def test_the_line_to_add_is_named(line: str) -> None:
    """A note on the right line, and no edit."""
    outcome = migrate(f"numpy\n{line}\n", kind="requirements", file="requirements.txt")
    assert outcome.after is None
    assert [(record.action, record.location.line) for record in outcome.records] == [("note", 2)]
    assert ("pin" in outcome.records[0].reason) == ("<" in line)


@pytest.mark.parametrize("text", ["wandb-osh\n", "# wandb\n", "wandb\nwandb-keras-compat\n", "lightning-wandb\n"])
def test_nothing_to_say(text: str) -> None:
    """Other packages, and projects that are done."""
    assert migrate(text, kind="requirements", file="requirements.txt").records == ()
