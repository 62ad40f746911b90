"""Everything at once: any arguments with any events."""

from __future__ import annotations

from typing import Any

from .. import pools, shapes
from ..data import Samples
from ..drawing import st
from ..events import Play
from ..nets import Net
from ..property import Property
from . import evaluation as of_evaluation
from . import examples as of_examples
from . import gradients as of_gradients
from .best import PREFIXES, summaries
from .flops import KINDS
from .metrics import FREQUENCIES
from .weights import VERSIONS

NETS = (
    *shapes.SOME, *shapes.LENDING, shapes.NORMALIZED, *shapes.TO_LABELS[:2], *shapes.TO_IMAGES[:2],
    shapes.FROM_LABELS[0],
)  # fmt: skip


@st.composite
def plays(draw: Any) -> Play:
    validation = draw(of_evaluation.VALIDATION)
    names, net = pools.some_names(draw), draw(st.sampled_from(NETS))
    arguments = {
        "monitor": draw(st.sampled_from([*names, "not there"])),
        "mode": draw(st.sampled_from(["auto", "min", "max", "best"])),
        "verbose": draw(st.sampled_from([0, 1])),
        "log_best_prefix": draw(st.sampled_from(PREFIXES)),
        "log_batch_frequency": draw(st.sampled_from(FREQUENCIES)),
        "save_model": draw(st.booleans()),
        "save_weights_only": draw(st.booleans()),
        "save_graph": draw(st.booleans()),
        "log_weights": draw(st.booleans()),
        **draw(of_data(net, validation is not None)),
        **draw(of_layers(net)),
    }
    events = pools.trainings(
        pools.logs_of(names, pools.ANYTHING if pools.rarely(draw) else pools.SCALARS),
        weights=VERSIONS if pools.rarely(draw) else VERSIONS[:3],
        user=pools.logs_of([*names, "mine"], pools.NUMBERS),
        hooks=("on_train_batch_end", "on_batch_end"),
        new_runs=True,
    )
    resumed = draw(st.none() | summaries(names, arguments["log_best_prefix"]))
    return Play(arguments, draw(events), net=net, resumed=resumed, validation=validation, inline=draw(st.booleans()))


@st.composite
def of_data(draw: Any, net: Net, of_fit: bool) -> dict[str, Any]:
    """Examples and tables, of the same data; *of_fit* is whether fit has data."""
    if draw(st.booleans()) or any(layer.kind == "norm" for layer in net.layers):
        return {}
    examples = draw(of_examples.arguments(net, of_fit))
    types = {name: examples[name] for name in ("input_type", "output_type", "class_colors")}
    types["predictions"] = 100  # more than there are: of others, chance draws some
    return {**types, **draw(of_evaluation.arguments(len(net.shapes[net.layers[-1].name]) == 1, of_fit))}


@st.composite
def of_layers(draw: Any, net: Net) -> dict[str, Any]:
    """Gradients and FLOPs, of networks of which they are known by hand."""
    found: dict[str, Any] = {}
    kinds = {layer.kind for layer in net.layers}
    if kinds <= {*KINDS, "concatenate", "flatten"} and pools.rarely(draw):
        found["compute_flops"] = True
    exact = kinds <= {*shapes.DENSE_KINDS} or net in shapes.LENDING
    if exact and "norm" not in kinds and len(net.shape) == 1 and draw(st.booleans()):
        few = Samples(draw(st.sampled_from([2, 4, 64])))
        data = draw(of_gradients.BATCHES) if "batch_norm" in kinds else few
        found |= {"log_gradients": True, "training_data": data}
    return found


PROPERTY = Property("joint", plays(), share=0.5)
