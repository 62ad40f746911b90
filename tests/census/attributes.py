"""Every attribute of Keras, TensorFlow and wandb, and what a library could change in the standard library: by identity."""

from __future__ import annotations

import builtins
import gc
import logging
import os
import random
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

import numpy as np

LIBRARIES = ("keras", "tensorflow", "tf_keras", "wandb")
_ABSENT = object()
#: By Python itself, and by its module `copy`.
_MADE_WHEN_ASKED = {"__annotations__", "__slotnames__"}

#: What of the standard library programs share, and how to look at it.
SHARED: dict[str, Callable[[], Any]] = {
    "sys.meta_path": lambda: (id(sys.meta_path), list(map(id, sys.meta_path))),
    "sys.path": lambda: list(sys.path),
    "sys.path_hooks": lambda: list(map(id, sys.path_hooks)),
    "sys hooks": lambda: [
        id(hook) for hook in (sys.excepthook, sys.displayhook, sys.unraisablehook, sys.gettrace(), sys.getprofile())
    ],
    "sys streams": lambda: [id(stream) for stream in (sys.stdin, sys.stdout, sys.stderr)],
    "sys limits": lambda: (sys.getrecursionlimit(), sys.getswitchinterval()),
    "threading hooks": lambda: [
        id(hook) for hook in (threading.excepthook, threading._trace_hook, threading._profile_hook)  # type: ignore[attr-defined]
    ],
    "warnings": lambda: (list(warnings.filters), id(warnings.showwarning), id(warnings.formatwarning)),
    "logging": lambda: (
        logging.root.level, list(map(id, logging.root.handlers)), logging.root.manager.disable,
        id(logging.getLoggerClass()), id(logging.getLogRecordFactory()),
    ),
    "signals": lambda: [id(signal.getsignal(number)) for number in (signal.SIGINT, signal.SIGTERM)],
    "os.environ": lambda: dict(os.environ),
    "working directory": os.getcwd,
    "gc": lambda: (gc.isenabled(), gc.get_threshold(), list(map(id, gc.callbacks))),
    "random": random.getstate,
    "numpy": lambda: (repr(np.random.get_state()), np.geterr()),
}  # fmt: skip


class Census:
    """What is there now, to be compared with what is there later.

    Args:
        about: the libraries whose modules, and their classes, are looked at, and names of :data:`SHARED`.
    """

    def __init__(self, about: Iterable[str]) -> None:
        self._about = frozenset(about)
        self._members: dict[int, tuple[str, Any, dict[str, Any]]] = {}
        self._modules = {name: module for name, module in list(sys.modules.items()) if self._is_of_library(name)}
        for name, module in self._modules.items():
            self._see(name, module)
            for value in list(vars(module).values()):
                if isinstance(value, type) and self._is_of_library(value.__module__):
                    self._see(f"{value.__module__}.{value.__qualname__}", value)
        self._see("builtins", builtins)
        self._shared = {name: look() for name, look in SHARED.items() if name in self._about}

    def changes(self) -> list[str]:
        """What was replaced, went, or came, but for what an import leaves in the package it is of."""
        found = [
            f"sys.modules: {name}" for name, module in self._modules.items() if sys.modules.get(name) is not module
        ]
        for label, owner, before in self._members.values():
            now = dict(vars(owner))
            for name in {*before, *now} - _MADE_WHEN_ASKED:
                old, new = before.get(name, _ABSENT), now.get(name, _ABSENT)
                if old is not new and not _has_loaded(new, owner, name, old):
                    what = "is new" if old is _ABSENT else "is gone" if new is _ABSENT else "is another"
                    found.append(f"{label}.{name} {what}")
        found += [f"{name} changed" for name, value in self._shared.items() if SHARED[name]() != value]
        return sorted(found)

    def _is_of_library(self, name: object) -> bool:
        return isinstance(name, str) and name.partition(".")[0] in self._about

    def _see(self, label: str, owner: Any) -> None:
        self._members.setdefault(id(owner), (label, owner, dict(vars(owner))))


def _has_loaded(new: Any, owner: Any, name: str, old: Any) -> bool:
    """Whether *new* is a module that is in its package now, or in the place of one that was to load when it is touched."""
    if not isinstance(new, ModuleType):
        return False
    lazy = isinstance(old, ModuleType) and type(old) is not ModuleType
    return lazy or (old is _ABSENT and sys.modules.get(f"{vars(owner).get('__name__')}.{name}") is new)
