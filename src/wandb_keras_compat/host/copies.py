"""Copying and pickling callbacks: a copy has the same settings, and has not trained yet.

``copy.copy``, ``copy.deepcopy`` (KerasTuner, ``sklearn.clone``) and pickle (Ray, joblib, Optuna) all take what
``__getstate__`` gives and hand it to ``__setstate__``, attributes of subclasses included. That state has nothing of a
training or a model, and in a pickle nothing that is valid in this process only.
"""

from __future__ import annotations

import copy
import pickle
import types
from contextvars import ContextVar
from typing import Any, ClassVar

from .. import messages


class Copies:
    """A callback that can be copied and pickled at any time; its copy acts on itself, and has no model yet."""

    #: Attributes that belong to a training; None in a copy. Where the model is depends on the Keras.
    _of_training: ClassVar[tuple[str, ...]] = ("model", "_model", "params")
    #: Attributes that are valid in this process only, and left out of a pickle.
    _of_process: ClassVar[tuple[str, ...]] = ()
    #: Attributes that a deep copy shares with the original: data, which may be large.
    _shared: ClassVar[tuple[str, ...]] = ()

    def _start_afresh(self) -> None:
        """The state of a callback that has not trained yet; copies start with it too."""

    def __getstate__(self) -> dict[str, Any]:
        return {name: None if name in self._of_training else value for name, value in vars(self).items()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._start_afresh()

    def __copy__(self) -> Any:
        twin = _empty(type(self))
        twin.__setstate__(self.__getstate__())
        return twin

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        """A copy whose settings are copies too. Data is shared, and so is what has no copy: a generator, a lock."""
        twin = _empty(type(self))
        memo[id(self)] = twin
        state: Any = self.__getstate__()
        if isinstance(state, dict):
            state = {name: value if name in self._shared else _copied(value, memo) for name, value in state.items()}
        twin.__setstate__(state)
        return twin

    def __reduce__(self) -> Any:
        state: Any = self.__getstate__()
        if isinstance(state, dict):  # a subclass may have a __getstate__ of its own
            state = {name: value for name, value in state.items() if name not in self._of_process}
            _refuse_what_has_no_pickle(type(self).__name__, state)
        return _empty, (type(self),), state


def _empty(kind: Any) -> Any:
    return kind.__new__(kind)


def _copied(value: Any, memo: dict[int, Any]) -> Any:
    try:
        return copy.deepcopy(value, memo)
    except Exception:  # whatever a subclass keeps
        return value


# --- what has no pickle --------------------------------------------------------------------------------------

_trying: ContextVar[bool] = ContextVar("_trying", default=False)


def _refuse_what_has_no_pickle(callback: str, state: dict[str, Any]) -> None:
    """Raises a TypeError that names the argument that cannot be pickled; pickle's own error only names a type."""
    if _trying.get():  # a callback in an attribute of a callback
        return
    inside = _trying.set(True)
    try:
        for name, value in state.items():
            try:
                _Trial(_Nowhere(), protocol=5, buffer_callback=lambda _: None).dump(value)
            except Exception as error:
                raise TypeError(messages.cannot_be_pickled(callback, name.lstrip("_"), value, error)) from error
    finally:
        _trying.reset(inside)


class _Trial(pickle.Pickler):
    """A trial pickling in which every function and class passes: pickle and cloudpickle differ on these."""

    def persistent_id(self, value: Any) -> Any:
        return 0 if isinstance(value, (types.FunctionType, type)) else None


class _Nowhere:
    def write(self, data: Any) -> int:
        return len(data)
