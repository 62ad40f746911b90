"""Functional models drawn by hypothesis: a chain of layers, some of them applied twice, in branches or nested."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from .conftest import keras

L = keras.layers

ACTIVATIONS = [
    "celu", "elu", "exponential", "gelu", "hard_shrink", "hard_sigmoid", "hard_silu", "hard_tanh", "leaky_relu", "linear",
    "log_sigmoid", "log_softmax", "mish", "relu", "relu6", "selu", "sigmoid", "silu", "soft_shrink", "softmax", "softplus",
    "softsign", "sparse_plus", "sparse_sigmoid", "squareplus", "tanh", "tanh_shrink", None,
]  # fmt: skip


def shape_of(tensor: Any) -> tuple[int, ...]:
    return tuple(tensor.shape[1:])


class Drawing:
    """Draws one layer after another; each method gives a tensor, or None where it does not fit."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw

    def one_of(self, *values: Any) -> Any:
        return self.draw(st.sampled_from(values))

    def flag(self) -> bool:
        return bool(self.draw(st.booleans()))

    def activation(self) -> Any:
        return self.draw(st.sampled_from(ACTIVATIONS))

    def window(self, axes: tuple[int, ...], most: int = 3) -> tuple[int, ...]:
        return tuple(self.draw(st.integers(1, min(most, axis))) for axis in axes)

    # --- with weights ----------------------------------------------------------------------------

    def dense(self, x: Any) -> Any:
        return L.Dense(self.draw(st.integers(1, 7)), activation=self.activation(), use_bias=self.flag())(x)

    def einsum_dense(self, x: Any) -> Any:
        axes = shape_of(x)
        if len(axes) > 3:
            return None
        equation, shape, bias = {
            1: ("ab,bc->ac", 3, "c"),
            2: self.one_of(("abc,cde->abde", (axes[0], 2, 3), "de"), ("abc,cd->abd", (axes[0], 7), "d")),
            3: ("abcd,cde->abe", (axes[0], 5), "e"),
        }[len(axes)]
        return L.EinsumDense(equation, output_shape=shape, bias_axes=bias if self.flag() else None)(x)

    def convolution(self, x: Any) -> Any:
        axes = shape_of(x)[:-1]
        if not 1 <= len(axes) <= 3:
            return None
        name = self.one_of("Conv", "Depthwise", "Separable", "Transpose")
        if len(axes) == 3 and name in ("Depthwise", "Separable"):
            return None
        kernel, padding = self.window(axes), self.one_of("valid", "same")
        settings: dict[str, Any] = {"padding": padding, "use_bias": self.flag(), "activation": self.activation()}
        stride = self.one_of(1, 2, 3)
        if name != "Transpose" and stride == 1:
            settings["dilation_rate"] = self.one_of(1, 2, 3) if padding == "same" or max(kernel) == 1 else 1
        if name == "Transpose" and len(axes) == 3 and settings["activation"] is not None:
            settings["activation"] = "relu"  # TensorFlow does not know the shape of what it gives
        n = len(axes)
        filters = self.draw(st.integers(1, 5))
        if name == "Conv":
            return getattr(L, f"Conv{n}D")(filters, kernel, strides=stride, **settings)(x)
        if name == "Transpose":
            return getattr(L, f"Conv{n}DTranspose")(filters, kernel, strides=stride, **settings)(x)
        settings["depth_multiplier"] = self.one_of(1, 2)
        if name == "Depthwise":
            return getattr(L, f"DepthwiseConv{n}D")(kernel, strides=stride, **settings)(x)
        return getattr(L, f"SeparableConv{n}D")(filters, kernel, strides=stride, **settings)(x)

    # --- without ---------------------------------------------------------------------------------

    def pooling(self, x: Any) -> Any:
        axes = shape_of(x)[:-1]
        if not 1 <= len(axes) <= 3:
            return None
        kind = self.one_of("Max", "Average", "GlobalMax", "GlobalAverage")
        layer = getattr(L, f"{kind}Pooling{len(axes)}D")
        if kind.startswith("Global"):
            return layer(keepdims=self.flag())(x)
        return layer(self.window(axes), strides=self.one_of(None, 1, 2), padding=self.one_of("valid", "same"))(x)

    def normalization(self, x: Any) -> Any:
        shape = shape_of(x)
        shift = {"center": self.flag(), "scale": self.flag()}
        axis = self.draw(st.integers(1, len(shape)))
        return self.one_of(
            lambda: L.BatchNormalization(axis=axis, **shift),
            lambda: L.LayerNormalization(axis=self.one_of(-1, axis, [*range(axis, len(shape) + 1)]), **shift),
            lambda: L.GroupNormalization(self.one_of(-1, 1, shape[-1]), **shift),
            lambda: L.UnitNormalization(axis=self.one_of(-1, axis)),
            lambda: L.RMSNormalization(),
        )()(x)

    def activated(self, x: Any) -> Any:
        axis = self.draw(st.integers(1, len(x.shape) - 1))
        return self.one_of(
            lambda: L.Activation(self.activation() or "tanh"),
            lambda: L.ReLU(self.one_of(None, 6.0, 4.0), self.one_of(0.0, 0.1), self.one_of(0.0, 0.5)),
            lambda: L.LeakyReLU(0.2),
            lambda: L.ELU(self.one_of(1.0, 0.5)),
            lambda: L.PReLU(shared_axes=self.one_of(None, [axis])),
            lambda: L.Softmax(axis=self.one_of(-1, axis, axis - len(x.shape))),
        )()(x)

    def moved(self, x: Any) -> Any:
        shape = shape_of(x)
        n = len(shape) - 1
        choices = [
            lambda: L.Flatten(), lambda: L.Reshape((-1, shape[-1])), lambda: L.Dropout(0.5), lambda: L.Identity(),
            lambda: L.Rescaling(0.5, 1.0), lambda: L.GaussianNoise(0.1), lambda: L.Masking(),
            lambda: L.Normalization(axis=self.one_of(-1, None), mean=1.0, variance=2.0, invert=self.flag()),
        ]  # fmt: skip
        if n == 0:
            choices += [lambda: L.RepeatVector(self.draw(st.integers(1, 4)))]
        if 1 <= n <= 3:
            choices += [lambda: getattr(L, f"UpSampling{n}D")(2), lambda: getattr(L, f"ZeroPadding{n}D")(1)]
        if n == 2:
            choices += [
                lambda: L.UpSampling2D(2, interpolation="bilinear"), lambda: L.Resizing(5, 4), lambda: L.RandomFlip(),
                lambda: L.Permute((3, 1, 2)), lambda: L.SpatialDropout2D(0.3),
            ]  # fmt: skip
        return self.draw(st.sampled_from(choices))()(x)

    def merged(self, x: Any) -> Any:
        other = L.Dense(x.shape[-1])(x)
        kind = self.one_of("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate", "Dot")
        if kind == "Dot":
            return L.Dot(len(x.shape) - 1, normalize=self.flag())([x, other]) if len(x.shape) < 4 else None
        more = [] if kind == "Subtract" or self.flag() else [x]
        if len(x.shape) > 2 and self.flag() and kind != "Concatenate":
            other = keras.ops.mean(other, axis=1, keepdims=True)
        return getattr(L, kind)()([x, other, *more])

    def operation(self, x: Any) -> Any:
        y = L.Dense(x.shape[-1])(x)
        ops = keras.ops
        return self.one_of(
            lambda: x + y, lambda: x - 1.0, lambda: 2.0 * x, lambda: x / y, lambda: x**2, lambda: -x, lambda: ops.sigmoid(x),
            lambda: ops.concatenate([x, y]), lambda: ops.mean(x, axis=-1, keepdims=True), lambda: ops.rsqrt(x),
            lambda: ops.sum(x, axis=-1, keepdims=True), lambda: ops.maximum(x, y), lambda: ops.exp(x), lambda: ops.silu(x),
            lambda: ops.softmax(x), lambda: ops.where(x > y, x, y), lambda: ops.reshape(x, (-1, 1, *x.shape[1:])),
            lambda: ops.clip(x, 0.0, 1.0), lambda: ops.square(x), lambda: ops.log(x), lambda: ops.matmul(x, y * 1.0),
            lambda: ops.var(x, axis=-1, keepdims=True), lambda: x[..., :1],
        )() if len(x.shape) == 3 and x.shape[1] == x.shape[2] else self.one_of(lambda: x + y, lambda: ops.abs(x) * y)()  # fmt: skip

    def attention(self, x: Any) -> Any:
        if len(x.shape) != 3:
            return None
        value = L.Dense(x.shape[-1])(L.ZeroPadding1D(1)(x)) if self.flag() else x
        kind = self.one_of("Attention", "AdditiveAttention", "MultiHeadAttention")
        if kind == "MultiHeadAttention":
            layer = L.MultiHeadAttention(
                self.one_of(1, 2), self.one_of(2, 3), value_dim=self.one_of(None, 4), dropout=self.one_of(0.0, 0.1),
                use_bias=self.flag(), output_shape=self.one_of(None, 5),
            )  # fmt: skip
            return layer(x, value, use_causal_mask=self.flag())
        settings = {} if kind == "AdditiveAttention" else {"score_mode": self.one_of("dot", "concat")}
        return getattr(L, kind)(use_scale=self.flag(), **settings)([x, value])

    def in_time(self, x: Any) -> Any:
        if len(x.shape) not in (3, 5):
            return None
        inner = L.Dense(3, activation=self.activation()) if len(x.shape) == 3 else L.Conv2D(3, 1)
        return L.TimeDistributed(inner)(x)

    def nested(self, x: Any) -> Any:
        i = keras.Input(shape_of(x))
        inner = keras.Model(i, self.step(self.dense(i)))
        return inner(inner(x)) if inner.output.shape == x.shape else inner(x)

    def shared(self, x: Any) -> Any:
        layer = L.Dense(x.shape[-1], activation=self.activation())
        return layer(layer(x))

    def step(self, x: Any) -> Any:
        kind = self.one_of(
            "dense", "einsum_dense", "convolution", "pooling", "normalization", "activated", "moved", "merged", "operation",
            "attention", "in_time", "shared",
        )  # fmt: skip
        made = getattr(self, kind)(x)
        return x if made is None else made


def draw_model(draw: Any) -> Any:
    """A functional model with one input of one to four axes, of numbers or of indices.

    Called inside a test, with ``data.draw``, and not as a strategy: Keras asks Python's own generator for seeds.
    """
    drawing = Drawing(draw)
    if draw(st.integers(0, 7)) == 0:
        i = keras.Input((draw(st.integers(1, 6)),), dtype="int32")
        x = L.Embedding(9, draw(st.integers(1, 5)), mask_zero=drawing.flag())(i)
    else:
        axes = [draw(st.integers(3, 6)) for _ in range(draw(st.integers(0, 3)))]
        i = keras.Input((*axes, draw(st.integers(1, 4))))
        x = i
    for _ in range(draw(st.integers(1, 5))):
        x = drawing.nested(x) if draw(st.integers(0, 9)) == 0 else drawing.step(x)
    if x is i:
        x = drawing.dense(x)
    return keras.Model(i, x)
