"""The rule book counts exactly what TensorFlow's profiler counts; where it cannot, it says so with the layer's name.

Where Keras computes without TensorFlow the counts are held to those of the profiler in operation_counts.json, which
``python -m tests.backends.one_of_each`` writes on TensorFlow.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.version import Version

from wandb_keras_compat.backends.operation_counts import Uncountable, activations, count, operations, rules
from wandb_keras_compat.backends.operation_counts.calls import calls_of, keras_class
from wandb_keras_compat.parity.models import CASES, LEGACY_WRONG

from .conftest import FRAMEWORK, beside_tensorflow
from .drawn_models import ACTIVATIONS, L, draw_model, keras
from .one_of_each import CASES_OF_RULES, LAYERS, MERGING, OPERATIONS, OPTIONS, PROFILED, RECURRENT, build, profiled

KERAS_3 = hasattr(keras, "ops")
pytestmark = pytest.mark.skipif(not KERAS_3, reason="the rules are those of Keras 3")
#: Earlier ones write some layers with other operations; there the profiler is asked, and the rules are not used.
EARLIER = KERAS_3 and Version(keras.__version__) < Version("3.15")
measured = pytest.mark.skipif(
    FRAMEWORK != "tensorflow" or EARLIER,
    reason="the profiler is TensorFlow's, and the rules are those of Keras 3.15",
)
of_this_keras = pytest.mark.skipif(FRAMEWORK == "tensorflow" and EARLIER, reason="the rules are those of Keras 3.15")


def described(model: Any) -> list[Any]:
    return [(type(one).__name__, [tensor.shape for node in one._inbound_nodes for tensor in node.input_tensors])
            for one in model.operations]  # fmt: skip


def equal(data: st.DataObject) -> None:
    model = draw_model(data.draw)
    try:
        counted = count(model)
    except Uncountable as reason:
        assert reason.reason == "is given a mask"  # the only thing that is drawn and has no rule
        return
    assert counted == profiled(model), described(model)


@pytest.mark.slow
@measured
def test_every_rule_is_the_profilers() -> None:
    """In one test: it is a hundred small models, and what TensorFlow needs for one is little."""
    known = json.loads(PROFILED.read_text(encoding="utf-8"))
    wrong = {}
    for key, case in CASES_OF_RULES.items():
        model = build(*case)
        found = count(model), profiled(model), known["rules"][key]
        if len(set(found)) > 1:
            wrong[key] = found
    assert wrong == {}
    assert list(known["rules"]) == list(CASES_OF_RULES)


@of_this_keras
def test_every_rule_counts_what_the_profiler_counted() -> None:
    known = json.loads(PROFILED.read_text(encoding="utf-8"))
    assert {key: count(build(*case)) for key, case in CASES_OF_RULES.items()} == known["rules"]


@of_this_keras
def test_the_options_of_a_layer_count_what_the_profiler_counted() -> None:
    known = json.loads(PROFILED.read_text(encoding="utf-8"))
    found = {name: count(make()) for name, make in OPTIONS.items()}
    assert found == known["options"] and {type(number) for number in found.values()} == {int}


@pytest.mark.slow
@measured
def test_the_options_of_a_layer_are_the_profilers() -> None:
    known = json.loads(PROFILED.read_text(encoding="utf-8"))
    assert {name: profiled(make()) for name, make in OPTIONS.items()} == known["options"]


@beside_tensorflow
@pytest.mark.parametrize("name", sorted({*CASES, *LEGACY_WRONG} - RECURRENT))
def test_the_models_of_the_parity_suite_count_what_they_count_on_tensorflow(name: str) -> None:
    known = json.loads(PROFILED.read_text(encoding="utf-8"))
    assert count({**CASES, **LEGACY_WRONG}[name].build()) == known["models"][name]


@measured
def test_every_activation_is_the_profilers() -> None:
    i = keras.Input((6, 4))
    model = keras.Model(i, [L.Activation(name)(i) for name in activations.PER_ELEMENT])
    assert count(model) == profiled(model)
    assert {*activations.PER_ELEMENT, None} == {*ACTIVATIONS}


def test_every_rule_has_its_case() -> None:
    of_applications = {"CustomScaleLayer"}  # of Inception-ResNet, which is judged below
    special = {"SpectralNormalization", "TimeDistributed"}
    assert {*LAYERS, *MERGING} == ({*rules.OF_LAYERS} | special) - of_applications
    assert {*OPERATIONS} == operations.KNOWN


@pytest.mark.slow
@measured
@given(data=st.data())
@settings(max_examples=12)
def test_equals_the_profiler(data: st.DataObject) -> None:
    equal(data)


@measured
@pytest.mark.whole
@given(data=st.data())
@settings(max_examples=600)
def test_equals_the_profiler_on_more_models(data: st.DataObject) -> None:
    equal(data)


@measured
@pytest.mark.parametrize("name", sorted({*CASES, *LEGACY_WRONG} - RECURRENT))
def test_equals_the_profiler_on_the_models_of_the_parity_suite(name: str) -> None:
    model = {**CASES, **LEGACY_WRONG}[name].build()
    known = json.loads(PROFILED.read_text(encoding="utf-8"))
    assert count(model) == profiled(model) == known["models"][name]


@measured
@pytest.mark.whole
@pytest.mark.parametrize(
    ("name", "side"),
    [
        ("DenseNet121", 32), ("EfficientNetB0", 32), ("EfficientNetV2B0", 32), ("InceptionResNetV2", 75),
        ("InceptionV3", 75), ("MobileNet", 32), ("MobileNetV2", 32), ("MobileNetV3Small", 32), ("NASNetMobile", 32),
        ("ResNet50", 32), ("ResNet50V2", 32), ("VGG16", 32), ("Xception", 71),
    ],
)  # fmt: skip
def test_equals_the_profiler_on_models_that_people_know(name: str, side: int) -> None:
    model = getattr(keras.applications, name)(weights=None, input_shape=(side, side, 3))
    assert count(model) == profiled(model)


def test_a_known_figure() -> None:
    """Written down, so that it stands where TensorFlow is not: measured with TensorFlow 2.21."""
    model = keras.applications.MobileNetV2(weights=None, input_shape=(32, 32, 3))
    assert count(model) == 15_170_864


# --- what has no rule ----------------------------------------------------------------------------------------


class Doubles(L.Layer):
    def call(self, x: Any) -> Any:
        return x * 2


class WideDense(L.Dense):
    def call(self, x: Any) -> Any:
        return super().call(x) + super().call(x)


class NamedDense(L.Dense):
    """Computes what Dense does."""


class OwnModel(keras.Model):
    def call(self, x: Any) -> Any:
        return super().call(x) * 2


class OwnTraining(keras.Model):
    def train_step(self, *args: Any) -> Any:
        return super().train_step(*args)


class Subclassed(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.d = L.Dense(2)

    def call(self, x: Any) -> Any:
        return self.d(x)


def functional(layer: Callable[[Any], Any], *shape: int | None, kind: Any = keras.Model) -> Any:
    i = keras.Input(shape)
    return kind(i, layer(i))


def attended(layer: Any, *shape: int, **given: Any) -> Any:
    query, value = keras.Input(shape), keras.Input(shape)
    inputs = (query, value) if isinstance(layer, L.MultiHeadAttention) else ([query, value],)
    return keras.Model([query, value], layer(*inputs, **given))


def masked() -> Any:
    i = keras.Input((5, 3))
    return keras.Model(i, L.GlobalAveragePooling1D()(L.Masking()(i)))


def nested_in_another_size() -> Any:
    inner = functional(L.Conv2D(3, 1), None, None, 2)
    return functional(inner, 4, 4, 2)


def subclassed() -> Any:
    model = Subclassed()
    model(np.zeros((1, 3), "float32"))
    return model


@pytest.mark.parametrize(
    ("build", "layer", "reason"),
    [
        (lambda: functional(Doubles(name="mine"), 4), "mine", "a call of its own, in Doubles"),
        (lambda: functional(WideDense(3, name="mine"), 4), "mine", "a call of its own, in WideDense"),
        (lambda: functional(L.Lambda(lambda x: x * 2, name="double"), 4), "double", "code of the program's own"),
        (lambda: functional(L.Dense(3, activation=lambda x: x * 2, name="d"), 4), "d", "activation of the program's own"),
        (lambda: functional(L.Dense(4, activation="glu", name="d"), 4), "d", "glu"),
        (lambda: functional(L.LSTM(4, name="l"), 5, 3), "l", "is recurrent"),
        (lambda: functional(L.Bidirectional(L.GRU(4), name="b"), 5, 3), "b", "is recurrent"),
        (lambda: functional(L.TimeDistributed(L.LSTM(4, name="l")), 2, 5, 3), "l", "is recurrent"),
        (lambda: functional(L.Conv2D(4, 2, groups=2, name="c"), 5, 5, 4), "c", "has groups"),
        (lambda: functional(L.Conv1D(4, 2, name="c"), None, 4), "c", "known only when data comes"),
        (lambda: functional(L.EinsumDense("abc,bd->acd", output_shape=(4, 7), name="e"), 5, 4), "e", "abc,bd->acd"),
        (lambda: functional(lambda x: keras.ops.cumsum(x, axis=1), 5), "cumsum", "no rule"),
        (lambda: functional(L.Dense(3), 4, kind=OwnModel), "", "a call of its own, in OwnModel"),
        (subclassed, "subclassed", "is no Sequential and no functional model"),
        (lambda: keras.Sequential([L.Dense(3)], name="later"), "later", "is no Sequential and no functional model"),
        (lambda: attended(L.Attention(name="a"), 5, 4, return_attention_scores=True), "a", "for its scores"),
        (lambda: attended(L.AdditiveAttention(name="a"), 5, 4, use_causal_mask=True), "a", "with a mask"),
        (lambda: attended(L.MultiHeadAttention(2, 3, name="m"), 5, 4, return_attention_scores=True), "m", "for its scores"),
        (lambda: attended(L.MultiHeadAttention(2, 3, name="m"), 3, 5, 4), "m", "on other than three axes"),
        (lambda: functional(L.Lambda(lambda x: x, output_shape=(None,), name="grows"), 4), "grows", "known only when"),
        (masked, "global_average_pooling1d", "is given a mask"),
        (nested_in_another_size, "functional", "known only when data comes"),
    ],
)  # fmt: skip
def test_what_has_no_rule_is_named(build: Callable[[], Any], layer: str, reason: str) -> None:
    with pytest.raises(Uncountable, match=reason) as caught:
        count(build())
    assert caught.value.layer.startswith(layer)
    assert caught.value.layer in str(caught.value)


def test_a_model_that_is_called_on_other_shapes_than_it_was_made_for_is_named() -> None:
    model = keras.Sequential([keras.Input((4,)), L.Dense(3)], name="inner")
    assert len(list(calls_of(model, [(1, 4)]))) == 1
    with pytest.raises(Uncountable, match=r"was made for inputs of shape \[\(1, 4\)\] and is called on") as caught:
        list(calls_of(model, [(1, 5)]))
    assert caught.value.layer == "inner"


def test_the_class_of_keras_that_computes_is_known_with_its_kind() -> None:
    assert keras_class(L.Dense(1)) == keras_class(NamedDense(1)) == ("layer", "Dense")
    model = functional(lambda x: x + 1, 4)
    assert keras_class(model.operations[-1]) == ("operation", "Add")


@pytest.mark.parametrize(
    "build",
    [
        lambda: functional(NamedDense(3), 4),
        lambda: functional(L.Dense(3), 4, kind=OwnTraining),
        lambda: keras.Sequential([keras.Input((4,)), L.Dense(3)]),
        lambda: functional(L.SpectralNormalization(L.Dense(3)), 4),
    ],
)
def test_what_a_class_of_the_user_leaves_as_it_is_is_counted(build: Callable[[], Any]) -> None:
    assert count(build()) == 2 * 4 * 3 + 3
