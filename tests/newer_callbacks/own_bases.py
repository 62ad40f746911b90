"""The three newer callbacks as they are where wandb's own cannot be imported, in a process where they can."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from unittest import mock

import wandb_keras_compat
from wandb_keras_compat import newer_callbacks, sdk
from wandb_keras_compat.sdk import installed_callbacks, own_callbacks

_NEWER = newer_callbacks.__name__
_MADE_FROM_BASES = (_NEWER, f"{sdk.__name__}.callback_versions")


@contextmanager
def chosen() -> Iterator[None]:
    """Our bases are what :func:`installed_callbacks.installed_callbacks` gives."""
    with mock.patch.object(installed_callbacks, "are_wandbs", lambda: False):
        assert installed_callbacks.installed_callbacks() is own_callbacks
        yield


def newer_on_own_bases() -> ModuleType:
    """A second ``newer_callbacks``, whose classes are made from our bases; the first one stays the one to import."""
    kept = {name: sys.modules.pop(name) for name in [*sys.modules] if name.startswith(_MADE_FROM_BASES)}
    try:
        with chosen():
            return import_module(_NEWER)
    finally:
        for name in [*sys.modules]:
            if name.startswith(_MADE_FROM_BASES):
                del sys.modules[name]
        sys.modules.update(kept)
        wandb_keras_compat.newer_callbacks = newer_callbacks  # an import sets it on the package
        sdk.callback_versions = kept[f"{sdk.__name__}.callback_versions"]
