"""Keeps an offline run from querying the server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import wandb

_lock = threading.Lock()
_inside = 0
_asks_the_server: Any = None


@contextmanager
def without_server_queries(run: Any) -> Iterator[None]:
    """Keeps an offline *run* from asking the server which client versions it accepts.

    wandb up to 0.18 asks that when a list of images or a table is logged, offline runs included; without a network
    the question is retried for minutes. An offline run will be synced by this very client, so its own version is the
    answer. Several threads may be inside at once: the last one to leave puts wandb's own function back.
    """
    global _inside, _asks_the_server  # noqa: PLW0603 - one for the process
    if not getattr(run, "offline", False) or not hasattr(wandb.util, "_get_max_cli_version"):
        yield
        return
    with _lock:
        if not _inside:
            _asks_the_server = wandb.util._get_max_cli_version
            wandb.util._get_max_cli_version = lambda: wandb.__version__
        _inside += 1
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if not _inside:
                wandb.util._get_max_cli_version = _asks_the_server
