"""Keeps training bit-identical to a run without the callback.

Predicting, taking gradients, saving and drawing examples all may draw random numbers, in our code, in
wandb's or in a user's generator or row processor. Inside :class:`Aside` they draw from a random stream of
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


class Aside:
    """A random stream beside the training's: Python's ``random``, NumPy's global generator, Keras', TensorFlow's."""

    def __init__(self) -> None:
        self._own: tuple[Any, Any, Any] | None = None
        self._inside = False

    @contextmanager
    def __call__(self, keras: Backend, model: Any) -> Iterator[None]:
        """Switches to the own stream for the time of the ``with`` block. Nested blocks change nothing."""
        if self._inside:
            yield
            return
        training = _state(keras, model)
        history = getattr(model, "history", None)
        if self._own is not None:
            _restore(keras, self._own)
        self._inside = True
        try:
            yield
        finally:
            self._inside = False
            self._own = _state(keras, model)
            _restore(keras, training)
            if getattr(model, "history", None) is not history:
                # ``predict`` left a History of its own, and ``fit`` returns what it finds here.
                model.history = history


def _state(keras: Backend, model: Any) -> tuple[Any, Any, Any]:
    return random.getstate(), np.random.get_state(), keras.random_state(model)


def _restore(keras: Backend, state: tuple[Any, Any, Any]) -> None:
    python, numpy, of_keras = state
    random.setstate(python)
    np.random.set_state(numpy)
    keras.restore_random_state(of_keras)
