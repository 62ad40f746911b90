"""``compute_flops`` and ``get_flops()``: the cost of one forward pass."""

from __future__ import annotations

from typing import Any

from .. import messages
from ..host.feature import Feature


class Flops(Feature):
    lost = "GFLOPs"

    def on_train_begin(self) -> None:
        if self.keras.inputs(self.model) is None:
            self.warn(messages.no_symbolic_graph_flops())
            return
        self.run.set_summary("GFLOPs", self.callback.get_flops())

    def gflops(self) -> float:
        """Half the float operations, in 1e9, of inference on one sample.

        TensorFlow's profiler counts them on the frozen graph. The halving is the legacy class's: it
        makes the number multiply-accumulates, and old charts hold it.
        """
        import tensorflow as tf
        from tensorflow.python.framework.convert_to_constants import (
            convert_variables_to_constants_v2_as_graph,
        )

        model = self.model
        inputs = self.keras.inputs(model) or []
        specs = [tf.TensorSpec([1, *tensor.shape[1:]], tensor.dtype) for tensor in inputs]

        def infer(*tensors: Any) -> Any:
            return model(tensors[0] if len(tensors) == 1 else list(tensors), training=False)

        concrete = tf.function(infer).get_concrete_function(*specs)
        frozen, _ = convert_variables_to_constants_v2_as_graph(concrete)
        profiler = tf.compat.v1.profiler
        builder = profiler.ProfileOptionBuilder(profiler.ProfileOptionBuilder.float_operation())
        counted = profiler.profile(
            graph=frozen.graph,
            run_meta=tf.compat.v1.RunMetadata(),
            cmd="scope",
            options=builder.with_empty_output().build(),
        )
        return float(counted.total_float_ops) / 1e9 / 2
