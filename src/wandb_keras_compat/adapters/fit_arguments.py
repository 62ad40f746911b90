"""Validation data that is given only to ``fit``: how it reaches a callback.

No callback API of Keras 2 or 3 hands it over. So a callback that needs it and was given none of its own
asks for ``Model.fit`` to be wrapped, when it is made and not before; the last such callback to be garbage
collected puts ``Model.fit`` back. A program without one runs the ``fit`` that Keras defined.

The wrapper hands every argument on as it came, with one exception: a validation *generator* is passed
through an object that remembers what Keras read, since reading it twice would take batches from training.
"""

from __future__ import annotations

import functools
import inspect
import math
import threading
import types
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from ..data import Remembered, first_array, map_arrays
from . import keras_families


@dataclass(frozen=True)
class FitData:
    """What ``fit`` was given to validate on."""

    data: Any
    """As given; ``(x, y)`` or ``(x, y, sample_weight)`` for ``validation_split``; or :class:`Remembered`."""
    steps: int | None
    """``validation_steps``"""


class WantsFitData(Protocol):
    """A callback that takes the validation data of ``fit``."""

    fit_data: FitData | None
    fit_samples: int | None
    """How many samples of a generator to remember; None for all that one validation reads."""


_lock = threading.RLock()
_waiting: weakref.WeakSet[Any] = weakref.WeakSet()
_wrapped: list[tuple[Any, bool, Callable[..., Any], Callable[..., Any]]] = []


def watch(callback: WantsFitData) -> None:
    """From the next ``fit`` on, ``callback.fit_data`` says what it validates on, while it runs."""
    with _lock:
        _waiting.add(callback)
        weakref.finalize(callback, _release).atexit = False
        for family in keras_families():
            _wrap(family.Model)


def watched_models() -> list[Any]:
    """The model classes whose ``fit`` is wrapped now."""
    with _lock:
        return [model for model, *_ in _wrapped]


def _wrap(model: Any) -> None:
    if any(model is known for known, *_ in _wrapped):
        return
    own = "fit" in vars(model)
    original = model.fit
    signature = inspect.signature(original)

    @functools.wraps(original)
    def fit(self: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            bound = signature.bind(self, *args, **kwargs)
        except TypeError:
            return original(self, *args, **kwargs)  # Keras' own complaint is the better one
        takers = [c for c in _callbacks(bound.arguments.get("callbacks")) if c in _waiting]
        if not takers:
            return original(self, *args, **kwargs)
        found = _validation_data(bound.arguments)
        if found is not None and isinstance(found.data, types.GeneratorType):
            needs = [taker.fit_samples for taker in takers]
            samples = None if None in needs else max(needs)
            memory = Remembered(found.data, batches=found.steps, samples=samples)
            bound.arguments["validation_data"] = memory.pass_on()
            found = FitData(memory, found.steps)
        with _handed_over(takers, found):
            return original(*bound.args, **bound.kwargs)

    model.fit = fit
    _wrapped.append((model, own, original, fit))


@contextmanager
def _handed_over(takers: list[Any], found: FitData | None) -> Iterator[None]:
    for taker in takers:
        taker.fit_data = found
    try:
        yield
    finally:
        for taker in takers:
            taker.fit_data = None


def _release() -> None:
    """Puts ``Model.fit`` back once no callback is left that needs it wrapped."""
    with _lock:
        if any(True for _ in _waiting):  # its length may still count the callback that is going
            return
        for model, own, original, wrapper in _wrapped:
            if vars(model).get("fit") is not wrapper:
                continue  # somebody wrapped it again after us; ours only passes calls on now
            if own:
                model.fit = original
            else:
                del model.fit
        _wrapped.clear()


def _callbacks(given: Any) -> list[Any]:
    """The callbacks in what ``fit`` was given: None, one, a list or tuple, or a ``CallbackList``."""
    if given is None:
        return []
    if isinstance(given, (list, tuple)):
        return [callback for item in given for callback in _callbacks(item)]
    inner = getattr(given, "callbacks", None)
    return list(inner) if isinstance(inner, (list, tuple)) else [given]


def _validation_data(arguments: dict[str, Any]) -> FitData | None:
    data = arguments.get("validation_data")
    steps = arguments.get("validation_steps")
    if data is None:
        data = _split_off(arguments)
    if data is None:
        return None
    return FitData(data, steps)


def _split_off(arguments: dict[str, Any]) -> Any:
    """The samples ``validation_split`` sets aside: the last ones, as Keras documents."""
    split, x, y = (arguments.get(name) for name in ("validation_split", "x", "y"))
    if not split or x is None:
        return None
    try:
        samples = len(first_array(x))
    except TypeError:
        return None
    start = int(math.floor(samples * (1.0 - split)))
    parts = [part for part in (x, y, arguments.get("sample_weight")) if part is not None]
    return tuple(map_arrays(lambda array: array[start:], part) for part in parts)
