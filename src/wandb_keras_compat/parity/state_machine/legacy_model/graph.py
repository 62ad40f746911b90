"""*Graph*: a node for each layer and an edge for each of its inputs."""

from __future__ import annotations

import math

from ....testing.trace.canonical import Content
from ..nets import Net
from .rules import Rules

_CLASSES = {
    "norm": "LayerNormalization",
    "batch_norm": "BatchNormalization",
    "flatten": "Flatten",
    "reshape": "Reshape",
    "add": "Add",
    "concatenate": "Concatenate",
}


def drawn(net: Net, rules: Rules) -> Content:
    """The graph of *net*, its layers in the order in which Keras lists them.

    Of a chain of layers, the real class takes every input that a layer ever had, in other models too.
    """
    lent = net.lent if net.lent and net.is_chain and not rules.differs("KD-092") else ()
    index = {layer.name: at for at, layer in enumerate(net.layers)}
    nodes, edges = [], []
    for name in _listed(net, index):
        if name == "in":
            nodes.append(_node("in", "InputLayer", [[None, *net.shape]], 0))
            continue
        at = index[name]
        layer = net.layers[at]
        size = sum(math.prod(shape) for shape in net.weight_shapes(at))
        if name in lent:
            shape = net.shapes[net.sources(at)[0]]
            nodes.append(_node(f"other_{name}", "InputLayer", [[None, *shape]], 0))
        nodes.append(_node(name, _CLASSES.get(layer.kind, "Dense"), [None, *net.shapes[name]], size))
        edges += [[source, name] for source in net.sources(at)]
        edges += [[f"other_{name}", name]] * (name in lent)
    return Content(_type="graph", nodes=nodes, edges=edges)


def _node(name: str, kind: str, shape: list[object], size: int) -> dict[str, object]:
    return {"id": name, "name": name, "class_name": kind, "output_shape": shape, "num_parameters": size}


def _listed(net: Net, index: dict[str, int]) -> list[str]:
    """By depth, the farthest from the output first; layers of one depth as they are met on the way from there."""
    sources = {name: net.sources(at) for name, at in index.items()} | {"in": ()}
    depths: dict[str, int] = {}
    met: dict[str, int] = {}

    def meet(name: str) -> None:
        if name not in met:
            met[name] = len(met)
            for source in sources[name]:
                meet(source)

    meet(net.layers[-1].name)
    for name in ["in", *index][::-1]:
        depths.setdefault(name, 0)
        for source in sources[name]:
            depths[source] = max(depths.get(source, 0), depths[name] + 1)
    return sorted(met, key=lambda name: (-depths[name], met[name]))
