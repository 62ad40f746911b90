"""What stands in for the functions that tf_keras has removed or changed."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from wandb_keras_compat.hook import keras_served


class Plain:
    """A recurrent layer, as far as its arguments."""

    def __init__(self, *given: Any, **named: Any) -> None:
        self.given, self.named = given, named


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Any:
    layers = ModuleType("tf_keras.layers")
    vars(layers).update(LSTM=type("LSTM", (Plain,), {}), GRU=type("GRU", (Plain,), {}))
    monkeypatch.setitem(sys.modules, "tf_keras", ModuleType("tf_keras"))
    monkeypatch.setitem(sys.modules, "tf_keras.layers", layers)
    keras_served.value.cache_clear()
    yield layers
    keras_served.value.cache_clear()


def test_a_cudnn_layer_is_the_plain_one_with_its_arguments_in_their_old_order(served: Any) -> None:
    made = keras_served.cudnn_layers()
    assert list(made) == ["CuDNNLSTM", "CuDNNGRU"]
    lstm = made["CuDNNLSTM"](4, "k", "r", "b", False, "kr", return_sequences=True)
    assert type(lstm) is served.LSTM and lstm.given == ()
    assert lstm.named == {
        "units": 4, "kernel_initializer": "k", "recurrent_initializer": "r", "bias_initializer": "b",
        "unit_forget_bias": False, "kernel_regularizer": "kr", "return_sequences": True,
    }  # fmt: skip
    gru = made["CuDNNGRU"](4, "k", "r", "b", "kr", "rr", "br", "ar", "kc", "rc", "bc", True, True)
    assert type(gru) is served.GRU
    assert gru.named == {
        "units": 4, "kernel_initializer": "k", "recurrent_initializer": "r", "bias_initializer": "b",
        "kernel_regularizer": "kr", "recurrent_regularizer": "rr", "bias_regularizer": "br", "activity_regularizer": "ar",
        "kernel_constraint": "kc", "recurrent_constraint": "rc", "bias_constraint": "bc", "return_sequences": True,
        "return_state": True, "reset_after": True,
    }  # fmt: skip


def test_a_cudnn_layer_can_be_subclassed_and_is_one_object(served: Any) -> None:
    kind = keras_served.value("CuDNNLSTM")
    assert kind is keras_served.value("CuDNNLSTM") and issubclass(kind, served.LSTM)
    assert (kind.__name__, kind.__module__) == ("CuDNNLSTM", keras_served.__name__)
    mine = type("Mine", (kind,), {})(3)
    assert type(mine).__name__ == "Mine" and mine.given == (3,)


def test_any_other_name_is_one_of_the_backend(served: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    backend = ModuleType("wandb_keras_compat.hook.keras_backend")
    vars(backend)["is_tensor"] = len
    monkeypatch.setitem(sys.modules, backend.__name__, backend)
    assert keras_served.value("is_tensor") is len


@pytest.mark.parametrize(
    ("probabilities", "classes"),
    [
        ([[0.1, 0.9], [0.6, 0.4]], [1, 0]),
        ([[0.2], [0.5], [0.51]], [[0], [0], [1]]),
        ([[0.2, 0.3, 0.5]], [2]),
        ([[[0.2], [0.7]]], [[[0], [1]]]),
    ],
)
def test_the_class_is_the_likeliest_or_whether_the_only_output_is_above_one_half(
    probabilities: Any, classes: Any
) -> None:
    asked: list[Any] = []

    def predict(*given: Any, **named: Any) -> Any:
        asked.append((given, named))
        return np.array(probabilities)

    model = SimpleNamespace(predict=predict)
    assert keras_served.METHODS["predict_classes"](model, "x").tolist() == classes
    assert keras_served.METHODS["predict_proba"](model, "x", 2, 1, steps=3).tolist() == probabilities
    keras_served.predict_classes(model, "x", 4, 1, workers=2)
    assert asked == [
        (("x",), {"batch_size": None, "verbose": 0}),
        (("x",), {"batch_size": 2, "verbose": 1, "steps": 3}),
        (("x",), {"batch_size": 4, "verbose": 1, "workers": 2}),
    ]


def test_an_optimizer_by_name_is_the_edition_with_lr_unless_the_program_says_otherwise() -> None:
    get = keras_served.getting_legacy(lambda identifier, **named: (identifier, named))
    assert get("adam") == ("adam", {"use_legacy_optimizer": True})
    assert get("SGD", use_legacy_optimizer=False) == ("SGD", {"use_legacy_optimizer": False})
    assert get("lion") == ("lion", {})
    assert get(1, a=2) == (1, {"a": 2})


@pytest.mark.parametrize(
    ("metric", "name"),
    [
        ("accuracy", "acc"), ("Acc", "acc"), ("crossentropy", "ce"), ("cosine", "cosine_proximity"),
        ("mse", "mean_squared_error"), (len, "as made"),
    ],
)  # fmt: skip
def test_metrics_by_name_are_logged_as_keras_2_2_named_them(metric: Any, name: str) -> None:
    def mean_squared_error() -> None: ...

    get = keras_served.metrics_as_in_2_2(lambda *_: SimpleNamespace(_fn=mean_squared_error, _name="as made"))
    assert get("self", metric, "y_t", "y_p")._name == name


def test_a_metric_without_a_function_keeps_its_name() -> None:
    get = keras_served.metrics_as_in_2_2(lambda *given: SimpleNamespace(_name=given))
    assert get("self", "acc", "y_t", "y_p")._name == ("self", "acc", "y_t", "y_p")
    nameless = keras_served.metrics_as_in_2_2(lambda *given: SimpleNamespace(_fn=object(), _name="as made"))
    assert nameless("self", "MSE", "y_t", "y_p")._name == "MSE"


def test_no_workers_are_as_good_as_some() -> None:
    def check(name: str, value: Any) -> Any:
        if value <= 0:
            raise ValueError(f"`{name}` must be a positive integer")
        return value + 1

    checked = keras_served.taking_no_workers(check)
    assert (checked("workers", 0), checked("workers", 3)) == (0, 4)
    for name, value in (("workers", -1), ("max_queue_size", 0)):
        with pytest.raises(ValueError, match=name):
            checked(name, value)
