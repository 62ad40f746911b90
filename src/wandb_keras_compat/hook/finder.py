"""The meta-path finder for the module names of the hook; for every other name it returns None at once."""

from __future__ import annotations

import sys
from collections.abc import Container, Iterator, MutableMapping, Sequence
from importlib.machinery import ModuleSpec
from types import CodeType, ModuleType
from typing import Any, Protocol

from . import names
from .frameworks import computes_without_tensorflow
from .loaders import AliasLoader, FollowingLoader, Loader


class Events(Protocol):
    """What the loaders call when a module was loaded: implemented by the module that owns the hook's state."""

    def loaded(self, module: ModuleType) -> None: ...

    def withheld(self, module: ModuleType) -> None: ...

    def made(self, name: str, module: ModuleType) -> None: ...


ANSWERED = frozenset([*names.PROVIDED, *names.WITHOUT_TENSORFLOW])


class Finder:
    """Finds ``wandb.keras`` and ``wandb.wandb_keras`` itself, and follows wandb's own two modules as they load.

    Where Keras computes without TensorFlow, which wandb's own modules begin by importing, these are not executed and
    hold nothing but what the hook provides.

    Args:
        events: told of what happens.
        answered: those of the names to answer for.
    """

    def __init__(self, events: Events, answered: Container[str] = ANSWERED) -> None:
        self._events = events
        self._answered = answered

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in self._answered:
            return None
        if fullname == names.ALIAS:
            # Another name of wandb's package, as its LazyLoader makes it. The module of that name that wandb up to
            # 0.16.6 has is not executed: it would bind the names it re-exports for good.
            return ModuleSpec(fullname, AliasLoader(names.PACKAGE, self._events.made))
        if fullname == names.NAME_OF_2017:
            return ModuleSpec(fullname, _EmptyLoader(self._events))
        without = computes_without_tensorflow()
        if fullname == names.CALLBACKS_OF_WANDB and not without:
            return None
        spec = self._real_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            if without:
                spec.loader = _EmptyLoader(self._events)
            elif fullname == names.LEGACY:
                spec.loader = _LegacyLoader(spec.loader, self._events)
            else:
                spec.loader = FollowingLoader(spec.loader, self._events.loaded)
        return spec

    def _real_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None) -> ModuleSpec | None:
        for finder in list(sys.meta_path):
            find_spec = getattr(finder, "find_spec", None)
            if not isinstance(finder, Finder) and find_spec is not None:
                spec: ModuleSpec | None = find_spec(fullname, path, target)
                if spec is not None:
                    return spec
        return None


class _EmptyLoader(Loader):
    """Makes a module that holds nothing but the names the hook provides on it."""

    def __init__(self, events: Events) -> None:
        self._events = events

    def create_module(self, spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        self._events.made(module.__name__, module)


class _LegacyLoader(FollowingLoader):
    """Executes the legacy module without the patch of ``Model.fit`` it makes while it is imported.

    Our classes get the validation data in another way, and the patch stays in place for every later ``fit`` of the
    process. Everything else in the module is wandb's own, and :mod:`.fit_patch` has the patch ready.
    """

    def __init__(self, real: Any, events: Events) -> None:
        super().__init__(real, events.loaded)
        self._withheld = events.withheld

    def _execute(self, module: ModuleType) -> None:
        get_code = getattr(self._real, "get_code", None)
        code: CodeType | None = get_code(module.__name__) if get_code is not None else None
        if code is None:
            self._real.exec_module(module)
            return
        view = _Withholding(vars(module))
        exec(code, vars(module), view)  # noqa: S102 - the program is the user's own; what import and python would do with it
        if view.withheld:
            self._withheld(module)


class _Withholding(MutableMapping[str, Any]):
    """A module's namespace in which the module-level call ``patch_tf_keras()`` does nothing.

    Used as the locals of ``exec``: what the module defines goes to its real namespace, the true function
    included; only looking that one name up at module level gives a stand-in.
    """

    _NAME = "patch_tf_keras"

    def __init__(self, namespace: dict[str, Any]) -> None:
        self._namespace = namespace
        self.withheld = False

    def __getitem__(self, name: str) -> Any:
        return self._remember if name == self._NAME else self._namespace[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self._namespace[name] = value

    def __delitem__(self, name: str) -> None:
        del self._namespace[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._namespace)

    def __len__(self) -> int:
        return len(self._namespace)

    def _remember(self) -> None:
        self.withheld = True
