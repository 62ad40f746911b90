"""WK007: what to say about dependencies."""

from __future__ import annotations

import json

import pytest
from wandb_keras_codemods.names import DISTRIBUTION

from ..tools import migrate


@pytest.mark.parametrize("line", ["wandb", "wandb<0.17", "wandb[media]==0.16.6", "  wandb >= 0.12"])
def test_the_line_to_add_is_named(line: str) -> None:
    """A note on the right line, and no edit."""
    outcome = migrate(f"numpy\n{line}\n", kind="requirements", file="requirements.txt")
    assert outcome.after is None
    (record,) = outcome.records
    assert (record.action, record.location.line) == ("note", 2)
    pin = f" ({line} is pinned for the old import, perhaps: the pin can go)" if "<" in line else ""
    assert record.reason == f"migrated code needs a line `{DISTRIBUTION}` here{pin}"


@pytest.mark.parametrize("text", ["wandb-osh\n", "# wandb\n", "wandb\nwandb-keras-compat\n", "lightning-wandb\n"])
def test_nothing_to_say(text: str) -> None:
    """Other packages, and projects that are done."""
    assert migrate(text, kind="requirements", file="requirements.txt").records == ()


OLD = "from wandb.keras import WandbCallback\n"


def notebook(*cells: str) -> str:
    return json.dumps({"nbformat": 4, "cells": [{"cell_type": "code", "source": cell} for cell in cells]})


@pytest.mark.parametrize("install", ["!pip install wandb", "%pip install -q wandb==0.15 numpy"])
def test_a_cell_that_installs_wandb_is_named_where_the_notebook_is_migrated(install: str) -> None:
    """Also in a Python file that is one; not if it installs the package too, or nothing needs it."""
    for kind, file, text in (
        ("notebook", "n.ipynb", notebook(f"{install}\n", OLD)),
        ("python", "n.py", f"# %%\n# {install}\n\n# %%\n{OLD}"),
    ):
        (note,) = [record for record in migrate(text, kind=kind, file=file).records if record.rule == "WK007"]  # type: ignore[arg-type]
        assert (note.action, note.before, DISTRIBUTION in note.reason) == ("note", install, True)
    for cells in ((f"{install} {DISTRIBUTION}", OLD), (install, "import wandb")):
        records = migrate(notebook(*cells), kind="notebook", file="n.ipynb").records
        assert [record for record in records if record.rule == "WK007"] == []
