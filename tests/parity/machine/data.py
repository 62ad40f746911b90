"""Stand-ins for what has no ``repr`` to read: tensors in logs, data, labels, functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .nets import Net


@dataclass(frozen=True)
class Tensor:
    """A value of ``logs`` that is a ``tf.Tensor``, float32."""

    values: Any

    def made(self) -> Any:
        import tensorflow as tf

        return tf.constant(self.values, tf.float32)


@dataclass(frozen=True)
class Array:
    """A value of ``logs`` that is NumPy's: a scalar, or an array of one dimension; float32."""

    values: Any

    def made(self) -> Any:
        made = np.asarray(self.values, "float32")
        return made[()]


def values(logs: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """*logs* with what the stand-ins stand for."""
    return None if logs is None else {name: _made(value) for name, value in logs.items()}


def _made(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _made(item) for name, item in value.items()}
    return value.made() if isinstance(value, (Tensor, Array)) else value


def formed(value: Any, net: Net) -> Any:
    """An argument of the constructor; data for *net* in the form that a stand-in says."""
    return value.formed(net) if hasattr(value, "formed") else value
