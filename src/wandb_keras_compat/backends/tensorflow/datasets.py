"""``tf.data``: whether a dataset gives the same elements each time, and a dataset that records what is read from it."""

from __future__ import annotations

from typing import Any

import tensorflow as tf
from tensorflow.python.framework import op_def_registry

from ...data.batch_memory import BatchMemory

#: Kinds of datasets that give the same items each time, if what they read from does and their functions have no state.
_REPEATABLE = frozenset(
    f"{name}Dataset"
    for name in (
        "Tensor", "TensorSlice", "Range", "Batch", "ParallelBatch", "PaddedBatch", "Unbatch",
        "Window", "Prefetch", "Take", "TakeWhile", "Skip", "Shard", "Zip", "Concatenate", "Repeat", "Options", "Map",
        "ParallelMap", "MapAndBatch", "FlatMap", "Interleave", "Filter", "Enumerate", "TFRecord", "TextLine",
        "FixedLengthRecord", "AssertCardinality", "AssertNext", "DenseToRaggedBatch", "DenseToRagged",
        "DenseToSparseBatch",
    )
)  # fmt: skip


def is_repeatable(dataset: Any) -> bool:
    """Whether *dataset* and all it reads from give the same each time they are read.

    Raises:
        Exception: it cannot be found out: this TensorFlow lacks the private attributes that show it.
    """
    kind = type(dataset).__name__.strip("_").removesuffix("V1Adapter").removesuffix("V1").removesuffix("V2")
    if kind not in _REPEATABLE or any(_has_state(function) for function in dataset._functions()):
        return False
    return all(is_repeatable(one) for one in dataset._inputs())


def _has_state(wrapper: Any) -> bool:
    """Whether a function of a dataset draws random numbers, runs Python, or reads or changes a variable or table."""
    graph = wrapper.function.graph.as_graph_def()
    nodes = [*graph.node, *(node for function in graph.library.function for node in function.node_def)]
    library = {function.signature.name for function in graph.library.function}
    return any(_is_stateful(op_def_registry.get(node.op)) for node in nodes if node.op not in library)


#: Called state, but only by name: what a function is given, and calls of functions that are looked at themselves.
_STATELESS = frozenset({"StatefulPartitionedCall", "Assert", "Placeholder"})


def _is_stateful(definition: Any) -> bool:
    return definition is None or (bool(definition.is_stateful) and definition.name not in _STATELESS)


def tapped_dataset(dataset: Any, memory: BatchMemory) -> Any:
    """A dataset of the same elements; *memory* gets each of them when it is read."""
    spec = dataset.element_spec

    def remember(*parts: Any) -> None:
        if not memory.is_full:
            memory.remember(tf.nest.pack_sequence_as(spec, parts, expand_composites=True))

    def looked_at(*elements: Any) -> Any:
        element = elements if isinstance(spec, tuple) else elements[0]
        tf.py_function(remember, tf.nest.flatten(element, expand_composites=True), [])
        return element

    return dataset.map(tf.autograph.experimental.do_not_convert(looked_at))
