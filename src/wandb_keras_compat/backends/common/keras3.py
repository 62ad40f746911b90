"""Keras 3 on any framework: all that its own interface shows."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import numpy as np

from ...versions import minor
from ..protocol import LayerFacts
from . import keras3_files
from .any_keras import AnyKeras, all_layers


class AnyKeras3(AnyKeras):
    """The part of :class:`~..protocol.Backend` that is the same for Keras 3 on every framework."""

    def floatx(self) -> str:
        return str(self._keras.config.floatx())

    # --- structure -------------------------------------------------------------------------------

    def steps_per_execution(self, model: Any) -> int:
        return int(getattr(model, "steps_per_execution", 1) or 1)

    def _graph_layers(self, model: Any) -> list[Any]:
        # Operations such as ``x + y`` are no layers on Keras 3; Keras 2 showed them (TFOpLambda).
        if isinstance(model, self._keras.Sequential):
            return list(model.layers)
        operations = getattr(model, "operations", None) or model.layers
        return [operation for operation in operations if not self._casts_for_keras(operation)]

    def _facts(self, layer: Any) -> LayerFacts:
        shapes = [
            [list(tensor.shape) for tensor in node.output_tensors] for node in getattr(layer, "_inbound_nodes", [])
        ]
        output_shape: Any = ["multiple"]
        if shapes and all(shape == shapes[0] for shape in shapes):
            output_shape = shapes[0]
            if len(output_shape) == 1 and not isinstance(layer, self._keras.layers.InputLayer):
                output_shape = output_shape[0]
        return LayerFacts(
            layer=layer,
            name=layer.name,
            class_name=type(layer).__name__,
            output_shape=output_shape,
            num_parameters=sum(_size(weight) for weight in getattr(layer, "weights", [])),
        )

    def _layer_calls(self, model: Any, layer: Any) -> Iterator[list[Any]]:
        function = getattr(model, "_functional", None) or model
        by_depth = getattr(function, "_nodes_by_depth", None)
        inside = None if by_depth is None else {id(n) for nodes in by_depth.values() for n in nodes}
        for node in getattr(layer, "_inbound_nodes", []):
            if inside is None or id(node) in inside:
                yield [self._source(tensor) for tensor in node.input_tensors]

    def _source(self, tensor: Any) -> Any:
        operation = tensor._keras_history.operation
        return self._source(operation.input) if self._casts_for_keras(operation) else operation

    def _casts_for_keras(self, operation: Any) -> bool:
        """Whether *operation* is a ``Cast`` as Keras 3.5 to 3.9 itself puts one before a layer of another precision."""
        if type(operation).__name__ != "Cast" or not (3, 5) <= minor(self._keras) < (3, 10):
            return False
        takers = [node.operation for node in operation._outbound_nodes]
        return bool(takers) and all(getattr(taker, "compute_dtype", None) == operation.dtype for taker in takers)

    # --- gradients -------------------------------------------------------------------------------

    def trainable_variables(self, model: Any) -> list[Any]:
        return [variable.value for variable in model.trainable_variables]

    def gradient_names(self, model: Any) -> list[str]:
        # Keras 2 did not put the name of an enclosing Sequential into its variables' names.
        sequentials = {layer.name for layer in all_layers(model) if isinstance(layer, self._keras.Sequential)}
        names = []
        for path in self.full_names(model):
            parts = path.split("/")
            while len(parts) > 2 and parts[0] in sequentials:
                parts = parts[1:]
            names.append("/".join(parts))
        return names

    def full_names(self, model: Any) -> list[str]:
        return [variable.path for variable in model.trainable_variables]

    def compute_loss(self, model: Any, x: Any, y: Any, y_pred: Any, sample_weight: Any) -> Any:
        self.check_loss(model)
        return model.compute_loss(x=x, y=y, y_pred=y_pred, sample_weight=sample_weight)

    def check_loss(self, model: Any) -> None:
        """Raises:
        ValueError: *model* has no loss at all.
        """
        own = type(model).compute_loss is not self._keras.Model.compute_loss
        if not own and not model.losses and getattr(model, "_compile_loss", None) is None:
            raise ValueError("the model was compiled without a loss and adds none")

    # --- state -----------------------------------------------------------------------------------

    def preserved_states(self, model: Any) -> AbstractContextManager[None]:
        return preserved(recurrent_states(self.stateful_layers(model)))

    def random_state(self, model: Any) -> Any:
        """The value of each seed that Keras keeps: the process-wide one, and those of the model's random layers."""
        seeds = seed_variables(model)
        return [(seed, value_of(seed)) for seed in seeds]

    def restore_random_state(self, state: Any) -> None:
        for seed, value in state:
            seed.assign(value)

    def float_operations(self, model: Any) -> int:
        from ..operation_counts import count  # few programs ask for it

        return count(model)

    # --- files -----------------------------------------------------------------------------------

    def save_model_h5(self, model: Any, path: str) -> None:
        with _without_hdf5_advice():
            keras3_files.save_hdf5(model, path)

    def forgets_optimizer(self, model: Any) -> bool:
        return keras3_files.forgets_optimizer(model)

    def save_weights_h5(self, model: Any, path: str) -> None:
        # ``save_weights`` refuses any name but *.weights.h5, and a renamed one does not load. The
        # layout of Keras 2, which ``load_weights("model-best.h5")`` reads, has a private writer.
        write = keras3_files.keras_2_weights_writer()
        if write is None:
            # A whole model's file serves ``load_weights`` as well.
            self.save_model_h5(model, path)
            return
        import h5py

        with h5py.File(path, "w") as file:
            write(file, model)

    def save_loadable(self, model: Any, folder: str) -> None:
        # ``load_model`` of Keras 3 reads no SavedModel.
        keras3_files.save_zip(model, os.path.join(folder, "model.keras"))


