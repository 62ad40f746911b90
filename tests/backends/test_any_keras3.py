"""What is read off a model of Keras 3 on any framework, and what is put back into it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from wandb_keras_compat.backends.common.keras3 import AnyKeras3, preserved, recurrent_states, seed_variables, value_of

from .conftest import keras, on_keras_3

pytestmark = on_keras_3
layers = keras.layers


class Backend(AnyKeras3):
    def preserved_states(self, model: Any) -> Any:
        return super().preserved_states(model)


@pytest.fixture
def backend() -> Any:
    return Backend(keras)


def two_calls() -> tuple[Any, Any, Any]:
    """A model that calls one layer twice and another on its sum, and both layers."""
    given, shared, last = keras.Input((3,), name="given"), layers.Dense(3, name="shared"), layers.Dense(1, name="last")
    return keras.Model(given, last(shared(given) + shared(shared(given)))), shared, last


def test_a_layer_has_its_name_its_class_and_the_number_of_its_parameters(backend: Any) -> None:
    model, _, last = two_calls()
    facts = {each.name: each for each in backend.graph_layers(model)}
    assert (facts["shared"].class_name, facts["shared"].num_parameters) == ("Dense", 12)
    assert (facts["last"].num_parameters, facts["last"].output_shape) == (4, [None, 1])
    assert facts["given"].output_shape == [[None, 3]] and facts["given"].num_parameters == 0
    assert [name for name in facts if name.startswith("add")], "an operation is in the graph as well"
    assert facts["last"].layer is last


def test_each_call_of_a_layer_in_this_model_names_where_its_inputs_come_from(backend: Any) -> None:
    model, shared, last = two_calls()
    last(keras.Input((3,)))  # a call that is no part of the model
    calls = lambda layer: [
        [source.name for source in sources] for sources in backend.layer_calls(model, SimpleNamespace(layer=layer))
    ]
    assert sorted(calls(shared)) == [["given"], ["given"], ["shared"]]
    ((source,),) = calls(last)
    assert source.startswith("add")


def test_executions_are_of_one_batch_unless_the_model_says_otherwise(backend: Any) -> None:
    for model, steps in ((SimpleNamespace(), 1), (SimpleNamespace(steps_per_execution=None), 1)):
        assert backend.steps_per_execution(model) == steps
    assert backend.steps_per_execution(SimpleNamespace(steps_per_execution=np.int64(3))) == 3
    assert backend.floatx() == keras.config.floatx()


def test_a_loss_may_be_compiled_added_or_computed_by_the_model_itself(backend: Any) -> None:
    class Own(keras.Model):
        def compute_loss(self, *given: Any, **named: Any) -> Any:
            return 0.0

    def kinds(kind: Any) -> Any:
        given = keras.Input((3,))
        return kind(given, layers.Dense(1)(given))

    with pytest.raises(ValueError, match="compiled without a loss and adds none"):
        backend.check_loss(kinds(keras.Model))
    backend.check_loss(kinds(Own))
    compiled = kinds(keras.Model)
    compiled.compile("sgd", "mse")
    backend.check_loss(compiled)


def test_recurrent_states_are_found_however_they_are_held_and_each_once() -> None:
    one, two, three, four = (object() for _ in range(4))
    held = [
        SimpleNamespace(states=[one, None]), SimpleNamespace(states={"a": two, "b": (three, [one])}),
        SimpleNamespace(states=four), SimpleNamespace(), SimpleNamespace(states=None),
    ]  # fmt: skip
    assert recurrent_states(held) == [one, two, three, four]


def test_variables_have_their_values_back_whatever_happens() -> None:
    one, two = keras.Variable(np.ones(2)), keras.Variable(2.0)
    value = value_of(one)
    with pytest.raises(ZeroDivisionError), preserved([one, two]):
        one.assign([5.0, 6.0])
        two.assign(7.0)
        _ = 1 // 0
    assert (value_of(one).tolist(), float(value_of(two))) == ([1.0, 1.0], 2.0)
    assert value.tolist() == [1.0, 1.0]


def test_seeds_of_a_model_and_of_keras_are_put_back(backend: Any) -> None:
    given = keras.Input((3,))
    model = keras.Model(given, layers.GaussianNoise(0.1)(layers.Dropout(0.5)(given)))
    keras.random.normal((1,))  # Keras has a generator of its own from the first use on
    seeds = seed_variables(model)
    assert len(seeds) == len({id(seed) for seed in seeds}) == 3
    before = AnyKeras3.random_state(backend, model)
    values = [value_of(seed).tolist() for seed in seeds]
    assert [value.tolist() for _, value in before] == values
    for seed in seeds:
        seed.assign(value_of(seed) + 1)
    assert [value_of(seed).tolist() for seed in seeds] != values
    AnyKeras3.restore_random_state(backend, before)
    assert [value_of(seed).tolist() for seed in seeds] == values


def test_gradients_are_asked_of_the_variables_of_the_framework(backend: Any) -> None:
    model, *_ = two_calls()
    paths = [variable.path for variable in model.trainable_variables]
    assert backend.full_names(model) == paths == backend.gradient_names(model)
    for own, variable in zip(backend.trainable_variables(model), model.trainable_variables, strict=True):
        assert own is variable.value
