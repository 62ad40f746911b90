"""Finds the validation data of the running ``fit`` in the local variables of Keras' ``fit``, further up the call stack.

No callback API of Keras 2 or 3 hands validation data over, and a wrapper of ``Model.fit`` comes too late for most
programs: in ``model.fit(..., callbacks=[WandbCallback()])`` Python looks ``fit`` up before it makes the callback. But
while a hook runs, the frame of Keras' own ``fit`` is below it on the stack, whoever called it and however, and has
the data in its local variables: ``validation_data`` as it was given (or as Keras split it off), and ``val_x``, from
which every Keras from 2.10 on makes its validation's iterator when it first validates.

Data that gives other items when it is read twice is not read here. It is replaced in ``val_x`` by an equivalent that
remembers what Keras reads (:mod:`.validation_taps`). Nothing outside this one call of ``fit`` is changed.
"""

from __future__ import annotations

import ctypes
import sys
from dataclasses import dataclass
from types import FrameType
from typing import Any

from ..data.batch_memory import BatchMemory
from .validation_taps import memory_of, reads_the_same_twice, tapped

#: The first part of the names of modules in which a Keras defines its ``fit``.
_KERAS_ROOTS = frozenset({"keras", "tf_keras", "tensorflow"})


@dataclass(frozen=True)
class FitData:
    """What ``fit`` validates on.

    Attributes:
        given: ``validation_data`` as ``fit`` has it.
        data: how to read it: ``(x, y)`` or ``(x, y, sample_weight)`` as given or as split off; a dataset that can be
            read again without a change; a :class:`~..batch_memory.BatchMemory` of what Keras reads; None: nothing.
        steps: ``validation_steps``.
        unreadable: why there is no data here though ``fit`` has some: a phrase for a warning. None where all is well.
    """

    given: Any = None
    data: Any = None
    steps: int | None = None
    unreadable: str | None = None


def fit_data(model: Any, samples: int | None, own: Any = None) -> FitData | None:
    """What the running ``fit`` of *model* validates on, or None where no such ``fit`` is among the callers.

    Args:
        model: the model that is trained.
        samples: how many samples of data that can be read only once to remember; None for all of one validation.
        own: data that the callback has and prefers. What ``fit`` has is then looked at only if it is the same object.
    """
    frame = _frame_of_fit(model)
    if frame is None:
        return None
    names = frame.f_locals
    given, steps = names.get("validation_data"), names.get("validation_steps")
    if given is None and names.get("validation_split"):  # Keras 2 in the graph mode of TensorFlow 1
        return FitData(unreadable="this Keras does not show what validation_split sets aside")
    if given is None or (own is not None and own is not given):
        return FitData(given, None, steps)
    data, unreadable = _readable(frame, given, steps, samples)
    return FitData(given, data, steps, unreadable)


def _frame_of_fit(model: Any) -> FrameType | None:
    frame = sys._getframe(1) if hasattr(sys, "_getframe") else None  # only CPython is sure to have frames
    while frame is not None:
        if frame.f_code.co_name == "fit" and _is_keras(frame) and frame.f_locals.get("self") is model:
            return frame
        frame = frame.f_back
    return None


def _is_keras(frame: FrameType) -> bool:
    root = str(frame.f_globals.get("__name__", "")).partition(".")[0]
    return root in _KERAS_ROOTS and "validation_data" in frame.f_code.co_varnames


def _readable(frame: FrameType, given: Any, steps: int | None, samples: int | None) -> tuple[Any, str | None]:
    """How *given* can be read, and why not."""
    if isinstance(given, (list, tuple)) or reads_the_same_twice(given):
        return given, None
    what_keras_reads = frame.f_locals.get("val_x")
    memory = memory_of(what_keras_reads)
    if memory is not None:  # another callback, or an earlier hook of this one, was here before
        memory.remember_more(samples)
        return memory, None
    kind = type(given).__name__
    if what_keras_reads is not given:
        return None, f"this Keras does not keep a {kind} where other versions do"
    memory = BatchMemory(batches=steps, samples=samples)
    stand_in = tapped(given, memory, in_processes=bool(frame.f_locals.get("use_multiprocessing")))
    if stand_in is None:
        return None, f"a {kind} cannot be read beside Keras"
    if not _set_local(frame, "val_x", stand_in):
        return None, "this Python does not let the variables of a running function be set"
    return memory, None


def _set_local(frame: FrameType, name: str, value: Any) -> bool:
    """Sets a local variable of the running function *frame*, as debuggers do; False where that has no effect."""
    variables = frame.f_locals
    variables[name] = value  # from CPython 3.13 on the assignment above is enough (PEP 667)
    if sys.version_info < (3, 13):
        try:
            # Up to 3.12 ``f_locals`` is a copy, which this call writes back; asking for it again copies anew.
            ctypes.pythonapi.PyFrame_LocalsToFast(ctypes.py_object(frame), ctypes.c_int(0))
        except (AttributeError, OSError):  # no CPython
            return False
    return frame.f_locals.get(name) is value
