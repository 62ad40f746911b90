"""``%load_ext wandb_keras_compat`` in a real IPython shell."""

from __future__ import annotations

from collections.abc import Callable

SHELL = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()

def cell(text):
    shell.run_cell(text).raise_error()

import wandb_keras_compat
"""


def test_load_reload_and_unload(python: Callable[..., str]) -> None:
    printed = python(
        SHELL
        + """
cell("%load_ext wandb_keras_compat")
assert wandb_keras_compat.installed()
cell("%load_ext wandb_keras_compat")
cell("%reload_ext wandb_keras_compat")
assert wandb_keras_compat.installed()
cell("%unload_ext wandb_keras_compat")
assert not wandb_keras_compat.installed()
"""
    )
    told = [line for line in printed.splitlines() if line.startswith("wandb_keras_compat:")]
    assert len(told) == 2  # for load and reload, one line each
    assert "WandbCallback" in told[0] and "%unload_ext" in told[0]
