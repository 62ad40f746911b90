"""Float operations of one inference, as TensorFlow's profiler counts them on the frozen graph."""

from __future__ import annotations

from typing import Any

import tensorflow as tf
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2_as_graph


def float_operations(model: Any, inputs: list[Any]) -> int:
    """The float operations of *model* on one sample; *inputs* are its symbolic inputs."""
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
    return int(counted.total_float_ops)
