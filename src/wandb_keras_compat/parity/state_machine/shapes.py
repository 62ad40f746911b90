"""Networks to draw: what each capability looks at is in their layers."""

from __future__ import annotations

import dataclasses
from typing import Any

from .drawing import st
from .nets import Layer, Net

DENSE_KINDS = ("dense", "relu", "no_bias")
#: Names of layers, some of which look like others.
LAYERS = ("d", "h", "o", "d_1", "kernel", "a.b", "left", "right")


@st.composite
def chains(draw: Any, kinds: tuple[str, ...] = (*DENSE_KINDS, "norm", "batch_norm"), at_most: int = 3) -> Net:
    """One layer after the other, functional or Sequential."""
    names = draw(st.lists(st.sampled_from(LAYERS), min_size=1, max_size=at_most, unique=True))
    layers = tuple(Layer(name, draw(st.sampled_from(kinds)), draw(st.sampled_from([1, 2, 4]))) for name in names)
    return Net((draw(st.sampled_from([2, 3])),), layers, draw(st.booleans()))


@st.composite
def normalized(draw: Any) -> Net:
    """A batch normalization between two dense layers.

    The first has no bias, whose gradient would be nothing but rounding; and there are two units in the middle and two
    at least in the end: a single number, and one in a simple ratio to two others, is on an edge between bins.
    """
    first, middle, last = draw(st.lists(st.sampled_from(LAYERS), min_size=3, max_size=3, unique=True))
    layers = (
        Layer(first, "no_bias", 2),
        Layer(middle, "batch_norm"),
        Layer(last, draw(st.sampled_from(["dense", "no_bias"])), draw(st.sampled_from([2, 4]))),
    )
    return Net((draw(st.sampled_from([2, 3])),), layers, draw(st.booleans()))


@st.composite
def lending(draw: Any, nets: st.SearchStrategy[Net]) -> Net:
    """One of *nets*; at times another model has some of its layers."""
    net: Net = draw(nets)
    able = [layer.name for layer in net.layers if layer.kind not in ("add", "concatenate")]
    return dataclasses.replace(net, lent=tuple(draw(st.lists(st.sampled_from(able), max_size=2, unique=True))))


@st.composite
def graphs(draw: Any, kinds: tuple[str, ...] = (*DENSE_KINDS, "norm")) -> Net:
    """Layers that take any of those before, two of them at times; what nobody took is joined at the end."""
    names = draw(st.lists(st.sampled_from(LAYERS), min_size=1, max_size=5, unique=True))
    layers: list[Layer] = []
    loose: list[str] = []
    for name in names:
        known = ["in", *(layer.name for layer in layers)]
        of = tuple(draw(st.lists(st.sampled_from(known), min_size=1, max_size=2, unique=True)))
        kind = "concatenate" if len(of) == 2 else draw(st.sampled_from(kinds))
        layers.append(Layer(name, kind, draw(st.sampled_from([1, 2, 4])), of))
        loose = [other for other in loose if other not in of] + [name]
    if len(loose) > 1:
        layers.append(Layer("end", "concatenate", of=tuple(loose)))
    return Net((2,), tuple(layers))


#: For plays that are about other things as well: a network takes a while to build, and these are built once.
SOME = (
    Net(),
    Net((2,), (Layer("h", "relu", 3), Layer("n", "norm"), Layer("o", "dense", 2)), sequential=True),
    Net((3,), (Layer("b", "batch_norm"), Layer("o", "no_bias", 1))),
    Net(
        (2,),
        (
            Layer("left", "dense", 2),
            Layer("right", "relu", 1, ("in",)),
            Layer("end", "concatenate", of=("left", "right")),
        ),
    ),
)

#: Some whose layers another model has, too.
LENDING = (
    dataclasses.replace(SOME[1], lent=("h", "o")),
    Net((2,), (Layer("h", "no_bias", 2), Layer("b", "batch_norm"), Layer("o", "dense", 2)), lent=("h",)),
)

_FLAT = Layer("f", "flatten")
#: Of images of one, three and five channels, and of vectors, to labels, images and masks.
TO_LABELS = tuple(
    Net((4, 4, channels), (_FLAT, Layer("o", kind, units)))
    for channels, kind, units in [(1, "softmax", 3), (3, "dense", 2), (1, "sigmoid", 1), (5, "dense", 1)]
)
#: The same with a batch normalization.
NORMALIZED = Net((4, 4, 1), (_FLAT, Layer("h", "no_bias", 3), Layer("b", "batch_norm"), Layer("o", "dense", 3)))
TO_IMAGES = tuple(
    Net((4, 4, channels), (Layer("o", "dense", units),)) for channels, units in [(1, 1), (3, 4), (1, 3), (5, 5)]
)
FROM_LABELS = tuple(Net((3,), (Layer("h", "dense", units), Layer("r", "reshape", 4))) for units in (16, 48))
