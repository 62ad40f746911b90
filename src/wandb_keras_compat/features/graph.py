"""``save_graph``: the model's layers and how they are connected, once."""

from __future__ import annotations

from typing import Any

import wandb

from .. import messages
from ..backends import LayerFacts
from ..host.feature import Feature


class Graph(Feature):
    lost = "the model graph"
    runs_the_model = False

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None) -> None:
        self._draw_once()

    def on_epoch_end(self, epoch: int, logs: dict[str, Any]) -> None:
        # Keras 2 calls batch hooks only where some callback asks for them.
        self._draw_once()

    def _draw_once(self) -> None:
        if not self.callback._graph_rendered:
            self.callback._graph_rendered = True
            self.run.set_summary("graph", self.picture())

    def picture(self) -> wandb.Graph:
        """The model as a ``wandb.Graph``: a node per layer, an edge per tensor between two of them.

        As in the legacy graph a layer called twice has its edges twice, and a Sequential shows the
        hidden input layer its first layer refers to. A nested model is one node.
        """
        model, backend = self.model, self.backend
        graph = wandb.Graph()
        layers = backend.graph_layers(model)
        if not layers:
            self.warn(messages.no_layers())
        for layer in layers:
            node = self._node(layer)
            for sources in backend.layer_calls(model, layer):
                for source in sources:
                    if source.name not in graph.nodes_by_id:
                        graph.add_node(self._node(source))
                    graph.add_edge(graph.nodes_by_id[source.name], node)
            graph.add_node(node)
        return graph

    def _node(self, facts: LayerFacts) -> Any:
        return _node_class()(
            id=facts.name,
            name=facts.name,
            class_name=facts.class_name,
            output_shape=facts.output_shape,
            num_parameters=facts.num_parameters,
        )


def _node_class() -> Any:
    """W&B's own node class: ``Graph.add_node`` makes one when it is given none."""
    return type(wandb.Graph().add_node())
