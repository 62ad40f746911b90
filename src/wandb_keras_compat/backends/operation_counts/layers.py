"""Layers with weights, pooling, merging, and those that move data only."""

from __future__ import annotations

from typing import Any

from .calls import Call, product, size

RECURRENT = frozenset(
    {"Bidirectional", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "GRU", "LSTM", "RNN", "SimpleRNN", "StackedRNNCells"}
)

#: Those of which nothing is left at inference, or whose work the profiler does not count.
_FREE = (
    *("ActivityRegularization", "AlphaDropout", "CenterCrop", "Concatenate", "Cropping1D", "Cropping2D", "Cropping3D"),
    *("Dropout", "Flatten", "GaussianDropout", "GaussianNoise", "GlobalMaxPooling1D", "GlobalMaxPooling2D"),
    *("GlobalMaxPooling3D", "Identity", "Permute", "RandomBrightness", "RandomContrast", "RandomFlip"),
    *("RandomRotation", "RandomTranslation", "RandomZoom", "Reshape", "SpatialDropout1D", "SpatialDropout2D"),
    *("SpatialDropout3D", "ZeroPadding1D", "ZeroPadding2D", "ZeroPadding3D", "AveragePooling3D", "MaxPooling3D"),
)


def _free(call: Call) -> int:
    return 0


# --- matrix products and convolutions ------------------------------------------------------------------------


def _bias(call: Call) -> int:
    return size(call.outputs[0]) if call.layer.use_bias else 0


def _dense(call: Call) -> int:
    return 2 * call.inputs[0][-1] * size(call.outputs[0]) + _bias(call)


#: The products that Keras writes as a matrix product; of any other the profiler counts nothing but the bias.
_MATRIX_PRODUCTS = ("ab,bc->ac", "abc,cd->abd", "abc,cde->abde", "abcd,cde->abe")


def _einsum_dense(call: Call) -> int:
    equation = _in_order(call.layer.equation)
    if equation not in _MATRIX_PRODUCTS:
        raise call.uncountable(f'computes "{call.layer.equation}"; rules are there for {", ".join(_MATRIX_PRODUCTS)}')
    left, rest = equation.split(",")
    right, result = rest.split("->")
    shared = [letter for letter in left if letter in right and letter not in result]
    summed = product(call.inputs[0][left.index(letter)] for letter in shared)
    bias = size(call.outputs[0]) if call.layer.bias is not None else 0
    return 2 * summed * size(call.outputs[0]) + bias


def _in_order(equation: str) -> str:
    """*equation* with its letters in the order of the alphabet."""
    letters: dict[str, str] = {}
    for letter in equation:
        if letter.isalpha():
            letters.setdefault(letter, chr(ord("a") + len(letters)))
    return "".join(letters.get(letter, letter) for letter in equation if letter != " ")


def _channels(layer: Any, shape: tuple[int, ...]) -> int:
    return shape[-1] if layer.data_format == "channels_last" else shape[1]


