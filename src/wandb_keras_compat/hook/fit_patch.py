"""Delays wandb's patch of ``Model.fit`` until a program asks for wandb's own class, which needs it.

wandb 0.27.0 and older replace ``Model.fit`` when their Keras package is imported, whatever is wanted of it, and on
TensorFlow up to 2.12 the wrapper ends every later ``fit(validation_data=..., callbacks=None)`` of the process in a
TypeError. Only their own legacy class needs it. So where an import of that package is ours, or is made under the
hook, the patch waits; it is made, late but before it can be missed, when a program asks for wandb's own class.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

from . import names

_PATCH = "patch_tf_keras"
_CLASS = "WandbCallback"


class HeldPatch:
    """The patch that wandb's *legacy* module asked for while it was imported, and has not been given.

    Args:
        legacy: the module, executed but for that.
        withdrawn: called when the patch has been made, to take :meth:`offer` back where that can be done.
    """

    def __init__(self, legacy: ModuleType, withdrawn: Callable[[HeldPatch], None]) -> None:
        self.legacy = legacy
        self._withdrawn = withdrawn
        self._patch: Callable[[], None] = getattr(legacy, _PATCH)
        self._offering: list[tuple[ModuleType, Any, Any]] = []
        self._making = threading.RLock()
        self.made = False
        # wandb's callbacks, which the same import loads, ask for the patch too.
        vars(legacy)[_PATCH] = _wait

    def offer(self, modules: Iterable[ModuleType]) -> None:
        """Makes the patch when wandb's class is first asked for in one of *modules*."""
        if vars(self.legacy).get(_PATCH) is _wait:
            vars(self.legacy)[_PATCH] = self._patch
        for module in modules:
            namespace = vars(module)
            if not self.made and _CLASS in namespace and all(module is not other for other, *_ in self._offering):
                kept, previous = namespace[_CLASS], namespace.get("__getattr__")
                self._offering.append((module, kept, previous))
                namespace["__getattr__"] = self._getattr(module.__name__, kept, previous)
                del namespace[_CLASS]  # last: another thread that asks for it has it from the one or from the other

    def withdraw(self) -> None:
        """Undoes :meth:`offer`: the modules have their class back as a plain attribute."""
        for module, kept, previous in self._offering:
            namespace = vars(module)
            namespace[_CLASS] = kept
            if previous is None:
                del namespace["__getattr__"]
            else:
                namespace["__getattr__"] = previous
        self._offering.clear()

    def _getattr(self, module_name: str, kept: Any, previous: Any) -> Callable[[str], Any]:
        def __getattr__(name: str) -> Any:
            if name == _CLASS:
                self._make()
                return kept
            if callable(previous):
                return previous(name)
            raise AttributeError(f"module {module_name!r} has no attribute {name!r}")

        return __getattr__

    def _make(self) -> None:
        with self._making:  # whoever asks meanwhile waits: its next `fit` is to be the patched one
            if not self.made:
                for module, kept, _ in self._offering:
                    if module is self.legacy:  # its functions look for it there
                        vars(module)[_CLASS] = kept
                self._patch()
                self.made = True
                self._withdrawn(self)


def _wait() -> None:
    """Stands in for ``patch_tf_keras`` as long as the package is being imported."""


def give_back_function(legacy: ModuleType) -> None:
    """Binds ``patch_tf_keras`` of *legacy* in wandb's callbacks, where a stand-in was bound when they were imported."""
    own = vars(legacy).get(_PATCH)
    for name, module in list(sys.modules.items()):
        if f"{name}.".startswith(f"{names.CALLBACKS_OF_WANDB}."):
            bound = vars(module).get(_PATCH)
            if bound is _wait or getattr(bound, "__module__", None) == names.HELPERS:
                vars(module)[_PATCH] = own
