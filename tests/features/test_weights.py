"""``log_weights``: which layers, under which keys, and what the histograms hold."""

from __future__ import annotations

from typing import Any
from unittest import mock

import numpy as np
import wandb
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from wandb_keras_compat.features import histogram as module
from wandb_keras_compat.features.histogram import float64_histogram, histogram

from ..builders import callback, fit, keras, layers
from ..conftest import Observed


def test_quirk_09_layers_of_one_or_two_arrays_and_no_others(observed: Observed) -> None:
    model = keras.Sequential(
        [
            layers.Input((4,)),
            layers.Dense(3, name="two"),
            layers.LayerNormalization(name="gamma_beta"),
            layers.BatchNormalization(name="four"),
            layers.Dropout(0.5, name="none"),
            keras.Sequential([layers.Input((3,)), layers.Dense(2)], name="nested"),
            layers.Dense(2, use_bias=False, name="one"),
        ]
    )
    model.compile("sgd", "mse", run_eagerly=True)
    fit(model, callback(log_weights=True), data=(np.ones((4, 4)), np.ones((4, 2))))
    both = {f"parameters/{name}.{part}" for name in ("two", "gamma_beta", "nested") for part in ("weights", "bias")}
    assert {key for key in observed.rows[0] if "/" in key} == both | {"parameters/one.weights"}
    assert all(isinstance(v, wandb.Histogram) for k, v in observed.rows[0].items() if "/" in k)
    kernel = model.get_layer("two").get_weights()[0]
    logged = observed.rows[0]["parameters/two.weights"]
    assert len(logged.histogram) == 64
    assert np.sum(logged.histogram) == kernel.size
    np.testing.assert_allclose([logged.bins[0], logged.bins[-1]], [kernel.min(), kernel.max()], rtol=1e-6)


FLOATS = arrays.arrays(st.sampled_from(["float32", "float64", "float16"]), arrays.array_shapes(max_dims=2, max_side=12))


@given(values=FLOATS)
def test_a_histogram_in_parts_is_that_of_all_as_float64(values: Any) -> None:
    said: list[tuple[str, str]] = []
    with np.errstate(all="ignore"), mock.patch.object(module, "PART", 5):
        made = float64_histogram("gradients/d", values, lambda *words: said.append(words))
        in_parts = len(said)
        whole = histogram("gradients/d", values.astype(np.float64), lambda *words: said.append(words))
    assert said[:in_parts] == said[in_parts:]
    assert (made and (made.histogram, made.bins)) == (whole and (whole.histogram, whole.bins))


VALUES = arrays.arrays(
    st.sampled_from(["float32", "float64", "float16", "int64"]),
    arrays.array_shapes(max_dims=3, max_side=5, min_side=0),
    elements=None,
)


@given(values=VALUES)
def test_quirk_32_a_histogram_holds_every_finite_number_and_says_what_it_left_out(values: Any) -> None:
    said: list[str] = []
    with np.errstate(all="ignore"):  # the widest ranges there are overflow on the way to 64 bins
        made = histogram("parameters/d.bias", values, lambda message, key: said.append(message))
    finite = values[np.isfinite(values)]
    assert (made is None) == (finite.size == 0)
    if made is not None:
        assert np.sum(made.histogram) == finite.size
    dropped = values.size - finite.size
    assert len(said) == (1 if dropped else 0)
    if dropped:
        assert "parameters/d.bias" in said[0]
        assert f"{dropped} of {values.size} values" in said[0]


def test_quirk_32_text_in_a_layer_is_named_and_left_out() -> None:
    said: list[str] = []
    assert histogram("parameters/d.weights", np.array(["a"]), lambda message, key: said.append(message)) is None
    assert len(said) == 1
    assert said[0].startswith("Non-numeric values found in layer: ")
