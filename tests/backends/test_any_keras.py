"""What a backend says of a model is read off the model alone; here off as much of one as is looked at."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from wandb_keras_compat.backends import NoCopy
from wandb_keras_compat.backends.common import any_keras
from wandb_keras_compat.backends.common.any_keras import AnyKeras, all_layers


class Model:
    """A model of any Keras."""

    def __init__(self, **parts: Any) -> None:
        vars(self).update(parts)


KERAS: Any = SimpleNamespace(Model=Model)


class Backend(AnyKeras):
    def _facts(self, layer: Any) -> Any:
        return f"facts of {layer}"

    def _graph_layers(self, model: Any) -> list[Any]:
        return ["a", "b"]

    def _layer_calls(self, model: Any, layer: Any) -> Any:
        assert layer == "the layer"
        return iter([["a"], ["a", "b"]])


backend: Any = Backend(KERAS)


def tensor(*shape: int | None, of: str = "layer") -> Any:
    return SimpleNamespace(shape=shape, _keras_history=(SimpleNamespace(name=of), 0, 0))


def test_only_a_model_of_this_keras_is_a_model() -> None:
    assert backend.is_model(Model()) and not backend.is_model(SimpleNamespace())
    assert [backend.is_built(Model(built=built)) for built in (True, False)] == [True, False]


def test_shapes_and_names_are_those_of_its_inputs_and_outputs() -> None:
    model = Model(inputs=[tensor(None, 4)], outputs=(tensor(None, 2), tensor(None, 3, of="other"), tensor(None, 1)))
    assert backend.input_shapes(model) == [(None, 4)]
    assert backend.output_shapes(model) == [(None, 2), (None, 3), (None, 1)]
    assert backend.input_names(model) == ["layer"]
    assert backend.output_names(model) == ["layer", "other", "layer_2"], "a layer may give several"


class Unbuilt(Model):
    @property
    def inputs(self) -> Any:
        raise ValueError("Sequential model has no defined inputs yet")


@pytest.mark.parametrize("model", [Model(), Model(inputs=None), Model(inputs=[]), Unbuilt()])
def test_a_model_without_symbolic_inputs_has_none(model: Any) -> None:
    assert [getattr(backend, name)(model) for name in ("inputs", "input_shapes", "input_names")] == [None] * 3
    assert backend.fixed_batch_size(model) is None


@pytest.mark.parametrize(
    ("shapes", "size"), [([(4, 2)], 4), ([(4, 2), (4,)], 4), ([(None, 2)], None), ([(4, 2), (None, 2)], None), ([(4,), ()], 4), ([()], None)]
)  # fmt: skip
def test_a_batch_size_is_fixed_where_all_inputs_have_the_same(shapes: Any, size: int | None) -> None:
    assert backend.fixed_batch_size(Model(inputs=[tensor(*shape) for shape in shapes])) == size


def test_a_graph_is_told_by_facts() -> None:
    layer = SimpleNamespace(layer="the layer")
    assert backend.graph_layers(Model()) == ["facts of a", "facts of b"]
    assert list(backend.layer_calls(Model(), layer)) == [["facts of a"], ["facts of a", "facts of b"]]


def test_what_is_not_there_is_off() -> None:
    assert backend.autotunes_steps(Model()) is False
    assert backend.autotunes_steps(Model(_autotune_steps_per_execution=object())) is True
    assert backend.spans_workers(Model()) is False and backend.data_shards() == 1
    assert backend.holes == () and backend.stream_beside("state") == "state"
    called: list[bool] = []
    backend.outside_strategies(lambda: called.append(True))
    assert called == [True]
    with pytest.raises(NoCopy, match="Keras 3 does not train with several workers"):
        backend.local_copy(Model())


def test_the_rate_is_that_of_the_optimizer_at_the_step() -> None:
    model = Model(optimizer=SimpleNamespace(learning_rate=lambda step: step / 4))
    assert backend.learning_rate(model, 3) == 0.75


@pytest.mark.parametrize("size", [None, 4])
def test_a_prediction_is_of_these_inputs_in_batches_of_this_size(
    monkeypatch: pytest.MonkeyPatch, size: int | None
) -> None:
    monkeypatch.setattr(any_keras, "predict", lambda *given: given)
    given = ("model", "inputs") if size is None else ("model", "inputs", size)
    assert backend.predict(*given) == (backend, "model", "inputs", size)


def test_weights_are_given_by_layer_in_their_order() -> None:
    layers = [SimpleNamespace(name=name, get_weights=lambda name=name: [f"w {name}"]) for name in ("b", "a")]
    assert list(backend.layer_values(Model(layers=layers))) == [("b", ["w b"]), ("a", ["w a"])]


def test_the_history_is_the_same_object_afterwards_and_one_that_was_not_touched_is_not_set() -> None:
    model = Model(history="of fit")
    with pytest.raises(ZeroDivisionError), backend.keeps_history(model):
        model.history = "of predict"
        _ = 1 // 0
    assert model.history == "of fit"
    bare = Model()
    with backend.keeps_history(bare):
        pass
    assert not hasattr(bare, "history")
    with backend.keeps_history(bare):
        bare.history = "of predict"
    assert bare.history is None


def test_layers_with_a_state_are_reset_by_either_name() -> None:
    reset: list[str] = []
    layers = [
        SimpleNamespace(stateful=True, states=[1], reset_states=lambda: reset.append("Keras 2")),
        SimpleNamespace(stateful=True, states=[1], reset_states=None, reset_state=lambda: reset.append("Keras 3")),
        SimpleNamespace(stateful=True, states=[1], reset_state=lambda: reset.append("later Keras 3")),
        SimpleNamespace(stateful=False, states=[1]),
        SimpleNamespace(stateful=True, states=None),
        SimpleNamespace(stateful=True),
        SimpleNamespace(),
    ]
    model = Model(_flatten_layers=lambda: iter(layers))
    assert all_layers(model) == layers
    assert backend.stateful_layers(model) == layers[:3]
    backend.reset_states(model)
    assert reset == ["Keras 2", "Keras 3", "later Keras 3"]
