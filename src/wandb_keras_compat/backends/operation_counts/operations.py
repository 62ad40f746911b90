"""What ``x + y``, ``x[:, 0]`` and ``keras.ops`` record in a functional model."""

from __future__ import annotations

from .activations import softmax
from .calls import Call, size

#: Operations for each element of the result.
_PER_RESULT = {
    **dict.fromkeys(("Absolute", "All", "Any", "Cast", "Concatenate", "Cos", "Exp", "ExpandDims", "Flip"), 0),
    **dict.fromkeys(("GetItem", "Max", "Min", "Pad", "Relu", "Relu6", "Reshape", "Sigmoid", "Sin", "Split", "Sqrt"), 0),
    **dict.fromkeys(("Squeeze", "Stack", "Swapaxes", "Tanh", "Tile", "Transpose", "Where", "Softplus", "Elu"), 0),
    **dict.fromkeys(("Add", "Divide", "Equal", "Greater", "GreaterEqual", "Less", "LessEqual", "Log", "Maximum"), 1),
    **dict.fromkeys(("Minimum", "Multiply", "Negative", "NotEqual", "Power", "Reciprocal", "Square", "Subtract"), 1),
    "TrueDivide": 1,
    **dict.fromkeys(("Clip", "HardSigmoid", "Rsqrt", "Silu"), 2),
}
#: Operations for each element of the first argument.
_PER_ARGUMENT = {"Mean": 1, "Var": 4, "Std": 4}
KNOWN = {*_PER_RESULT, *_PER_ARGUMENT, "Matmul", "Softmax", "Sum"}


def operations_of(call: Call, name: str) -> int:
    """The float operations of one call of the operation *name*."""
    if name in _PER_RESULT:
        return _PER_RESULT[name] * size(call.outputs[0])
    if name in _PER_ARGUMENT:
        return _PER_ARGUMENT[name] * size(call.inputs[0])
    if name == "Sum":
        return size(call.inputs[0]) - size(call.outputs[0])
    if name == "Softmax":
        return softmax(call.outputs[0], call.layer.axis)
    if name == "Matmul" and len(call.inputs) == 2 and min(map(len, call.inputs)) > 1:
        return 2 * call.inputs[0][-1] * size(call.outputs[0])
    raise call.uncountable("is an operation for which there is no rule")