def _size(weight: Any) -> int:
    size = 1
    for dimension in weight.shape:
        size *= int(dimension)
    return size


def global_seed_generator() -> Any:
    """The process-wide SeedGenerator if it exists; asking through the public API would make one."""
    from keras.src.backend.common import global_state

    return global_state.get_global_attribute("global_seed_generator")


def seed_variables(model: Any) -> list[Any]:
    """The variable of each seed that a use of *model* may count on, each once: Keras' own one, and those of layers."""
    generators = [global_seed_generator()]
    for layer in all_layers(model):
        generators += getattr(layer, "_seed_generators", [])
    return list({id(one.state): one.state for one in generators if one is not None}.values())


def recurrent_states(layers: list[Any]) -> list[Any]:
    """The variables of the recurrent states of *layers*, each once."""
    found: dict[int, Any] = {}

    def visit(states: Any) -> None:
        if isinstance(states, dict):
            states = list(states.values())
        if isinstance(states, (list, tuple)):
            for one in states:
                visit(one)
        elif states is not None:
            found[id(states)] = states

    for layer in layers:
        visit(getattr(layer, "states", None))
    return list(found.values())


def value_of(variable: Any) -> Any:
    """The value of a Keras *variable* as a NumPy array of its own."""
    import keras

    return np.array(keras.ops.convert_to_numpy(variable.value))


@contextmanager
def preserved(variables: list[Any]) -> Iterator[None]:
    """Puts the values of Keras *variables* back on exit."""
    values = [value_of(variable) for variable in variables]
    try:
        yield
    finally:
        for variable, value in zip(variables, values):
            variable.assign(value)


@contextmanager
def _without_hdf5_advice() -> Iterator[None]:
    """Suppresses Keras' warning that HDF5 is a legacy format: ``model-best.h5`` has to be HDF5."""
    logger = logging.getLogger("absl")

    def other(record: logging.LogRecord) -> bool:
        return "HDF5 file" not in record.getMessage()

    logger.addFilter(other)
    try:
        yield
    finally:
        logger.removeFilter(other)
