"""``compute_flops`` and ``get_flops()``: the cost of one forward pass."""

from __future__ import annotations

from .. import messages
from ..host.feature import Feature


class Flops(Feature):
    lost = "GFLOPs"

    def on_train_begin(self) -> None:
        if self.backend.input_shapes(self.model) is None:
            self.warn(messages.no_symbolic_graph_flops())
            return
        self.run.set_summary("GFLOPs", self.callback.get_flops())

    def gflops(self) -> float:
        """Half the float operations, in 1e9, of inference on one sample.

        The legacy class halves the number (which makes it multiply-accumulates), and so do old charts.
        """
        return self.backend.float_operations(self.model) / 1e9 / 2
