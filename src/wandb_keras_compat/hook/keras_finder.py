"""The meta-path finder of ``keras="tf_keras"``: ``keras.x.y`` is the very module ``tf_keras.x.y``.

Three roots mean tf_keras: ``keras``, ``tensorflow.keras``, and ``tf_keras.api._v2.keras``, which TensorFlow's
``tf.keras`` loads. A module below one of them is imported under its name in tf_keras, and entered in ``sys.modules``
as that object: its ``__name__``, ``__spec__`` and the classes in it say ``tf_keras``, so reloading, pickling and
listing work on the package there is. Modules that moved are found as :mod:`.keras_names` says.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any, Protocol

from . import keras_messages, keras_names
from .loaders import AliasLoader, FollowingLoader, Loader

REAL = "tf_keras"
ROOTS = ("tf_keras.api._v2.keras", "tensorflow.keras", "keras")
# What Keras 3 was called before it came out, and what keras-cv asks for where keras is Keras 2.
_EARLY_KERAS_3 = "keras_core"
_OURS = __name__.partition(".")[0]


class Events(Protocol):
    """What the loaders call when a module was loaded: implemented by the module that owns the state."""

    def entered(self, name: str, module: ModuleType) -> None: ...

    def loaded(self, module: ModuleType) -> None: ...


def relative(fullname: str) -> str | None:
    """The part of a module's name below the root that stands for tf_keras; "" for a root, None for another module."""
    for root in ROOTS:
        if fullname == root:
            return ""
        if fullname.startswith(f"{root}."):
            return fullname[len(root) + 1 :]
    return None


class KerasFinder:
    """Finds every module below the roots, and follows tf_keras' public modules as they load."""

    def __init__(self, events: Events) -> None:
        self._events = events

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        below = relative(fullname)
        if below is None:
            return self._of_tf_keras(fullname, path, target)
        if fullname == "keras":
            _refuse_other_backends()
        real = place_of(below)
        if real is None:
            _refuse(below, fullname)
            return None
        origin = path_of(REAL)
        spec = ModuleSpec(fullname, AliasLoader(real, self._events.entered), origin=origin if below == "" else None)
        if below == "" and origin is not None:
            spec.submodule_search_locations = [os.path.dirname(origin)]
        return spec

    def _of_tf_keras(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None) -> ModuleSpec | None:
        if fullname == _EARLY_KERAS_3 and PathFinder.find_spec(fullname, path, target) is None:
            raise ModuleNotFoundError(keras_messages.keras_3_only(fullname, _asking_package()), name=fullname)
        if fullname != REAL and not fullname.startswith(f"{REAL}."):
            return None
        below = fullname[len(REAL) + 1 :]
        if below in keras_names.MODULES:
            return ModuleSpec(fullname, _ViewLoader(self._events), is_package=True)
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is None:
            # "from keras.utils import x" asks for a module tf_keras.utils.x once the attribute is missing.
            _refuse(below, fullname)
        elif spec.loader is not None and is_public(below):
            spec.loader = FollowingLoader(spec.loader, self._events.loaded)
        return spec


def is_public(below: str) -> bool:
    """Whether a module of tf_keras is one whose names programs import: neither its sources nor its other editions."""
    return below.partition(".")[0] not in ("src", "api", "protobuf", "__internal__")


def place_of(below: str) -> str | None:
    """The full name under which the module is imported, or None if there is none."""
    if below == "":
        return REAL
    moved = _moved(below)
    if moved is not None:
        return f"{REAL}.{moved}"
    if below in keras_names.MODULES:
        return f"{REAL}.{below}"
    for name in (f"{REAL}.{below}", f"{REAL}.src.{below}"):
        if name in sys.modules or _exists(name):
            return name
    return None


def _moved(below: str) -> str | None:
    """The new name of a module that was moved, itself or with the package it is in."""
    head, tail = below, ""
    while head:
        if head in keras_names.MOVED:
            return keras_names.MOVED[head] + tail
        head, _, last = head.rpartition(".")
        tail = f".{last}{tail}"
    return None


def path_of(name: str) -> str | None:
    """The file of a top-level module, found without importing it."""
    spec = PathFinder.find_spec(name)
    return spec.origin if spec is not None else None


def _exists(name: str) -> bool:
    parent, _, _child = name.rpartition(".")
    try:
        path = getattr(import_module(parent), "__path__", None)
    except ModuleNotFoundError:
        return False
    return path is not None and PathFinder.find_spec(name, path) is not None


def _refuse(below: str, fullname: str) -> None:
    """Raises the error for a missing module, with a better sentence than Python's where there is one.

    Raises:
        ModuleNotFoundError: it never gives *fullname* as the name that is missing: ``from ... import`` would then
            replace the sentence by one of its own.
    """
    sentence = sentence_for(below)
    if sentence is not None:
        raise ModuleNotFoundError(sentence, name=f"keras.{below}" if fullname.startswith(REAL) else fullname)


def _refuse_other_backends() -> None:
    """Raises:
    ImportError: the program has chosen a backend that Keras 2 has not.
    """
    backend = os.environ.get("KERAS_BACKEND", "tensorflow")
    if backend != "tensorflow":
        raise ImportError(keras_messages.other_backend(backend), name="keras")


def sentence_for(below: str) -> str | None:
    """Why the name cannot be provided, and what replaces it today; None where nothing is known of it."""
    parent, _, name = below.rpartition(".")
    homes = (parent, *(source for source in sources_of(parent) if is_public(source)))
    for place in (f"{home}.{name}".lstrip(".") for home in homes):
        for gone, instead in keras_names.GONE.items():
            if f"{place}.".startswith(f"{gone}."):
                return keras_messages.gone(f"keras.{below}", instead)
    if below.partition(".")[0] in keras_names.KERAS_3_ONLY:
        return keras_messages.keras_3_only(f"keras.{below}", _asking_package())
    return None


def sources_of(below: str) -> list[str]:
    """Where to look for a name that the module *below* does not have: these modules, in order."""
    sources = [*keras_names.MODULES.get(below, ((), ""))[0]] or [f"src.{below}" if below else "src"]
    return [source for source in (*sources, *keras_names.MORE.get(below, ())) if source != below]


def _asking_package() -> str:
    """The installed package whose code is importing; "" if it is the program itself."""
    frame = sys._getframe(1)
    while frame is not None:
        module = str(frame.f_globals.get("__name__", ""))
        top = module.partition(".")[0]
        if top not in (_OURS, "importlib", "_frozen_importlib", REAL):
            return top if top and _is_installed(top, frame.f_code.co_filename) else ""
        frame = frame.f_back  # type: ignore[assignment]
    return ""


def _is_installed(package: str, file: str) -> bool:
    from importlib import metadata

    if "site-packages" in file or "dist-packages" in file:
        return True
    # What Python 3.10 finds by a package's name are few, and no Python finds all that are installed to be edited.
    return package in metadata.packages_distributions() or any(metadata.distributions(name=package))


class _ViewLoader(Loader):
    """Makes a module that tf_keras has removed; its names are looked up in the modules where they are now."""

    def __init__(self, events: Events) -> None:
        self._events = events

    def create_module(self, spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        below = module.__name__[len(REAL) + 1 :]
        module.__doc__ = f"keras.{below} of Keras 2: its names, where tf_keras has them now."
        self._events.entered(module.__name__, module)
        self._events.loaded(module)


Get = Callable[[str], Any]


def names_in(modules: Iterable[ModuleType]) -> list[str]:
    """The public names of these modules, each once."""
    return sorted({name for module in modules for name in vars(module) if not name.startswith("_")})
