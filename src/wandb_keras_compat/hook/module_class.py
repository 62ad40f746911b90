"""Provides names on a module whose own functions read theirs, and go on reading them."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from . import names
from .module_patch import ABSENT, exported, put_back

_SPECIAL = ("__dir__", "__all__")


class ModuleClass:
    """Names provided on one module through a class of its own: who asks the module has ours, its globals stay.

    wandb's wrapper of ``Model.fit`` looks for ``WandbCallback`` among the globals of its module, and wandb's own class
    for ``is_dataset``; taken off there they would be missing in every later training. As with
    :class:`~.module_patch.ModulePatch`, a value that somebody assigns while the names are provided wins, until
    :meth:`remove`.
    """

    def __init__(self, module: ModuleType) -> None:
        self._module = module
        self._before = type(module)
        self._provided: dict[str, str] = {}
        self._kept: dict[str, object] = {}

    def add(self, provided: names.Provided) -> None:
        """Provide these names too. Doing so twice, or after a reload of the module, is harmless."""
        namespace = vars(self._module)
        for name in _SPECIAL:
            self._kept.setdefault(name, namespace.get(name, ABSENT))
        self._provided.update(provided)
        kept = self._kept
        members = {name: _Name(target, kept) for name, target in self._provided.items()}
        namespace["__dir__"] = lambda: sorted({*namespace, *self._provided})
        namespace["__all__"] = exported(self._module, self._kept["__all__"], self._provided)
        self._module.__class__ = type(self._before.__name__, (self._before,), members)

    def remove(self) -> None:
        """Give the module its class back, and what was assigned meanwhile the value from before."""
        self._module.__class__ = self._before
        put_back(vars(self._module), self._kept)
        self._provided.clear()
        self._kept.clear()


class _Name:
    """One name on the class of a module; what is assigned to it goes where the module's functions read.

    Args:
        target: where the value is, as ``"module:attribute"``.
        kept: by name, what the module held before an assignment.
    """

    def __init__(self, target: str, kept: dict[str, object]) -> None:
        self._home, _, self._attribute = target.partition(":")
        self._kept = kept

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, module: ModuleType | None, owner: type | None = None) -> object:
        if module is not None and self._name in self._kept and self._name in vars(module):
            return vars(module)[self._name]
        return getattr(import_module(self._home), self._attribute)

    def __set__(self, module: ModuleType, value: object) -> None:
        before = self._kept.setdefault(self._name, vars(module).get(self._name, ABSENT))
        vars(module)[self._name] = value
        if value is before:  # put back, as by unittest.mock, which finds what the module holds and not what it shows
            del self._kept[self._name]

    def __delete__(self, module: ModuleType) -> None:
        self._kept.setdefault(self._name, vars(module).get(self._name, ABSENT))
        vars(module).pop(self._name, None)
