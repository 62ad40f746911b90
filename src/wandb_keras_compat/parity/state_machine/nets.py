"""Small networks as data: the Keras model that a callback sees, and what the executable model knows of it.

A :class:`Net` is a list of layers by name. :meth:`Net.model` builds it in the Keras at hand; the legacy model works
from the description alone.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np

#: Versions of the weights that are no ordinary numbers.
NAN, INFINITE, EQUAL = 90, 91, 92


@dataclass(frozen=True)
class Layer:
    """One layer.

    Attributes:
        kind: ``dense``, ``relu`` (a dense layer with it), ``no_bias``, ``softmax``, ``sigmoid`` (dense layers too),
            ``norm`` (a LayerNormalization), ``batch_norm``, ``flatten``, ``reshape``, ``add`` or ``concatenate``.
        of: names of the layers it takes; () is the one before.
        units: of the dense ones; the side of the image that ``reshape`` makes.
    """

    name: str
    kind: str
    units: int = 1
    of: tuple[str, ...] = ()

    @property
    def is_dense(self) -> bool:
        return self.kind in ("dense", "relu", "no_bias", "softmax", "sigmoid")


@dataclass(frozen=True)
class Net:
    """A model of one input, called ``in``.

    Attributes:
        shape: of one sample.
        layers: in order; the last one is the output.
        sequential: whether it is a Sequential, else a functional model.
        loss_weights: as ``compile`` takes it; the loss is the mean squared error.
        lent: names of layers that another model has, too: it was built afterwards, and has an input of its own,
            called ``other`` and the layer's name.
    """

    shape: tuple[int, ...] = (2,)
    layers: tuple[Layer, ...] = (Layer("d", "dense", 1),)
    sequential: bool = False
    loss_weights: float | None = None
    lent: tuple[str, ...] = ()

    # --- shapes and weights -----------------------------------------------------------------------------

    def sources(self, index: int) -> tuple[str, ...]:
        """The names of the layers that layer *index* takes."""
        return self.layers[index].of or (("in", *(layer.name for layer in self.layers))[index],)

    @functools.cached_property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """By name, the shape of one sample of a layer's output."""
        found = {"in": self.shape}
        for index, layer in enumerate(self.layers):
            given = [found[name] for name in self.sources(index)]
            found[layer.name] = _shape(layer, given)
        return found

    @property
    def is_chain(self) -> bool:
        """Whether each layer takes the one before it."""
        names = ("in", *(layer.name for layer in self.layers))
        return all(self.sources(at) == (names[at],) for at in range(len(self.layers)))

    def weight_shapes(self, index: int) -> list[tuple[int, ...]]:
        """The shapes of what ``get_weights`` of layer *index* returns."""
        layer, width = self.layers[index], self.shapes[self.sources(index)[0]][-1]
        if layer.is_dense:
            return [(width, layer.units)] + [(layer.units,)] * (layer.kind != "no_bias")
        return [(width,)] * {"norm": 2, "batch_norm": 4}.get(layer.kind, 0)

    def arrays(self, version: int) -> list[list[Any]]:
        """The weights of each layer, numbered *version*: the same numbers wherever it is asked.

        All are multiples of a quarter, so what small linear networks compute with them is exact on every machine.
        """
        random = np.random.default_rng(version)
        made = [[quarters(random, shape) for shape in self.weight_shapes(at)] for at in range(len(self.layers))]
        for index, layer in enumerate(self.layers):
            if layer.kind == "batch_norm":
                made[index][3] = np.abs(made[index][3]) + np.float32(0.25)  # a variance
        first = next((arrays[0] for arrays in made if arrays), None)
        if first is not None and version == EQUAL:
            first.fill(0.5)
        elif first is not None and version in (NAN, INFINITE):
            first.flat[0] = np.nan if version == NAN else np.inf
        return made

    # --- Keras --------------------------------------------------------------------------------------------

    def model(self) -> Any:
        """A new Keras model of it, compiled, with weights number 0."""
        model = _built(self)
        given = {} if self.loss_weights is None else {"loss_weights": [self.loss_weights]}
        model.compile("sgd", "mse", **given)
        self.train(model, 0)
        return model

    def train(self, model: Any, version: int) -> None:
        """Puts weights number *version* into *model*."""
        made = self.arrays(version)
        for layer, arrays in zip(self.layers, made):
            if arrays:
                model.get_layer(layer.name).set_weights(arrays)

    def __repr__(self) -> str:
        kind = "sequential" if self.sequential else "functional"
        inner = ", ".join(
            f"{layer.name}: {layer.kind}"
            + (f"({layer.units})" if layer.is_dense else "")
            + (f" of {'+'.join(layer.of)}" if layer.of else "")
            for layer in self.layers
        )
        return f"{kind} {self.shape} -> [{inner}]" + (f", another model has {'+'.join(self.lent)}" if self.lent else "")


def quarters(random: Any, shape: tuple[int, ...]) -> Any:
    """Multiples of a quarter, from -1 to 1, float32."""
    return (random.integers(-4, 5, shape) / 4).astype("float32")


def _shape(layer: Layer, given: list[tuple[int, ...]]) -> tuple[int, ...]:
    if layer.is_dense:
        return (*given[0][:-1], layer.units)
    if layer.kind == "flatten":
        return (int(np.prod(given[0])),)
    if layer.kind == "reshape":
        return (layer.units, layer.units, given[0][0] // layer.units**2)
    if layer.kind == "concatenate":
        return (*given[0][:-1], sum(shape[-1] for shape in given))
    return given[0]


def _built(net: Net) -> Any:
    import tensorflow as tf

    model = _alone(net)
    for index, layer in enumerate(net.layers):
        if layer.name in net.lent:
            given = tf.keras.Input(net.shapes[net.sources(index)[0]], name=f"other_{layer.name}")
            tf.keras.Model(given, model.get_layer(layer.name)(given))
    return model


def _alone(net: Net) -> Any:
    import tensorflow as tf

    keras = tf.keras
    if net.sequential:
        parts = [keras.layers.InputLayer(net.shape, name="in"), *(_layer(net, at) for at in range(len(net.layers)))]
        return keras.Sequential(parts)
    tensors = {"in": keras.Input(net.shape, name="in")}
    for index, layer in enumerate(net.layers):
        given = [tensors[name] for name in net.sources(index)]
        tensors[layer.name] = _layer(net, index)(given if layer.kind in ("add", "concatenate") else given[0])
    return keras.Model(tensors["in"], tensors[net.layers[-1].name])


def _layer(net: Net, index: int) -> Any:
    import tensorflow as tf

    layers, layer = tf.keras.layers, net.layers[index]
    if layer.is_dense:
        activation = layer.kind if layer.kind in ("relu", "softmax", "sigmoid") else None
        return layers.Dense(layer.units, activation, use_bias=layer.kind != "no_bias", name=layer.name)
    made = {
        "norm": layers.LayerNormalization,
        "batch_norm": layers.BatchNormalization,
        "flatten": layers.Flatten,
        "add": layers.Add,
        "concatenate": layers.Concatenate,
    }
    if layer.kind == "reshape":
        return layers.Reshape(net.shapes[layer.name], name=layer.name)
    return made[layer.kind](name=layer.name)


DENSE = Net()
