"""What a scenario needs of the framework that Keras computes with, one module for each.

:data:`keras` is the Keras that scenarios are trained with, and :data:`framework` the module for what it computes with.
A module has:

* ``DISTRIBUTION``: what is installed under that name, for a trace's ``made_with``;
* ``NOT_PLAYED``: scenario to the reason why it cannot be trained there;
* ``prepare()``: what is to be done before a process trains anything;
* ``dataset(x, y, batch)``: the framework's own form of data, batch by batch in order;
* ``custom_step(keras)``: a ``Model`` that trains by a step of its own, as that framework's guide shows.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import Any

from ...backends.families import chosen_framework

#: Those that scenarios can be trained on.
NAMES = ("tensorflow", "jax", "torch")

#: What Keras is told to compute with.
name: str = chosen_framework()

if name not in NAMES:
    raise ImportError(
        f"Keras computes with {name} here, which cannot train; KERAS_BACKEND is one of {', '.join(NAMES)}"
    )

#: ``tf.keras``, which can be tf-keras, where Keras computes with TensorFlow.
keras: Any = import_module("tensorflow").keras if name == "tensorflow" else import_module("keras")
framework: ModuleType = import_module(f".{name}", __name__)
