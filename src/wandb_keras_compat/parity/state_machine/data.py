"""Stand-ins for what has no ``repr`` to read: tensors in logs, data, labels, functions."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .nets import Net, quarters


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


@dataclass(frozen=True)
class Samples:
    """Data for the network of a play.

    Attributes:
        count: how many samples.
        form: ``arrays`` (x, y), ``list`` [x, y], ``weighted`` (x, y, weights), ``dataset`` and ``sequence`` of
            batches of two, ``forever``, a generator of these without end, or ``finite``, one with an end.
        x: ``quarters``, or ``pixels``, which are 0 to 1, or ``normal``, no two of which are alike.
        y: ``quarters``, ``pixels`` or ``normal`` of the shape of the output, ``one_hot``, ``integers`` of shape
            (samples, 1), or ``none``.
        seed: of the numbers.
        alike: whether all samples are the same one.
    """

    count: int = 4
    form: str = "arrays"
    x: str = "quarters"
    y: str = "quarters"
    seed: int = 0
    alike: bool = False

    def arrays(self, net: Net) -> tuple[Any, Any]:
        random = np.random.default_rng(self.seed)
        drawn = 1 if self.alike else self.count
        x = self._numbers(random, self.x, (drawn, *net.shape))
        y = self._numbers(random, self.y, (drawn, *net.shapes[net.layers[-1].name]))
        return _repeated(x, self.count), _repeated(y, self.count)

    @staticmethod
    def _numbers(random: Any, kind: str, shape: tuple[int, ...]) -> Any:
        if kind == "none":
            return None
        if kind == "one_hot":
            return np.eye(shape[-1], dtype="float32")[random.integers(0, shape[-1], shape[:-1])]
        if kind == "integers":
            return random.integers(0, 3, (shape[0], 1))
        if kind == "normal":
            return random.normal(size=shape).astype("float32")
        made = quarters(random, shape)
        return np.abs(made) if kind == "pixels" else made

    @property
    def weights(self) -> Any:
        """A weight for each sample, a power of two."""
        return np.resize(np.array([0.5, 1.0, 2.0], "float32"), self.count)

    def batches(self, net: Net) -> list[tuple[Any, Any]]:
        """Two samples each."""
        x, y = self.arrays(net)
        return [(x[at : at + 2], None if y is None else y[at : at + 2]) for at in range(0, self.count, 2)]

    def formed(self, net: Net) -> Any:
        x, y = self.arrays(net)
        if self.form == "dataset":
            import tensorflow as tf

            return tf.data.Dataset.from_tensor_slices((x, y)).batch(2)
        if self.form == "sequence":
            return _sequence(self.batches(net))
        if self.form in ("forever", "finite"):
            return (itertools.cycle if self.form == "forever" else iter)(self.batches(net))
        return {"arrays": (x, y), "list": [x, y], "weighted": (x, y, self.weights)}[self.form]


def _repeated(array: Any, count: int) -> Any:
    return array if array is None or len(array) == count else np.repeat(array, count, axis=0)


def _sequence(batches: list[tuple[Any, Any]]) -> Any:
    import tensorflow as tf

    class Batches(tf.keras.utils.Sequence):
        def __len__(self) -> int:
            return len(batches)

        def __getitem__(self, index: int) -> Any:
            return batches[index]

    return Batches()


class RaisesInRow(Exception):
    """What a user's function raises."""


@dataclass(frozen=True)
class RowFunction:
    """A user's row processor: the sum of what the row has under *key*; with *fails* it raises."""

    key: str
    fails: bool = False

    def __call__(self, index: Any, row: Mapping[str, Any]) -> dict[str, Any]:
        if self.fails:
            raise RaisesInRow(self.key)
        return {"sum": float(np.sum(row[self.key]))}

    def column(self, columns: Mapping[str, Any]) -> dict[str, Any]:
        """The same of whole columns."""
        return {"sum": [self(index, {self.key: value})["sum"] for index, value in enumerate(columns[self.key])]}


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
