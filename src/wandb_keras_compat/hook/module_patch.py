"""Puts names on a loaded module so that they are found only when asked for, and takes them off again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from types import ModuleType
from typing import Any

from . import names

ABSENT = object()
_SPECIAL = ("__getattr__", "__dir__", "__all__")


class ModulePatch:
    """Names provided on one module through its ``__getattr__`` (PEP 562).

    The module's own values of those names are set aside, so that all of these give the provided ones:
    attribute access, ``from ... import``, ``import *``, and the copy of the namespace that wandb's LazyLoader
    takes. A value that somebody assigns while the patch is on wins, as on any module; :meth:`remove` drops it
    and puts back what was there when the patch went on.
    """

    def __init__(self, module: ModuleType) -> None:
        self._module = module
        self._provided: dict[str, str] = {}
        self._kept: dict[str, Any] = {}

    def add(self, provided: names.Provided) -> None:
        """Provide these names too. Doing so twice, or after a reload of the module, is harmless."""
        namespace = vars(self._module)
        fresh = [name for name in provided if name not in self._provided]
        for name in (*fresh, *(special for special in _SPECIAL if special not in self._kept)):
            self._kept[name] = namespace.get(name, ABSENT)
        self._provided.update(provided)
        # Before the names go: another thread that asks for one has it from the one or from the other.
        namespace["__getattr__"] = self._getattr()
        for name in provided:
            namespace.pop(name, None)
        namespace["__dir__"] = lambda: sorted({*namespace, *self._provided})
        namespace["__all__"] = exported(self._module, self._kept["__all__"], self._provided)

    def remove(self) -> None:
        """Restore the module's namespace to what it was."""
        put_back(vars(self._module), self._kept)
        self._provided.clear()
        self._kept.clear()

    def _getattr(self) -> Callable[[str], Any]:
        previous = self._kept["__getattr__"]
        provided, module = self._provided, self._module

        def __getattr__(name: str) -> Any:
            target = provided.get(name)
            if target is not None:
                home, _, attribute = target.partition(":")
                return getattr(import_module(home), attribute)
            if not provided:  # removed by another thread since the name was found missing
                return getattr(module, name)
            if callable(previous):
                return previous(name)
            raise AttributeError(f"module {module.__name__!r} has no attribute {name!r}")

        return __getattr__


def put_back(namespace: dict[str, Any], kept: Mapping[str, object]) -> None:
    """Restore in *namespace* what was there; ``__getattr__`` goes when all the names are back."""
    for name, value in sorted(kept.items(), key=lambda item: item[0] in _SPECIAL):
        if value is ABSENT:
            namespace.pop(name, None)
        else:
            namespace[name] = value


def exported(module: ModuleType, kept: object, provided: Iterable[str]) -> tuple[str, ...] | list[str]:
    """The value of ``__all__`` for *module*, which had *kept*: its own names and our classes among *provided*."""
    public = [name for name in vars(module) if not name.startswith("_")]
    own = list(kept) if isinstance(kept, (list, tuple)) else [*public, *provided]
    classes = [name for name in provided if name not in names.FUNCTIONS and name not in own]
    return [*own, *classes] if isinstance(kept, list) else (*own, *classes)


def is_lazy_loader(module: ModuleType) -> bool:
    """Whether ``module`` is the LazyLoader that stands for ``wandb.integration.keras``.

    Asked of its namespace, because asking the object for an attribute it lacks makes it load.
    """
    return type(module) is not ModuleType and vars(module).get("__name__") == names.PACKAGE


def mirror(lazy: ModuleType, package: ModuleType | None) -> None:
    """Bring the LazyLoader's copy of the package's namespace up to date, if it has taken one.

    Names that are then missing from the copy send the LazyLoader to the package, and so to the right class.
    """
    if package is None or "__path__" not in vars(lazy):
        return
    for name in (*names.PROVIDED[names.PACKAGE], *_SPECIAL):
        if name in vars(package):
            vars(lazy)[name] = vars(package)[name]
        else:
            vars(lazy).pop(name, None)
