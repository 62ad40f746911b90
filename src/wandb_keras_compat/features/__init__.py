"""The features: each module logs one capability of the legacy class. They are called in the order of the table here.

A feature that is off is neither imported nor called: its module is loaded the first time it is wanted.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from ..host.feature_set import FeatureSet

if TYPE_CHECKING:
    from ..host.feature import Feature
    from ..host.protocol import Host
    from .best import Best
    from .checkpoint import Checkpoint
    from .evaluation import Evaluation
    from .examples import Examples
    from .flops import Flops
    from .gradients import Gradients
    from .graph import Graph
    from .metrics import Metrics
    from .weights import Weights


@cache
def _flops() -> type[Flops]:
    from .flops import Flops

    return Flops


@cache
def _graph() -> type[Graph]:
    from .graph import Graph

    return Graph


@cache
def _weights() -> type[Weights]:
    from .weights import Weights

    return Weights


@cache
def _gradients() -> type[Gradients]:
    from .gradients import Gradients

    return Gradients


@cache
def _examples() -> type[Examples]:
    from .examples import Examples

    return Examples


@cache
def _evaluation() -> type[Evaluation]:
    from .evaluation import Evaluation

    return Evaluation


@cache
def _metrics() -> type[Metrics]:
    from .metrics import Metrics

    return Metrics


@cache
def _best() -> type[Best]:
    from .best import Best

    return Best


@cache
def _checkpoint() -> type[Checkpoint]:
    from .checkpoint import Checkpoint

    return Checkpoint


class Entry(NamedTuple):
    """A capability: its name, the class that holds it, and when a callback with all options wants it."""

    name: str
    feature: Callable[[], type[Feature]]
    wanted: Callable[[Host], bool]


#: In the order in which their parts enter an epoch's row and what follows it.
REGISTRY = (
    Entry("flops", _flops, lambda host: bool(host.compute_flops)),
    Entry("graph", _graph, lambda host: bool(host.save_graph)),
    Entry("weights", _weights, lambda host: bool(host.log_weights)),
    Entry("gradients", _gradients, lambda host: bool(host.log_gradients)),
    Entry("examples", _examples, lambda host: bool(host.input_type or host.output_type)),
    Entry("evaluation", _evaluation, lambda host: bool(host.log_evaluation)),
    Entry("metrics", _metrics, lambda host: True),
    Entry("best", _best, lambda host: True),
    Entry("checkpoint", _checkpoint, lambda host: bool(host.save_model)),
)


class Features(FeatureSet):
    """The features of one callback, each by its name, whether it is on or not."""

    def __init__(self, callback: Host) -> None:
        super().__init__(callback, {entry.name: entry.feature for entry in REGISTRY})

    @property
    def flops(self) -> Flops:
        return self.of(_flops())

    @property
    def graph(self) -> Graph:
        return self.of(_graph())

    @property
    def weights(self) -> Weights:
        return self.of(_weights())

    @property
    def gradients(self) -> Gradients:
        return self.of(_gradients())

    @property
    def examples(self) -> Examples:
        return self.of(_examples())

    @property
    def evaluation(self) -> Evaluation:
        return self.of(_evaluation())

    @property
    def metrics(self) -> Metrics:
        return self.of(_metrics())

    @property
    def best(self) -> Best:
        return self.of(_best())

    @property
    def checkpoint(self) -> Checkpoint:
        return self.of(_checkpoint())
