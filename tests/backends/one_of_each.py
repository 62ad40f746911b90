"""One model for each rule of the operation counts: no rule is without the profiler's word for it.

``python -m tests.backends.one_of_each`` writes the profiler's words down, on TensorFlow.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from wandb_keras_compat.parity.models import CASES, LEGACY_WRONG

from .drawn_models import ACTIVATIONS, L, keras

#: The shape of one sample, and what is built on it, for each layer that has a rule.
LAYERS: dict[str, tuple[tuple[int, ...], Callable[[], Any]]] = {
    "Activation": ((6, 4), lambda: L.Activation("gelu")),
    "ActivityRegularization": ((6, 4), lambda: L.ActivityRegularization(0.1)),
    "AlphaDropout": ((6, 4), lambda: L.AlphaDropout(0.1)),
    "AveragePooling1D": ((7, 4), lambda: L.AveragePooling1D(3)),
    "AveragePooling2D": ((7, 6, 4), lambda: L.AveragePooling2D((3, 2), padding="same")),
    "AveragePooling3D": ((4, 5, 4, 2), lambda: L.AveragePooling3D(2)),
    "BatchNormalization": ((7, 6, 4), lambda: L.BatchNormalization()),
    "CenterCrop": ((8, 8, 4), lambda: L.CenterCrop(4, 4)),
    "Conv1D": ((7, 4), lambda: L.Conv1D(3, 2, padding="causal", dilation_rate=2)),
    "Conv1DTranspose": ((7, 4), lambda: L.Conv1DTranspose(3, 5, strides=3)),
    "Conv2D": ((7, 6, 4), lambda: L.Conv2D(3, (3, 2), strides=2, activation="silu")),
    "Conv2DTranspose": ((7, 6, 4), lambda: L.Conv2DTranspose(3, 5, strides=3, output_padding=1)),
    "Conv3D": ((5, 6, 6, 2), lambda: L.Conv3D(3, 2, padding="same")),
    "Conv3DTranspose": ((5, 6, 6, 2), lambda: L.Conv3DTranspose(3, 2, strides=2)),
    "Cropping1D": ((7, 4), lambda: L.Cropping1D(1)),
    "Cropping2D": ((7, 6, 4), lambda: L.Cropping2D(1)),
    "Cropping3D": ((4, 5, 4, 2), lambda: L.Cropping3D(1)),
    "Dense": ((5, 4), lambda: L.Dense(7, activation="softmax")),
    "DepthwiseConv1D": ((7, 4), lambda: L.DepthwiseConv1D(3, depth_multiplier=2)),
    "DepthwiseConv2D": ((7, 6, 4), lambda: L.DepthwiseConv2D(3, strides=2, padding="same")),
    "Dropout": ((6, 4), lambda: L.Dropout(0.5)),
    "ELU": ((6, 4), lambda: L.ELU(0.5)),
    "EinsumDense": ((5, 4), lambda: L.EinsumDense("abc,cde->abde", output_shape=(5, 2, 3), bias_axes="de")),
    "Embedding": ((5,), lambda: L.Embedding(9, 4)),
    "Flatten": ((6, 4), lambda: L.Flatten()),
    "GaussianDropout": ((6, 4), lambda: L.GaussianDropout(0.1)),
    "GaussianNoise": ((6, 4), lambda: L.GaussianNoise(0.1)),
    "GlobalAveragePooling1D": ((7, 4), lambda: L.GlobalAveragePooling1D()),
    "GlobalAveragePooling2D": ((7, 6, 4), lambda: L.GlobalAveragePooling2D(keepdims=True)),
    "GlobalAveragePooling3D": ((4, 5, 4, 2), lambda: L.GlobalAveragePooling3D()),
    "GlobalMaxPooling1D": ((7, 4), lambda: L.GlobalMaxPooling1D()),
    "GlobalMaxPooling2D": ((7, 6, 4), lambda: L.GlobalMaxPooling2D()),
    "GlobalMaxPooling3D": ((4, 5, 4, 2), lambda: L.GlobalMaxPooling3D()),
    "GroupNormalization": ((4, 4, 6), lambda: L.GroupNormalization(3)),
    "Identity": ((6, 4), lambda: L.Identity()),
    "LayerNormalization": ((5, 6), lambda: L.LayerNormalization()),
    "LeakyReLU": ((6, 4), lambda: L.LeakyReLU()),
    "Masking": ((6, 4), lambda: L.Masking()),
    "MaxPooling1D": ((7, 4), lambda: L.MaxPooling1D(3)),
    "MaxPooling2D": ((7, 6, 4), lambda: L.MaxPooling2D((3, 2), padding="same")),
    "MaxPooling3D": ((4, 5, 4, 2), lambda: L.MaxPooling3D(2)),
    "MultiHeadAttention": ((5, 4), lambda: lambda x: L.MultiHeadAttention(2, 3, value_dim=4, dropout=0.1)(x, x)),
    "Normalization": ((7, 6, 4), lambda: L.Normalization(axis=(1, 2), mean=1.0, variance=2.0)),
    "PReLU": ((6, 4), lambda: L.PReLU(shared_axes=[1])),
    "Permute": ((7, 6, 4), lambda: L.Permute((3, 1, 2))),
    "RMSNormalization": ((5, 6), lambda: L.RMSNormalization()),
    "RandomBrightness": ((8, 8, 3), lambda: L.RandomBrightness(0.1)),
    "RandomContrast": ((8, 8, 3), lambda: L.RandomContrast(0.1)),
    "RandomFlip": ((8, 8, 3), lambda: L.RandomFlip()),
    "RandomRotation": ((8, 8, 3), lambda: L.RandomRotation(0.1)),
    "RandomTranslation": ((8, 8, 3), lambda: L.RandomTranslation(0.1, 0.1)),
    "RandomZoom": ((8, 8, 3), lambda: L.RandomZoom(0.1)),
    "ReLU": ((6, 4), lambda: L.ReLU(4.0, 0.1, 0.5)),
    "RepeatVector": ((6,), lambda: L.RepeatVector(3)),
    "Rescaling": ((8, 8, 3), lambda: L.Rescaling(1 / 255)),
    "Reshape": ((6, 4), lambda: L.Reshape((8, 3))),
    "Resizing": ((8, 8, 3), lambda: L.Resizing(5, 4)),
    "SeparableConv1D": ((7, 4), lambda: L.SeparableConv1D(3, 2, depth_multiplier=2)),
    "SeparableConv2D": ((7, 6, 4), lambda: L.SeparableConv2D(3, 2, strides=2, use_bias=False)),
    "Softmax": ((3, 6, 4), lambda: L.Softmax(axis=[2, 3])),
    "SpatialDropout1D": ((7, 4), lambda: L.SpatialDropout1D(0.2)),
    "SpatialDropout2D": ((7, 6, 4), lambda: L.SpatialDropout2D(0.2)),
    "SpatialDropout3D": ((4, 5, 4, 2), lambda: L.SpatialDropout3D(0.2)),
    "SpectralNormalization": ((7, 6, 4), lambda: L.SpectralNormalization(L.Conv2D(3, 2))),
    "TimeDistributed": ((3, 7, 6, 4), lambda: L.TimeDistributed(L.Conv2D(3, 2))),
    "UnitNormalization": ((5, 6), lambda: L.UnitNormalization()),
    "UpSampling1D": ((7, 4), lambda: L.UpSampling1D(3)),
    "UpSampling2D": ((7, 6, 4), lambda: L.UpSampling2D((3, 1))),
    "UpSampling3D": ((4, 5, 4, 2), lambda: L.UpSampling3D(2)),
    "ZeroPadding1D": ((7, 4), lambda: L.ZeroPadding1D(1)),
    "ZeroPadding2D": ((7, 6, 4), lambda: L.ZeroPadding2D(1)),
    "ZeroPadding3D": ((4, 5, 4, 2), lambda: L.ZeroPadding3D(1)),
}

#: The same for layers that take two tensors.
MERGING: dict[str, tuple[tuple[int, ...], tuple[int, ...], Callable[[], Any]]] = {
    "Add": ((5, 4), (1, 4), lambda: L.Add()),
    "AdditiveAttention": ((5, 4), (6, 4), lambda: L.AdditiveAttention()),
    "Attention": ((5, 4), (6, 4), lambda: L.Attention(use_scale=True, score_mode="concat")),
    "Average": ((5, 4), (5, 1), lambda: L.Average()),
    "Concatenate": ((5, 4), (5, 3), lambda: L.Concatenate()),
    "Dot": ((5, 4), (4, 3), lambda: L.Dot((2, 1), normalize=True)),
    "Maximum": ((5, 4), (4,), lambda: L.Maximum()),
    "Minimum": ((5, 1), (1, 4), lambda: L.Minimum()),
    "Multiply": ((5, 4), (5, 4), lambda: L.Multiply()),
    "Subtract": ((5, 4), (5, 4), lambda: L.Subtract()),
}

#: What is recorded of operations on ``a`` of shape (5, 4) and ``b`` of shape (5, 4).
OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "Absolute": lambda a, b: keras.ops.absolute(a),
    "Add": lambda a, b: a + 1.0,
    "All": lambda a, b: keras.ops.all(keras.ops.cast(a, "bool"), axis=1),
    "Any": lambda a, b: keras.ops.any(keras.ops.cast(a, "bool"), axis=1),
    "Cast": lambda a, b: keras.ops.cast(a, "int32"),
    "Clip": lambda a, b: keras.ops.clip(a, 0.0, 1.0),
    "Concatenate": lambda a, b: keras.ops.concatenate([a, b]),
    "Cos": lambda a, b: keras.ops.cos(a),
    "Divide": lambda a, b: keras.ops.divide(a, b),
    "Elu": lambda a, b: keras.ops.elu(a),
    "Equal": lambda a, b: keras.ops.equal(a, b),
    "Exp": lambda a, b: keras.ops.exp(a),
    "ExpandDims": lambda a, b: keras.ops.expand_dims(a, 1),
    "Flip": lambda a, b: keras.ops.flip(a, 1),
    "GetItem": lambda a, b: a[:, 1:],
    "Greater": lambda a, b: a > b,
    "GreaterEqual": lambda a, b: a >= b,
    "HardSigmoid": lambda a, b: keras.ops.hard_sigmoid(a),
    "Less": lambda a, b: a < b,
    "LessEqual": lambda a, b: a <= b,
    "Log": lambda a, b: keras.ops.log(a),
    "Matmul": lambda a, b: keras.ops.matmul(a, keras.ops.transpose(b, (0, 2, 1))),
    "Max": lambda a, b: keras.ops.max(a, axis=1),
    "Maximum": lambda a, b: keras.ops.maximum(a, b),
    "Mean": lambda a, b: keras.ops.mean(a, axis=1),
    "Min": lambda a, b: keras.ops.min(a, axis=1),
    "Minimum": lambda a, b: keras.ops.minimum(a, b),
    "Multiply": lambda a, b: a * b[:, :1],
    "Negative": lambda a, b: -a,
    "NotEqual": lambda a, b: keras.ops.not_equal(a, b),
    "Pad": lambda a, b: keras.ops.pad(a, ((0, 0), (1, 1), (0, 0))),
    "Power": lambda a, b: a**2,
    "Reciprocal": lambda a, b: keras.ops.reciprocal(a),
    "Relu": lambda a, b: keras.ops.relu(a),
    "Relu6": lambda a, b: keras.ops.relu6(a),
    "Reshape": lambda a, b: keras.ops.reshape(a, (-1, 20)),
    "Rsqrt": lambda a, b: keras.ops.rsqrt(a),
    "Sigmoid": lambda a, b: keras.ops.sigmoid(a),
    "Silu": lambda a, b: keras.ops.silu(a),
    "Sin": lambda a, b: keras.ops.sin(a),
    "Softmax": lambda a, b: keras.ops.softmax(a),
    "Softplus": lambda a, b: keras.ops.softplus(a),
    "Split": lambda a, b: keras.ops.split(a, 2, axis=-1)[0],
    "Sqrt": lambda a, b: keras.ops.sqrt(a),
    "Square": lambda a, b: keras.ops.square(a),
    "Squeeze": lambda a, b: keras.ops.squeeze(a[:, :1], 1),
    "Stack": lambda a, b: keras.ops.stack([a, b], axis=1),
    "Std": lambda a, b: keras.ops.std(a, axis=1),
    "Subtract": lambda a, b: 1.0 - a,
    "Sum": lambda a, b: keras.ops.sum(a, axis=-1),
    "Swapaxes": lambda a, b: keras.ops.swapaxes(a, 1, 2),
    "Tanh": lambda a, b: keras.ops.tanh(a),
    "Tile": lambda a, b: keras.ops.tile(a, (1, 2, 1)),
    "Transpose": lambda a, b: keras.ops.transpose(a, (0, 2, 1)),
    "TrueDivide": lambda a, b: a / b,
    "Var": lambda a, b: keras.ops.var(a, axis=1),
    "Where": lambda a, b: keras.ops.where(keras.ops.cast(a, "bool"), a, b),
}


#: Each rule's case, as :func:`build` takes it, by a name of its own: some operations are called as layers are.
CASES_OF_RULES = {
    **{name: (name, False) for name in (*LAYERS, *MERGING)},
    **{f"ops.{name}": (name, True) for name in OPERATIONS},
}
PROFILED = Path(__file__).with_name("operation_counts.json")
#: Of the parity suite's models those in which the profiler sees one step of a loop.
RECURRENT = {"lstm", "gru", "lstm_with_state", "bidirectional"}


def build(name: str, operation: bool) -> Any:
    """The model for the rule of this *name*."""
    if operation:
        a, b = keras.Input((5, 4)), keras.Input((5, 4))
        return keras.Model([a, b], OPERATIONS[name](a, b))
    if name in MERGING:
        one, other, layer = MERGING[name]
        inputs = [keras.Input(one), keras.Input(other)]
        return keras.Model(inputs, layer()(inputs))
    shape, layer = LAYERS[name]
    i = keras.Input(shape)
    return keras.Model(i, layer()(i))


def _on(shape: tuple[int, ...], layer: Callable[[], Any]) -> Callable[[], Any]:
    def make() -> Any:
        i = keras.Input(shape)
        return keras.Model(i, layer()(i))

    return make


def _on_two(one: tuple[int, ...], other: tuple[int, ...], layer: Callable[[], Any]) -> Callable[[], Any]:
    def make() -> Any:
        inputs = [keras.Input(one), keras.Input(other)]
        return keras.Model(inputs, layer()(inputs))

    return make


def _heads(causal: bool = False, **given: Any) -> Callable[[], Any]:
    """Attention of several heads to other values by other keys."""

    def make() -> Any:
        query, value, key = keras.Input((5, 4)), keras.Input((6, 3)), keras.Input((6, 2))
        layer = L.MultiHeadAttention(2, 3, **given)
        return keras.Model([query, value, key], layer(query, value, key, use_causal_mask=causal))

    return make


#: What the options of a layer change, where one model for its rule does not show it.
OPTIONS: dict[str, Callable[[], Any]] = {
    "Dense, no bias": _on((5, 4), lambda: L.Dense(7, use_bias=False)),
    "Dense, activation counted": _on((5, 4), lambda: L.Dense(7, activation="hard_silu")),
    "Conv1D, no bias": _on((7, 4), lambda: L.Conv1D(3, 2, use_bias=False)),
    "Conv2D, dilated": _on((9, 8, 4), lambda: L.Conv2D(3, 2, dilation_rate=(2, 3))),
    "DepthwiseConv2D, dilated": _on((9, 8, 4), lambda: L.DepthwiseConv2D(2, dilation_rate=2, depth_multiplier=3)),
    "DepthwiseConv1D, no bias": _on((7, 4), lambda: L.DepthwiseConv1D(3, use_bias=False)),
    "SeparableConv2D, dilated": _on((9, 8, 4), lambda: L.SeparableConv2D(3, 2, dilation_rate=2, depth_multiplier=3)),
    "Conv2DTranspose, no bias": _on((5, 6, 4), lambda: L.Conv2DTranspose(3, 2, strides=(2, 1), use_bias=False)),
    "Conv3DTranspose, no bias": _on((5, 6, 6, 2), lambda: L.Conv3DTranspose(3, 2, use_bias=False)),
    "EinsumDense, matrices": _on((5,), lambda: L.EinsumDense("ab,bc->ac", output_shape=3)),
    "EinsumDense, two axes": _on((5, 4, 3), lambda: L.EinsumDense("qrst,stu->qru", output_shape=(5, 2), bias_axes="u")),
    "ReLU": _on((6, 4), lambda: L.ReLU()),
    "ReLU, slope": _on((6, 4), lambda: L.ReLU(negative_slope=0.1)),
    "ReLU, to 6": _on((6, 4), lambda: L.ReLU(6.0)),
    "ReLU, to 5": _on((6, 4), lambda: L.ReLU(5.0)),
    "ReLU, from 1": _on((6, 4), lambda: L.ReLU(threshold=1.0)),
    "ReLU, from 1 to 6": _on((6, 4), lambda: L.ReLU(6.0, threshold=1.0)),
    "ReLU, slope, from 1": _on((6, 4), lambda: L.ReLU(negative_slope=0.1, threshold=1.0)),
    "ReLU, slope, to 6": _on((6, 4), lambda: L.ReLU(6.0, negative_slope=0.1)),
    "ELU, 1": _on((6, 4), lambda: L.ELU(1.0)),
    "PReLU": _on((6, 4), lambda: L.PReLU()),
    "Softmax, last axis": _on((6, 4), lambda: L.Softmax()),
    "Softmax, last axis by number": _on((6, 4), lambda: L.Softmax(axis=2)),
    "Softmax, first axis": _on((6, 4), lambda: L.Softmax(axis=1)),
    "Softmax, first axis from behind": _on((6, 4), lambda: L.Softmax(axis=-2)),
    "Softmax, one axis in a list": _on((6, 4), lambda: L.Softmax(axis=[2])),
    "Softmax, three axes": _on((3, 6, 4), lambda: L.Softmax(axis=(1, 2, 3))),
    "BatchNormalization, no scale": _on((7, 6, 4), lambda: L.BatchNormalization(scale=False)),
    "BatchNormalization, first axis": _on((7, 6, 4), lambda: L.BatchNormalization(axis=1, center=False)),
    "LayerNormalization, no scale": _on((5, 6), lambda: L.LayerNormalization(scale=False)),
    "LayerNormalization, no center": _on((5, 6), lambda: L.LayerNormalization(center=False)),
    "LayerNormalization, two axes": _on((5, 6, 2), lambda: L.LayerNormalization(axis=(1, 2), scale=False)),
    "GroupNormalization, no scale": _on((4, 4, 6), lambda: L.GroupNormalization(3, scale=False)),
    "GroupNormalization, no center": _on((4, 4, 6), lambda: L.GroupNormalization(2, center=False)),
    "UnitNormalization, two axes": _on((5, 6, 2), lambda: L.UnitNormalization(axis=(1, 2))),
    "Attention": _on_two((5, 4), (6, 4), lambda: L.Attention()),
    "Attention, scaled": _on_two((5, 4), (6, 4), lambda: L.Attention(use_scale=True)),
    "Attention, concat": _on_two((5, 4), (6, 4), lambda: L.Attention(score_mode="concat")),
    "MultiHeadAttention": _heads(),
    "MultiHeadAttention, no bias": _heads(use_bias=False),
    "MultiHeadAttention, wide values": _heads(value_dim=5),
    "MultiHeadAttention, dropout": _heads(dropout=0.1, value_dim=5),
    "MultiHeadAttention, dropout, causal": _heads(dropout=0.1, causal=True),
    "Dot": _on_two((5, 4), (3, 4), lambda: L.Dot(2)),
    "Dot, from behind": _on_two((5, 4), (3, 4), lambda: L.Dot(-1, normalize=True)),
    "Add, of other ranks": _on_two((5, 4, 3), (4, 1), lambda: L.Add()),
    "UpSampling2D, bilinear": _on((7, 6, 4), lambda: L.UpSampling2D(2, interpolation="bilinear")),
    "Normalization, one axis": _on((7, 6, 4), lambda: L.Normalization(axis=-1, mean=[1.0] * 4, variance=[2.0] * 4)),
    "ops.softmax, first axis": _on((6, 4), lambda: lambda x: keras.ops.softmax(x, axis=1)),
    "ops.sum, two axes": _on((6, 4, 2), lambda: lambda x: keras.ops.sum(x, axis=(1, 2))),
    **{f"Activation, {name}": _on((6, 4), lambda name=name: L.Activation(name)) for name in ACTIVATIONS if name},
}


def profiled(model: Any) -> int:
    """The count of TensorFlow's profiler."""
    from wandb_keras_compat.backends.tensorflow.flops import float_operations

    return float_operations(model, model.inputs)


if __name__ == "__main__":
    models = {name: case for name, case in {**CASES, **LEGACY_WRONG}.items() if name not in RECURRENT}
    counts = {
        "rules": {key: profiled(build(*case)) for key, case in CASES_OF_RULES.items()},
        "options": {name: profiled(make()) for name, make in OPTIONS.items()},
        "models": {name: profiled(case.build()) for name, case in models.items()},
    }
    PROFILED.write_text(json.dumps(counts, indent=1) + "\n", encoding="utf-8")
