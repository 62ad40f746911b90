"""The calls of layers and operations that a model is made of, with the shapes that go in and come out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Shape = tuple[int, ...]


class Uncountable(Exception):
    """The float operations of a model cannot be counted.

    Args:
        layer: the layer or operation for which there is no rule.
        reason: why, in words that follow its name.
    """

    def __init__(self, layer: Any, reason: str) -> None:
        self.layer = str(getattr(layer, "name", "") or type(layer).__name__)
        self.reason = reason
        super().__init__(f'"{self.layer}" ({type(layer).__name__}) {reason}')


@dataclass(frozen=True)
class Call:
    """One call of a layer or operation: shapes with the batch axis, which is 1."""

    layer: Any
    inputs: list[Shape]
    outputs: list[Shape]
    arguments: dict[str, Any] = field(default_factory=dict)
    """What the call was given by keyword."""
    masked: bool = False
    """Whether the model has a layer that makes a mask."""

    @property
    def is_model(self) -> bool:
        return hasattr(self.layer, "layers")

    def uncountable(self, reason: str) -> Uncountable:
        return Uncountable(self.layer, reason)


def product(numbers: Any) -> int:
    """The product of *numbers*: of axes of a shape, of a kernel, of strides."""
    result = 1
    for number in numbers:
        result *= int(number)
    return result


def size(shape: Any) -> int:
    """The number of elements of an array of this *shape*."""
    return product(shape)


def calls_of(model: Any, inputs: list[Shape] | None) -> Iterator[Call]:
    """Every call inside *model*, models nested in it as one call each.

    Args:
        model: a built Sequential or functional model.
        inputs: the shapes it is called on, where it is nested in another one.

    Raises:
        Uncountable: the calls are not recorded, or not for these shapes.
    """
    function = getattr(model, "_functional", None) or model
    nodes = getattr(function, "_nodes_by_depth", None)
    if nodes is None or not hasattr(function, "operations"):
        raise Uncountable(model, "is no Sequential and no functional model, so its layers are not known from outside")
    own_call = _own_call(model)
    if own_call is not None:
        raise Uncountable(model, f"has a call of its own, in {own_call}")
    if inputs is not None:
        recorded = [_shape(model, tensor) for tensor in function.inputs]
        if inputs != recorded:
            raise Uncountable(model, f"was made for inputs of shape {recorded} and is called on {inputs}")
    masked = any(_makes_mask(operation) for operation in function.operations)
    for depth in sorted(nodes, reverse=True):
        for node in nodes[depth]:
            layer = node.operation
            if type(layer).__name__ == "InputLayer":
                continue
            yield Call(
                layer,
                [_shape(layer, tensor) for tensor in node.input_tensors],
                [_shape(layer, tensor) for tensor in node.output_tensors],
                {name: value for name, value in node.arguments.kwargs.items() if value is not None},
                masked,
            )


def keras_class(layer: Any) -> tuple[str, str]:
    """The kind and the name of the class of Keras that computes *layer*: ``("layer", "Dense")``.

    The kind is ``layer``, or ``operation`` for what ``x + y`` and ``keras.ops`` record.

    Raises:
        Uncountable: it computes something of the user's.
    """
    own_call = _own_call(layer)
    if own_call is not None:
        raise Uncountable(layer, f"has a call of its own, in {own_call}")
    kind = next((one for one in type(layer).__mro__ if _is_keras(one)), object)
    home = set(kind.__module__.split("."))
    # Some models of keras.applications have a layer of their own.
    if home & {"layers", "applications"} and kind.__name__ not in ("Layer", "Wrapper", "Lambda"):
        return "layer", kind.__name__
    if "ops" in home and kind.__name__ != "Operation":
        return "operation", kind.__name__
    raise Uncountable(layer, "runs code of the program's own")


def _own_call(layer: Any) -> str | None:
    """The name of the user's class that says what *layer* computes; None where Keras' own does."""
    for one in type(layer).__mro__:
        if _is_keras(one):
            return None
        if "call" in vars(one) or "__call__" in vars(one):
            return one.__name__
    return None


def _is_keras(kind: type) -> bool:
    return kind.__module__.split(".")[0] == "keras"


def _makes_mask(layer: Any) -> bool:
    if hasattr(layer, "layers"):
        return any(_makes_mask(inner) for inner in layer.layers)
    return type(layer).__name__ == "Masking" or bool(getattr(layer, "mask_zero", False))


def _shape(layer: Any, tensor: Any) -> Shape:
    dimensions = tuple(getattr(tensor, "shape", ()))
    shape = (1, *dimensions[1:])
    if any(dimension is None for dimension in shape):
        raise Uncountable(layer, f"works on the shape {dimensions}, which is known only when data comes")
    return tuple(int(dimension) for dimension in shape)