def _positions(layer: Any, output: tuple[int, ...]) -> int:
    """At how many positions the kernel is applied.

    A dilated convolution is a plain one over interleaved parts of its input; they are filled up to be of one length, so
    each axis of the result is rounded up to a multiple of the dilation.
    """
    axes = output[1:-1] if layer.data_format == "channels_last" else output[2:]
    return product(-(-axis // dilation) * dilation for axis, dilation in zip(axes, layer.dilation_rate))


def _convolution(call: Call) -> int:
    layer = call.layer
    if layer.groups != 1:
        raise call.uncountable("has groups: TensorFlow compiles such a convolution, and the profiler sees none of it")
    products = product(layer.kernel_size) * _channels(layer, call.inputs[0]) * int(layer.filters)
    return 2 * products * _positions(layer, call.outputs[0]) + _bias(call)


def _depthwise(call: Call) -> int:
    layer, output = call.layer, call.outputs[0]
    return 2 * product(layer.kernel_size) * _channels(layer, output) * _positions(layer, output) + _bias(call)


def _separable(call: Call) -> int:
    layer, output = call.layer, call.outputs[0]
    between = _channels(layer, call.inputs[0]) * int(layer.depth_multiplier)
    depthwise = 2 * product(layer.kernel_size) * between * _positions(layer, output)
    return depthwise + 2 * between * size(output) + _bias(call)


def _transposed(call: Call) -> int:
    layer = call.layer
    if len(layer.kernel_size) == 3:  # the profiler knows no transposed convolution in space
        return _bias(call)
    products = 2 * size(call.outputs[0]) * product(layer.kernel_size) * _channels(layer, call.inputs[0])
    return products // product(layer.strides) + _bias(call)


def _embedding(call: Call) -> int:
    return 2 * size(call.inputs[0])  # indices below zero count from the end: a comparison and an addition each


# --- pooling and merging -------------------------------------------------------------------------------------


def _pooling(call: Call) -> int:
    return product(call.layer.pool_size) * size(call.outputs[0])


def _global_average(call: Call) -> int:
    return size(call.inputs[0])


def _merge(call: Call) -> int:
    """Each further input is merged with what the ones before gave, in the shape both broadcast to."""
    operations, so_far = 0, call.inputs[0]
    for shape in call.inputs[1:]:
        so_far = _broadcast(so_far, shape)
        operations += size(so_far)
    return operations


def _broadcast(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    rank = max(len(one), len(other))
    # Keras puts the missing axes behind that of the batch.
    longer = [(*shape[:1], *[1] * (rank - len(shape)), *shape[1:]) for shape in (one, other)]
    return tuple(max(pair) for pair in zip(*longer))


def _average(call: Call) -> int:
    return _merge(call) + size(call.outputs[0])


def _dot(call: Call) -> int:
    axes = call.layer.axes
    one, other = (axes, axes) if isinstance(axes, int) else axes
    shape = call.inputs[0]
    operations = 2 * shape[one] * size(call.outputs[0])
    if call.layer.normalize:
        for each, axis in zip(call.inputs, (one, other)):
            vectors = size(each) // each[axis]
            operations += 3 * size(each) + 2 * vectors
    return operations


# --- data ----------------------------------------------------------------------------------------------------


def _scaled_sum(call: Call) -> int:
    """``CustomScaleLayer`` of Inception-ResNet: ``x + scale * y``."""
    return 2 * size(call.outputs[0])


def _masking(call: Call) -> int:
    return size(call.inputs[0])


def _rescaling(call: Call) -> int:
    return 2 * size(call.outputs[0])


def _normalization(call: Call) -> int:
    return 2 * size(call.outputs[0]) + size(call.layer.variance.shape)


def _upsampling(call: Call) -> int:
    if getattr(call.layer, "interpolation", "nearest") != "nearest":
        return 0
    return len(call.inputs[0]) - 2  # the products that give the new shape, one an axis


def _repeat(call: Call) -> int:
    return 1


def _resizing(call: Call) -> int:
    if call.layer.crop_to_aspect_ratio or getattr(call.layer, "pad_to_aspect_ratio", False):
        raise call.uncountable("keeps the aspect ratio")
    return 0


RULES = {
    **dict.fromkeys(_FREE, _free),
    "Dense": _dense,
    "EinsumDense": _einsum_dense,
    **dict.fromkeys(("Conv1D", "Conv2D", "Conv3D"), _convolution),
    **dict.fromkeys(("DepthwiseConv1D", "DepthwiseConv2D"), _depthwise),
    **dict.fromkeys(("SeparableConv1D", "SeparableConv2D"), _separable),
    **dict.fromkeys(("Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"), _transposed),
    "Embedding": _embedding,
    **dict.fromkeys(("MaxPooling1D", "MaxPooling2D", "AveragePooling1D", "AveragePooling2D"), _pooling),
    **dict.fromkeys(("GlobalAveragePooling1D", "GlobalAveragePooling2D", "GlobalAveragePooling3D"), _global_average),
    **dict.fromkeys(("Add", "Subtract", "Multiply", "Maximum", "Minimum"), _merge),
    "Average": _average,
    "Dot": _dot,
    "Masking": _masking,
    "Rescaling": _rescaling,
    "Normalization": _normalization,
    **dict.fromkeys(("UpSampling1D", "UpSampling2D", "UpSampling3D"), _upsampling),
    "RepeatVector": _repeat,
    "CustomScaleLayer": _scaled_sum,
    "Resizing": _resizing,
}
