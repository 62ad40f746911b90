"""``%load_ext wandb_keras_compat``: the hook in a notebook."""

from __future__ import annotations

from typing import Any

from . import install, uninstall


def load_ipython_extension(ipython: Any) -> None:
    """Install the hook; called by IPython's ``%load_ext wandb_keras_compat``."""
    install()
    print(
        "wandb_keras_compat: wandb.keras and wandb.integration.keras now give WandbCallback, WandbMetricsLogger, "
        "WandbModelCheckpoint and WandbEvalCallback (import them after this cell; "
        "%unload_ext wandb_keras_compat undoes it)."
    )


def unload_ipython_extension(ipython: Any) -> None:
    """Uninstall the hook; called by IPython's ``%unload_ext wandb_keras_compat``."""
    uninstall()
