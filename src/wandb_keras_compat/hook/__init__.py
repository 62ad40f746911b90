"""The import hook: provides ``wandb.keras`` and the legacy names for as long as it is installed.

    install()                       # nothing is imported here, not even wandb
    from wandb.keras import WandbCallback
    uninstall()                     # as if install() had never been called

While installed, ``wandb.keras``, ``wandb.integration.keras``, ``wandb.integration.keras.keras`` and the
2017 module ``wandb.wandb_keras`` give this package's classes, whether or not the installed wandb still has
its own. ``wandb.integration.keras.callbacks`` always keeps wandb's own classes (ours subclass them), and no
other name of wandb's is touched. Names a program has already bound with ``from ... import`` stay what they are.

How it works, in the order of reading: :mod:`.names` says which module gives what, :mod:`.finder` steps in when
one of those modules is imported, :mod:`.module_patch` puts the names on a module and takes them off again,
:mod:`.module_class` does so where the module's own functions still need theirs, :mod:`.fit_patch` keeps wandb's patch
of Keras back, :mod:`.meta_path` says how a finder comes and goes, and this module owns the state and the lock.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib import import_module
from types import ModuleType

from . import module_patch, names
from .choices import KERAS_VARIABLE
from .finder import Finder
from .fit_patch import HeldPatch, give_back_function
from .meta_path import FirstOnMetaPath, OnMetaPath
from .module_class import ModuleClass

__all__ = ["install", "installed", "uninstall"]

# Never held while something is imported: an import takes the lock of its module, and the finder's loaders
# take this one with such a lock in hand.
_lock = threading.RLock()


class _State:
    """What install() has changed so far, so that uninstall() can take back exactly that."""

    def __init__(self) -> None:
        self.installed = False
        self.patched: dict[int, module_patch.ModulePatch | ModuleClass] = {}
        self.patches: list[HeldPatch] = []  # of Keras, held back; they outlast the hook
        self.made: dict[str, ModuleType] = {}  # entries of sys.modules that exist because of us
        self.lazy: ModuleType | None = None  # wandb's own LazyLoader, once an import has displaced it

    def patch(self, module: ModuleType, provided: names.Provided) -> None:
        if id(module) not in self.patched:
            legacy = module.__name__ == names.LEGACY
            self.patched[id(module)] = ModuleClass(module) if legacy else module_patch.ModulePatch(module)
        self.patched[id(module)].add(provided)


_state = _State()


def installed() -> bool:
    """Say whether the hook is installed."""
    return _state.installed


def install(keras: str | None = None) -> None:
    """Provide ``wandb.keras`` and the legacy names, from now on and in modules already loaded.

    Imports neither wandb nor TensorFlow; works before or after they are imported, and without wandb. Calling it
    again changes nothing. If another thread is importing ``wandb.integration.keras`` right now, waits for it.

    Args:
        keras: "tf_keras" lets ``keras`` and ``tf.keras`` be the package tf_keras, which is Keras 2, in this process
            and those it starts; for programs written for Keras 2 on a TensorFlow that has Keras 3. To be chosen before
            the first import of either. "tf_keras:2.2" moreover names metrics as Keras up to 2.2 did: "accuracy" is
            logged as ``acc``, "mse" as ``mean_squared_error``; otherwise a metric has the name it is asked for by.
            None takes the value of the environment variable ``WANDB_KERAS_COMPAT_KERAS``, which processes inherit;
            without it ``keras`` stays what it is.

    Raises:
        KerasOptionError: *keras* cannot be chosen; a RuntimeError whose sentence says why and what to do.
    """
    keras = keras or os.environ.get(KERAS_VARIABLE)
    if keras:
        from . import keras_option

        keras_option.enter(keras)
    with _lock:
        _state.installed = True
        _on_meta_path.put_first()
    # From here on every new import passes through the finder; one that had begun before does not.
    with _nobody_importing() as modules:
        if _state.installed:
            _patch(modules)


def uninstall() -> None:
    """Take back everything :func:`install` did; wandb's own names, or their absence, return.

    wandb 0.27.0 and older patch ``Model.fit`` when their legacy module is imported. If that import came while
    the hook was installed the patch was held back, and it is made when somebody asks for wandb's own class, which
    needs it. Calling this without the hook installed changes nothing. Waits as :func:`install` does.
    """
    if _state.installed:
        with _nobody_importing():
            _take_back()
    option = sys.modules.get(f"{__name__}.keras_option")
    if option is not None:
        option.leave()


def _take_back() -> None:
    if not _state.installed:
        return
    _state.installed = False
    _on_meta_path.take_off()
    lazies = _lazy_loaders()
    for patched in _state.patched.values():
        patched.remove()
    _forget_made_modules()
    _offer_patches()
    _mirror(lazies)
    _state.patched.clear()
    _state.lazy = None


@contextmanager
def _nobody_importing() -> Iterator[dict[str, ModuleType]]:
    """Holds the lock at a moment when no other thread executes wandb's package; gives the modules there are then.

    A module that is being executed still binds its names: what were taken off it then would come back behind us, and
    what it had not bound yet would be missing in the end. An import that begins in the ``with`` block is none of
    them, and passes through the finder.
    """
    waited_for: ModuleType | None = None
    while True:
        with _lock:
            modules = _provided_on()
            package = modules.get(names.PACKAGE)
            # If it is still being executed after that, it is this thread that does.
            if package is None or package is waited_for or not _is_being_executed(package):
                yield modules
                return
        with suppress(ImportError):  # which waits until the other thread is done
            import_module(names.PACKAGE)
        waited_for = package


def _provided_on() -> dict[str, ModuleType]:
    """The modules that the hook provides names on, as far as they are there."""
    there = {name: sys.modules.get(name) for name in names.PROVIDED}
    return {name: module for name, module in there.items() if module is not None}


def _is_being_executed(module: ModuleType) -> bool:
    return getattr(module.__spec__, "_initializing", False)


@contextmanager
def fit_left_alone() -> Iterator[None]:
    """Holds wandb's patch of ``Model.fit`` back from an import made in the ``with`` block, hook or no hook.

    A patch that was there before stays.
    """
    if names.PACKAGE in sys.modules or _state.installed:
        yield
        return
    with _follow_wandb():
        try:
            yield
        finally:  # an import that failed has come too late to be followed to its end
            with _lock:
                if not _state.installed:
                    _offer_patches()


def _offer_patches() -> None:
    package = sys.modules.get(names.PACKAGE)
    for patch in list(_state.patches):
        if patch.made:  # while the hook was being installed, by a thread that had asked before
            _withdraw(patch)
        else:
            patch.offer([patch.legacy, *([package] if package is not None else [])])
    legacy = sys.modules.get(names.LEGACY)
    if legacy is not None:
        give_back_function(legacy)


def _withdraw_patch(patch: HeldPatch) -> None:
    with _lock:
        if not _state.installed:  # else the modules are patched, and it goes on answering for the class
            _withdraw(patch)


def _withdraw(patch: HeldPatch) -> None:
    patch.withdraw()
    with suppress(ValueError):  # another thread has done so
        _state.patches.remove(patch)
    _mirror(_lazy_loaders())


def _patch(modules: Mapping[str, ModuleType]) -> None:
    package = modules.get(names.PACKAGE)
    for name, module in modules.items():
        # wandb's LazyLoader enters the package a second time, as wandb.keras: patch that one only once.
        if module is not package or name == names.PACKAGE:
            _state.patch(module, names.PROVIDED[name])
    _mirror(_lazy_loaders())


def _mirror(lazies: list[ModuleType]) -> None:
    for lazy in lazies:
        module_patch.mirror(lazy, sys.modules.get(names.PACKAGE))


def _lazy_loaders() -> list[ModuleType]:
    """The LazyLoader behind the attribute ``wandb.keras``: the one there now and the one displaced by us."""
    wandb = sys.modules.get("wandb")
    found = [_state.lazy, vars(wandb).get("keras") if wandb is not None else None]
    return [lazy for lazy in found if isinstance(lazy, ModuleType) and module_patch.is_lazy_loader(lazy)]


def _forget_made_modules() -> None:
    for name, module in _state.made.items():
        parent_name, _, child = name.rpartition(".")
        parent = sys.modules.get(parent_name)
        attributes = vars(parent) if parent is not None else {}
        if attributes.get(child) is module:
            if name == names.ALIAS and _state.lazy is not None:
                attributes[child] = _state.lazy
            else:
                del attributes[child]
        # A LazyLoader that has loaded leaves its name in wandb's namespace, and enters itself in sys.modules on
        # plain wandb too: that entry is wandb's, not ours.
        if sys.modules.get(name) is module and name not in attributes:
            del sys.modules[name]
        if name == names.PACKAGE:  # which it has then entered without there being one
            for where in (sys.modules, vars(sys.modules["wandb"])):
                if where.get(names.ALIAS) is module:
                    del where[names.ALIAS]
    _state.made.clear()


class _Events:
    """Called by the finders' loaders, which may outlive the hook that they were made by."""

    def loaded(self, module: ModuleType) -> None:
        """wandb's own module ``module`` has been executed."""  # noqa: D403 - a name that begins small
        with _lock:
            if not _state.installed:
                if module.__name__ == names.PACKAGE:
                    _offer_patches()
            elif module.__name__ == names.PACKAGE:
                _patch(_provided_on())
            elif _package_ready():
                _state.patch(module, names.PROVIDED[names.LEGACY])
            else:
                # The package's own __init__ still has to find wandb's class here: it binds that class as its own
                # name, which is what must come back at uninstall.
                _state.patch(module, names.FUNCTIONS)

    def withheld(self, module: ModuleType) -> None:
        """The legacy module ``module`` asked to patch Keras and was not obeyed."""
        with _lock:
            _state.patches.append(HeldPatch(module, _withdraw_patch))

    def made(self, name: str, module: ModuleType) -> None:
        """``module`` is about to be entered as ``name``, which plain wandb would not have had."""
        with _lock:
            _state.made[name] = module
            if name == names.ALIAS:
                lazy = vars(sys.modules["wandb"]).get("keras")
                if isinstance(lazy, ModuleType) and lazy is not module:
                    _state.lazy = lazy
            else:
                _state.patch(module, {**names.PROVIDED, **names.WITHOUT_TENSORFLOW}[name])


def _package_ready() -> bool:
    package = sys.modules.get(names.PACKAGE)
    return package is not None and id(package) in _state.patched


_on_meta_path = OnMetaPath(Finder(_Events()))
_follow_wandb = FirstOnMetaPath(Finder(_Events(), (names.PACKAGE, names.LEGACY)))
