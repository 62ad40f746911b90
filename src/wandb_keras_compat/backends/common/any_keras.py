"""What Keras 2 and Keras 3 have in common, on every framework."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from ..prediction import predict
from ..protocol import GradientPass, Hole, LayerFacts, LocalCopy, NoCopy
from .learning_rate import learning_rate


class AnyKeras:
    """The part of :class:`~..protocol.Backend` that is the same for every Keras."""

    name: str
    #: What this backend cannot do, each with a reason.
    holes: tuple[Hole, ...] = ()

    def __init__(self, keras: Any) -> None:
        """*keras* is the package the models belong to: ``tf.keras``, ``keras`` or ``tf_keras``."""
        self._keras = keras

    # What the parts of a backend ask of it.

    def trainable_variables(self, model: Any) -> list[Any]:
        """The framework's own variable of each trainable weight, in Keras' order."""
        raise NotImplementedError

    def compute_loss(self, model: Any, x: Any, y: Any, y_pred: Any, sample_weight: Any) -> Any:
        """The scalar training loss of one batch: compiled losses and weights, ``add_loss``, regularizers.

        Raises:
            ValueError: the model has no loss at all.
        """
        raise NotImplementedError

    def floatx(self) -> str:
        """The dtype Keras casts floating data to, e.g. ``"float32"``."""
        raise NotImplementedError

    # The answers.

    def is_model(self, value: Any) -> bool:
        return isinstance(value, self._keras.Model)

    def is_built(self, model: Any) -> bool:
        return bool(model.built)

    def inputs(self, model: Any) -> list[Any] | None:
        """Symbolic inputs in order, or None where the model has none (subclassed, unbuilt)."""
        return _symbolic(model, "inputs")

    def outputs(self, model: Any) -> list[Any] | None:
        """Symbolic outputs in order, or None where the model has none (subclassed, unbuilt)."""
        return _symbolic(model, "outputs")

    def input_shapes(self, model: Any) -> list[tuple[int | None, ...]] | None:
        return _shapes(self.inputs(model))

    def output_shapes(self, model: Any) -> list[tuple[int | None, ...]] | None:
        return _shapes(self.outputs(model))

    def input_names(self, model: Any) -> list[str] | None:
        return _names(self.inputs(model))

    def output_names(self, model: Any) -> list[str] | None:
        return _names(self.outputs(model))

    def graph_layers(self, model: Any) -> list[LayerFacts]:
        return [self._facts(layer) for layer in self._graph_layers(model)]

    def layer_calls(self, model: Any, layer: LayerFacts) -> Iterator[list[LayerFacts]]:
        for sources in self._layer_calls(model, layer.layer):
            yield [self._facts(source) for source in sources]

    def _graph_layers(self, model: Any) -> list[Any]:
        raise NotImplementedError

    def _layer_calls(self, model: Any, layer: Any) -> Iterator[list[Any]]:
        raise NotImplementedError

    def _facts(self, layer: Any) -> LayerFacts:
        """Name, class, output shape and parameter count; a layer that was never built has 0."""
        raise NotImplementedError

    def autotunes_steps(self, model: Any) -> bool:
        return bool(getattr(model, "_autotune_steps_per_execution", False))

    def learning_rate(self, model: Any, step: int) -> float:
        return learning_rate(model.optimizer, step)

    def layer_values(self, model: Any) -> Iterator[tuple[str, list[Any]]]:
        for layer in model.layers:
            yield layer.name, self._values(model, layer)

    def _values(self, model: Any, layer: Any) -> list[Any]:
        values: list[Any] = layer.get_weights()
        return values

    def predict(self, model: Any, inputs: Any, batch_size: int | None = None) -> Any:
        return predict(self, model, inputs, batch_size)

    def float_operations(self, model: Any) -> int:
        raise NotImplementedError

    def gradient_pass(self, model: Any) -> GradientPass:
        raise NotImplementedError

    def stream_beside(self, state: Any) -> Any:
        return state

    @contextmanager
    def keeps_history(self, model: Any) -> Iterator[None]:
        history = getattr(model, "history", None)
        try:
            yield
        finally:
            if getattr(model, "history", None) is not history:
                model.history = history

    def spans_workers(self, model: Any) -> bool:
        return False

    def local_copy(self, model: Any) -> LocalCopy:
        raise NoCopy(NotImplementedError("Keras 3 does not train with several workers"))

    def outside_strategies(self, function: Callable[[], None]) -> None:
        function()

    def fixed_batch_size(self, model: Any) -> int | None:
        """The batch size the model's inputs are fixed to, or None where it is free."""
        sizes = {tensor.shape[0] for tensor in self.inputs(model) or [] if len(tensor.shape)}
        size = sizes.pop() if len(sizes) == 1 else None
        return None if size is None else int(size)

    def data_shards(self) -> int:
        """Into how many equal parts the framework cuts each batch that it predicts."""
        return 1

    def stateful_layers(self, model: Any) -> list[Any]:
        """Layers that carry state from one batch to the next."""
        return [
            layer
            for layer in all_layers(model)
            if getattr(layer, "stateful", False) and getattr(layer, "states", None) is not None
        ]

    def preserved_states(self, model: Any) -> AbstractContextManager[None]:
        """Puts the states of :meth:`stateful_layers` back on exit."""
        raise NotImplementedError

    def reset_states(self, model: Any) -> None:
        """Sets the states of :meth:`stateful_layers` to zero."""
        for layer in self.stateful_layers(model):
            # Renamed to reset_state in Keras 3.
            (getattr(layer, "reset_states", None) or layer.reset_state)()


def all_layers(model: Any) -> list[Any]:
    """*model* and every layer in it, nested and wrapped ones included."""
    return list(model._flatten_layers())  # the same private name in Keras 2 and 3


def _names(tensors: list[Any] | None) -> list[str] | None:
    """The name of the layer that each of *tensors* comes from, with a number where a layer gives several."""
    if tensors is None:
        return None
    names: list[str] = []
    for tensor in tensors:
        name = tensor._keras_history[0].name  # the layer on Keras 2, the operation on Keras 3
        names.append(name if name not in names else f"{name}_{len(names)}")
    return names


def _shapes(tensors: list[Any] | None) -> list[tuple[int | None, ...]] | None:
    return None if tensors is None else [tuple(tensor.shape) for tensor in tensors]


def _symbolic(model: Any, attribute: str) -> list[Any] | None:
    try:
        tensors = getattr(model, attribute, None)
    except ValueError:  # Keras 3.3: an unbuilt Sequential "has no defined inputs yet"
        return None
    return list(tensors) if tensors else None
