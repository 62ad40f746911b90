"""One legacy capability per module, each with the same hooks; the order here is the order in a row.

A feature that is off is neither imported nor called: its module is loaded the first time it is wanted.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, NamedTuple


class Entry(NamedTuple):
    """A capability: the module and class that hold it, and when the callback wants it."""

    name: str
    feature: str
    wanted: Callable[[Any], bool]


#: In the order in which their parts enter an epoch's row and what follows it.
REGISTRY = (
    Entry("flops", "Flops", lambda callback: bool(callback.compute_flops)),
    Entry("graph", "Graph", lambda callback: bool(callback.save_graph)),
    Entry("weights", "Weights", lambda callback: bool(callback.log_weights)),
    Entry("gradients", "Gradients", lambda callback: bool(callback.log_gradients)),
    Entry("examples", "Examples", lambda callback: bool(callback.input_type or callback.output_type)),
    Entry("evaluation", "Evaluation", lambda callback: bool(callback.log_evaluation)),
    Entry("metrics", "Metrics", lambda callback: True),
    Entry("best", "Best", lambda callback: True),
    Entry("checkpoint", "Checkpoint", lambda callback: bool(callback.save_model)),
)


def load(name: str) -> type[Any]:
    """The class of feature *name*."""
    entry = next(entry for entry in REGISTRY if entry.name == name)
    feature: type[Any] = getattr(import_module(f".{name}", __name__), entry.feature)
    return feature
