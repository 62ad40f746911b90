"""``keras="tf_keras"``: for this process ``keras`` and ``tf.keras`` are the package tf_keras, which is Keras 2.

:func:`enter` makes it so and :func:`leave` takes it back. What is done: the environment variable that TensorFlow
asks, a finder (:mod:`.keras_finder`), and, once tf_keras is loaded, names on its modules that it has no more
(:mod:`.keras_names`, :mod:`.keras_served`). Nothing is imported by choosing it.

Imported only where the option is chosen.
"""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress
from importlib import import_module
from types import ModuleType
from typing import Any

from . import keras_checks, keras_names, keras_served
from .choices import AS_IN_2_2, KERAS_VARIABLE
from .keras_finder import REAL, ROOTS, KerasFinder, is_public, names_in, place_of, sentence_for, sources_of
from .meta_path import OnMetaPath

_SWITCH = "TF_USE_LEGACY_KERAS"
_ABSENT = object()
# Holds a sitecustomize, by which every Python that this process starts installs the hook.
_STARTUP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "startup")

# Never held while something is imported, as in __init__.py.
_lock = threading.RLock()


class _State:
    """What enter() has changed so far, so that leave() can take back exactly that."""

    def __init__(self) -> None:
        self.chosen: str | None = None
        self.environment: dict[str, str | None] = {}
        self.entered: dict[str, ModuleType] = {}
        self.attributes: list[tuple[Any, str, Any]] = []  # owner, name, what was there
        self.objects: list[str] = []  # names among tf_keras' custom objects

    def set(self, owner: Any, name: str, value: Any) -> None:
        with _lock:
            if self.chosen is not None:
                self.attributes.append((owner, name, vars(owner).get(name, _ABSENT)))
                setattr(owner, name, value)


_state = _State()


def enter(value: str) -> None:
    """Let keras be tf_keras from now on. Doing so again changes nothing.

    Raises:
        KerasOptionError: it cannot be; the sentence says why, and what to do.
    """
    keras_checks.check(value, entered=_state.chosen)
    with _lock:
        if _state.chosen is not None:
            return
        _state.chosen = value
        path = os.environ.get("PYTHONPATH")
        inherited = (
            path if path and _STARTUP in path.split(os.pathsep) else os.pathsep.join(filter(None, (_STARTUP, path)))
        )
        for name, text in ((_SWITCH, "1"), (KERAS_VARIABLE, value), ("PYTHONPATH", inherited)):
            _state.environment[name] = os.environ.get(name)
            os.environ[name] = text
        _on_meta_path.put_first()
    for name, module in list(sys.modules.items()):
        if isinstance(module, ModuleType) and name.partition(".")[0] in (REAL, "tensorflow"):
            _events.loaded(module, name)


def leave() -> None:
    """Take back what :func:`enter` did: ``import keras`` gives the installed Keras again.

    ``tf.keras`` stays what it is, if TensorFlow was loaded meanwhile: it asks for its Keras once.
    """
    with _lock:
        if _state.chosen is None:
            return
        _state.chosen = None
        _on_meta_path.take_off()
        utils = sys.modules.get(f"{REAL}.utils")
        if utils is not None:
            for name in _state.objects:
                utils.get_custom_objects().pop(name, None)
        for owner, name, value in reversed(_state.attributes):
            if value is not _ABSENT:
                setattr(owner, name, value)
            elif name in vars(owner):
                delattr(owner, name)
        for name, module in _state.entered.items():
            if sys.modules.get(name) is module:
                del sys.modules[name]
        for name, text in _state.environment.items():
            if text is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = text
        _state.objects.clear()
        _state.attributes.clear()
        _state.entered.clear()
        _state.environment.clear()


def chosen() -> str | None:
    """The value that was chosen, or None."""
    return _state.chosen


class _Events:
    """Called by the finder's loaders."""

    def entered(self, name: str, module: ModuleType) -> None:
        """``module`` is about to be entered as ``name``; the import system will bind it in the parent as well."""
        with _lock:
            if _state.chosen is None:
                return
            _state.entered[name] = module
            parent, _, child = name.rpartition(".")
            owner = sys.modules.get(parent)
            if owner is not None and parent != "tensorflow" and child not in vars(owner):
                _state.attributes.append((owner, child, _ABSENT))

    def loaded(self, module: ModuleType, name: str = "") -> None:
        """A module of tf_keras has been executed, or one of its views was made."""
        below = _below(name or module.__name__)
        if below is None or not is_public(below):
            return
        if _state.chosen is not None:
            _patch(module, below)


