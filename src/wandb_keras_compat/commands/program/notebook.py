"""``%load_ext wandb_keras_compat``: the hook in a notebook.

The extension takes no arguments; that ``keras`` is to be tf_keras is said by the environment, in the line before it::

    %env WANDB_KERAS_COMPAT_KERAS=tf_keras
    %load_ext wandb_keras_compat

Without that line a cell that ends because of what Keras 3 removed is followed by a sentence that says so.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import Any

from ...hook import install, uninstall
from ...hook.choices import KERAS_VARIABLE


def load_ipython_extension(ipython: Any) -> None:
    """Install the hook; called by IPython's ``%load_ext wandb_keras_compat``.

    Raises:
        KerasOptionError: the environment asks for tf_keras and that cannot be; the sentence says what to do.
    """
    install()
    keras = os.environ.get(KERAS_VARIABLE)
    if keras:
        print("wandb_keras_compat: keras and tf.keras are now tf_keras, which is Keras 2.")
    print(
        "wandb_keras_compat: wandb.keras and wandb.integration.keras now give WandbCallback, WandbMetricsLogger, "
        "WandbModelCheckpoint and WandbEvalCallback (import them after this cell; "
        "%unload_ext wandb_keras_compat undoes it)."
    )
    if ipython is not None:
        ipython.events.register("post_run_cell", _after_cell)


def unload_ipython_extension(ipython: Any) -> None:
    """Uninstall the hook; called by IPython's ``%unload_ext wandb_keras_compat``."""
    uninstall()
    if ipython is not None:
        with suppress(ValueError):
            ipython.events.unregister("post_run_cell", _after_cell)


def _after_cell(result: Any) -> None:
    """Called by IPython once a cell has run, and its error is shown."""
    error = result.error_in_exec
    if isinstance(error, Exception):
        from .error_report import say_what_would_help

        say_what_would_help(error, None)
