"""Keeps the random numbers of a training the same as without the callback.

Predicting, taking gradients, saving and drawing examples all may draw random numbers, in our code, in
wandb's or in a user's generator or row processor. Inside :class:`IsolatedRandomState` they draw from a random stream of
their own: it goes on from one use to the next, so a generator gives fresh examples each epoch, and the
stream the training draws from stays where it was. So does ``model.history``.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from ..backends import Backend


class IsolatedRandomState:
    """A random stream beside the training's: Python's ``random``, NumPy's global generator, Keras', TensorFlow's."""

    def __init__(self) -> None:
        self._own: tuple[Any, Any, Any] | None = None
        self._inside = False

    @contextmanager
    def __call__(self, backend: Backend, model: Any) -> Iterator[None]:
        """Switches to the own stream for the time of the ``with`` block. Nested blocks change nothing."""
        if self._inside:
            yield
            return
        training = _state(backend, model)
        if self._own is None:
            python, numpy, of_keras = training
            self._own = python, numpy, backend.stream_beside(of_keras)
        _restore(backend, self._own)
        self._inside = True
        try:
            with backend.keeps_history(model):
                yield
        finally:
            self._inside = False
            self._own = _state(backend, model)
            _restore(backend, training)


def _state(backend: Backend, model: Any) -> tuple[Any, Any, Any]:
    return random.getstate(), np.random.get_state(), backend.random_state(model)  # noqa: NPY002 - the state that users' programs have


def _restore(backend: Backend, state: tuple[Any, Any, Any]) -> None:
    python, numpy, of_keras = state
    random.setstate(python)
    np.random.set_state(numpy)  # noqa: NPY002 - the state that users' programs have
    backend.restore_random_state(of_keras)
