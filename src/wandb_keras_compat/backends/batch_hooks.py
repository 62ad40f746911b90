"""Batch hooks in the order of the batches, in the thread that trains.

Where a framework's arrays may be used by several threads (JAX and PyTorch, not TensorFlow), newer Keras 3 calls batch
hooks in threads of a pool while the training goes on, unless a callback of the list overrides one. A callback that is
given alone, ``fit(callbacks=WandbCallback())``, it does not look at. Such a hook may run beside the next step and its
own next call: rows come in any order, and on JAX asking for ``callback.model`` puts values back into the model that the
next step then frees, so that the training ends with "Array has been deleted".
"""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

#: Whether hooks of that kind are called in other threads.
_IN_THREADS = ("_async_train", "_async_test", "_async_predict")
#: A subclass's ``set_model`` calls ours, over as many classes as it has bases.
_DEEPEST = 20


def call_in_turn(callback: object) -> None:
    """To be called in ``set_model``: whoever calls that calls batch hooks as if *callback* had come in a list."""
    callers = _list_that_sets_a_model()
    if callers is None:
        return
    before = {name: getattr(callers, name) for name in _IN_THREADS}
    callers._configure_async_dispatch([callback])
    for name, in_threads in before.items():
        setattr(callers, name, in_threads and getattr(callers, name))


def _list_that_sets_a_model() -> Any:
    """The ``CallbackList`` that is calling ``set_model``; None where there is none, or it knows no threads."""
    frame: FrameType | None = sys._getframe(2) if hasattr(sys, "_getframe") else None  # only CPython is sure to have it
    for _ in range(_DEEPEST):
        if frame is None:
            return None
        if frame.f_code.co_name == "set_model":
            owner = frame.f_locals.get("self")
            if hasattr(owner, "_configure_async_dispatch") and all(hasattr(owner, name) for name in _IN_THREADS):
                return owner
        frame = frame.f_back
    return None
