"""Loaders that both finders use: another name for a module, and a module's own loader with a report after it."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from importlib.abc import Loader
else:
    Loader = object  # importing importlib.abc takes longer than everything install() does

__all__ = ["AliasLoader", "FollowingLoader", "Loader"]

# Of every module that has got a second name: the spec it came with.
_specs: dict[str, ModuleSpec | None] = {}


class AliasLoader(Loader):
    """Imports the module *real*, and gives it to the import system as the module of the other name.

    From the first moment on it is the module itself that stands in ``sys.modules``: another thread that meets a
    stand-in there waits for it, and then keeps it.

    Args:
        entered: told the other name and the module, before it is entered there.
    """

    def __init__(self, real: str, entered: Callable[[str, ModuleType], None]) -> None:
        self._real = real
        self._entered = entered

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        real = import_module(self._real)
        _specs.setdefault(self._real, real.__spec__)
        self._entered(spec.name, real)
        return real

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = _specs[self._real]  # which the import system has replaced


class FollowingLoader(Loader):
    """Loads a module with its own loader *real*, then reports it to *loaded*. Leaves no trace on the module."""

    def __init__(self, real: Any, loaded: Callable[[ModuleType], None]) -> None:
        self._real = real
        self._loaded = loaded

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        module: ModuleType | None = self._real.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        module.__loader__ = self._real
        if module.__spec__ is not None:
            module.__spec__.loader = self._real
        self._execute(module)
        self._loaded(module)

    def _execute(self, module: ModuleType) -> None:
        self._real.exec_module(module)