def _below(name: str) -> str | None:
    for root in (*ROOTS, REAL):
        if name == root:
            return ""
        if name.startswith(f"{root}."):
            return name[len(root) + 1 :]
    return None


def _patch(module: ModuleType, below: str) -> None:
    _state.set(module, "__getattr__", _getattr(module, below))
    if below in keras_names.MODULES:
        sources, stars = keras_names.MODULES[below]
        names = stars.split() or names_in(import_module(f"{REAL}.{source}") for source in sources)
        names = [name for name in names if _is_there(below, name)]
        module.__all__ = names  # type: ignore[attr-defined]
        module.__dir__ = lambda: sorted({*vars(module), *names})  # type: ignore[method-assign]
    if below == "optimizers":
        legacy = import_module(f"{REAL}.optimizers.legacy")
        for name in keras_names.LEGACY_OPTIMIZERS:
            _state.set(module, name, getattr(legacy, name))
    if below == "":
        _patch_root(module)


def _patch_root(module: ModuleType) -> None:
    """Adds the names that need all of tf_keras, once it is loaded."""
    for name, method in keras_served.METHODS.items():
        _state.set(module.Sequential, name, method)
    # Strings and saved models name what tf_keras has no more, and "adam" means the edition of 2.10.
    if _state.chosen == AS_IN_2_2:
        container = import_module(f"{REAL}.src.engine.compile_utils").MetricsContainer
        _state.set(container, "_get_metric_object", keras_served.metrics_as_in_2_2(container._get_metric_object))
    data_adapter = import_module(f"{REAL}.src.engine.data_adapter")
    if hasattr(data_adapter, "_check_positive"):
        _state.set(data_adapter, "_check_positive", keras_served.taking_no_workers(data_adapter._check_positive))
    optimizers = import_module(f"{REAL}.src.optimizers")
    get = keras_served.getting_legacy(optimizers.get)
    for owner in (optimizers, import_module(f"{REAL}.optimizers")):
        _state.set(owner, "get", get)
    for source in ("losses", "metrics"):
        sources = import_module(f"{REAL}.src.{source}")
        for name in ("cosine", "cosine_proximity"):
            _state.set(sources, name, find(source, name))
    for full in keras_names.NAMES:
        below, _, name = full.rpartition(".")
        home = sys.modules.get(f"{REAL}.{below}")
        if home is not None and below not in ("backend", *keras_names.MODULES) and name not in vars(home):
            with suppress(AttributeError):
                _state.set(home, name, find(below, name))  # for import *
    objects = import_module(f"{REAL}.utils").get_custom_objects()
    for name, layer in keras_served.cudnn_layers().items():
        if name not in objects:
            objects[name] = layer
            _state.objects.append(name)


def _getattr(module: ModuleType, below: str) -> Any:
    previous = vars(module).get("__getattr__")

    def __getattr__(name: str) -> Any:
        try:
            return find(below, name)
        except AttributeError:
            if previous is None:
                raise
        return previous(name)

    return __getattr__


def find(below: str, name: str) -> Any:
    """The value of ``keras.<below>.<name>``, for a name that the module does not have itself.

    Raises:
        AttributeError: there is none; the sentence says what replaces the name, where that is known.
    """
    full = f"{below}.{name}" if below else name
    if not (name.startswith("__") and name.endswith("__")):
        place = keras_names.NAMES.get(full)
        if place is not None:
            return keras_served.value(place[1:]) if place.startswith("=") else _at(place)
        if place_of(full) is not None:
            return import_module(f"keras.{full}")
        for source in sources_of(below):
            value = _attribute(f"{REAL}.{source}", name)
            if value is not _ABSENT:
                return value
    raise AttributeError(sentence_for(full) or f"module {f'{REAL}.{below}'.rstrip('.')!r} has no attribute {name!r}")


def _is_there(below: str, name: str) -> bool:
    try:
        find(below, name)
    except AttributeError:
        return False
    return True


def _attribute(module: str, name: str) -> Any:
    try:
        return getattr(import_module(module), name, _ABSENT)
    except ModuleNotFoundError:
        return _ABSENT


def _at(place: str) -> Any:
    home, _, attribute = place.partition(":")
    try:
        return getattr(import_module(f"{REAL}.{home}"), attribute)
    except ModuleNotFoundError as error:
        raise AttributeError(str(error)) from None


_events = _Events()
_on_meta_path = OnMetaPath(KerasFinder(_events))
