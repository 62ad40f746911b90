"""Imported by every Python that ``trace record --seed`` starts: seeds each generator of random numbers.

This folder is first on the PYTHONPATH of the recorded program. A generator is seeded when the module that has it was
imported, before the program goes on; nothing is imported that the program does not import. The sitecustomize that
would have been found without this one is run too. Standard library only: the program may be of another environment.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

_SEED = "WANDB_KERAS_COMPAT_SEED"
#: A folder; what was seeded leaves an empty file of its name there.
_SEEDED = "WANDB_KERAS_COMPAT_SEEDED"


def _next() -> None:
    """Runs the environment's own sitecustomize, if it has one."""
    from importlib.machinery import PathFinder

    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or os.curdir) != here]
    spec = PathFinder.find_spec(__name__)
    if spec is not None and spec.loader is not None:
        from importlib.util import module_from_spec

        module = module_from_spec(spec)
        sys.modules[__name__] = module
        spec.loader.exec_module(module)


def _random(module: ModuleType, seed: int) -> None:
    module.seed(seed)


def _tensorflow(module: ModuleType, seed: int) -> None:
    module.random.set_seed(seed)


def _torch(module: ModuleType, seed: int) -> None:
    module.manual_seed(seed)


def _keras(module: ModuleType, seed: int) -> None:
    """``keras.utils.set_random_seed``, less what it does to generators that the program may have seeded itself."""
    numpy, python = sys.modules.get("numpy.random"), sys.modules.get("random")
    context = sys.modules.get("tensorflow.python.eager.context")
    own = None if context is None else context.global_seed()
    states = [
        (numpy, "get_state", "set_state"),
        (python, "getstate", "setstate"),
    ]
    kept = [(getattr(of, put), getattr(of, get)()) for of, get, put in states if of is not None]
    module.utils.set_random_seed(seed)
    for put_back, state in kept:
        put_back(state)
    if own not in (None, seed):
        sys.modules["tensorflow"].random.set_seed(own)


#: Module to what seeds the generators in it.
MODULES: dict[str, Callable[[ModuleType, int], None]] = {
    "random": _random,
    "numpy.random": _random,
    "tensorflow": _tensorflow,
    "torch": _torch,
    "keras": _keras,
    "tf_keras": _keras,
}


class _Seeding:
    """Finds nothing itself: has what other finders find call back when it was imported."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._left = dict(MODULES)
        self._imported: dict[str, ModuleType] = {}
        for name in MODULES:
            if name in sys.modules:
                self._imported[name] = sys.modules[name]
        self._go_on()

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name not in MODULES:
            return None
        for finder in sys.meta_path:
            find = getattr(finder, "find_spec", None)
            if finder is self or find is None:
                continue
            spec: ModuleSpec | None = find(name, path, target)
            if spec is not None:
                self._listen(name, spec.loader)
                return spec
        return None

    def _listen(self, name: str, loader: object) -> None:
        execute = getattr(loader, "exec_module", None)
        if execute is None:
            return

        def exec_module(module: ModuleType) -> None:
            execute(module)
            self._imported[name] = module
            self._go_on(done=name)

        try:
            vars(loader)["exec_module"] = exec_module
        except TypeError:  # a loader that takes none
            print(f"trace record --seed: {name} cannot be seeded here", file=sys.stderr)

    def _go_on(self, done: str = "") -> None:
        """Seeds what is imported; Keras once TensorFlow, which may be importing it, is there as a whole."""
        if done != "tensorflow" and _is_being_imported("tensorflow"):
            return
        for name in [name for name in MODULES if name in self._left and name in self._imported]:
            seed = self._left.pop(name)
            try:
                seed(self._imported[name], self._seed)
                _leave(name)
            except Exception as error:  # the program runs without
                print(f"trace record --seed: {name} was not seeded: {error!r}", file=sys.stderr)


def _is_being_imported(name: str) -> bool:
    return bool(getattr(getattr(sys.modules.get(name), "__spec__", None), "_initializing", False))


def _leave(name: str) -> None:
    folder = os.environ.get(_SEEDED)
    if folder:
        try:
            with open(os.path.join(folder, name), "w"):
                pass
        except OSError:  # the folder of an earlier recording
            pass


try:
    _next()
finally:
    if os.environ.get(_SEED, "").isdigit():
        sys.meta_path.insert(0, _Seeding(int(os.environ[_SEED])))
        _leave("python")
