"""The parts of the backends on TensorFlow: rows of sparse arrays, variables, states, and streams of random numbers."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from tensorflow.python.ops import stateful_random_ops

from wandb_keras_compat.backends.tensorflow import flops, gradients
from wandb_keras_compat.backends.tensorflow.common import TensorFlowKeras
from wandb_keras_compat.backends.tensorflow.random_state import (
    eager_random_state,
    eager_stream_beside,
    restore_eager_random_state,
)
from wandb_keras_compat.backends.tensorflow.sparse import sparse_rows
from wandb_keras_compat.backends.tensorflow.variables import components, preserved, raw, tf_variables

DENSE = np.array([[0, 1, 0], [2, 0, 3], [0, 0, 0], [4, 5, 0], [0, 0, 6]], "float32")


@pytest.mark.parametrize(("start", "stop"), [(0, 5), (1, 4), (2, 3), (4, 5)])
def test_rows_of_a_sparse_array_are_those_of_the_array(start: int, stop: int) -> None:
    sparse = pytest.importorskip("scipy.sparse", reason="what is tested is scipy's")
    unordered = sparse.coo_matrix((([6, 5, 4, 3, 2, 1]), ([4, 3, 3, 1, 1, 0], [2, 1, 0, 2, 0, 1])), shape=(5, 3))
    for held in (sparse.csr_matrix(DENSE), unordered.tocsr(), sparse.csc_matrix(DENSE), tf.sparse.from_dense(DENSE)):
        rows = sparse_rows(held, start, stop)
        assert isinstance(rows, tf.SparseTensor) and tuple(rows.shape) == (stop - start, 3)
        np.testing.assert_array_equal(tf.sparse.to_dense(rows), DENSE[start:stop])  # which wants the indices in order


def test_more_axes_of_a_sparse_tensor_stay() -> None:
    held = tf.sparse.from_dense(DENSE[:, :, None])
    np.testing.assert_array_equal(tf.sparse.to_dense(sparse_rows(held, 1, 3)), DENSE[1:3, :, None])


def test_variables_have_their_values_back_whatever_happens() -> None:
    one, two = tf.Variable([1.0]), tf.Variable(2)
    with pytest.raises(ZeroDivisionError), preserved([one, two]):
        one.assign([5.0])
        two.assign(6)
        _ = 1 // 0
    assert (one.numpy().tolist(), int(two)) == ([1.0], 2)


def test_the_variables_of_a_model_are_tensorflows_own_each_once() -> None:
    one, two = tf.Variable(1.0), tf.Variable(2.0)
    of_keras_3 = SimpleNamespace(value=two)
    assert raw(one) is one and raw(of_keras_3) is two
    model = SimpleNamespace(variables=[one, of_keras_3, one, two, "vocabulary", SimpleNamespace(value="table")])
    found = tf_variables(model)
    assert len(found) == 2 and found[0] is one and found[1] is two


def test_a_variable_of_several_devices_has_its_replicas_and_another_is_alone() -> None:
    for alone in (tf.Variable(1.0), SimpleNamespace(values=()), SimpleNamespace(values=[1])):
        (found,) = components(alone)
        assert found is alone
    assert components(SimpleNamespace(values=("a", "b"))) == ("a", "b")


class Backend(TensorFlowKeras):
    def stateful_layers(self, model: Any) -> list[Any]:
        return list(model)


def test_states_of_layers_are_put_back_however_a_layer_holds_them() -> None:
    states = [tf.Variable(float(number)) for number in range(4)]
    layers = [
        SimpleNamespace(states=states[0]),
        SimpleNamespace(states=[states[1], None]),
        SimpleNamespace(states=(SimpleNamespace(value=states[2]), [states[3]])),
    ]
    with Backend(None).preserved_states(layers):
        for state in states:
            state.assign(9.0)
    assert [float(state) for state in states] == [0.0, 1.0, 2.0, 3.0]


@pytest.mark.parametrize(("inputs", "given"), [(None, []), (["x"], ["x"])])
def test_operations_are_counted_on_the_inputs_that_a_model_says_it_has(
    inputs: Any, given: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Described(Backend):
        def inputs(self, model: Any) -> Any:
            return inputs if model == "model" else "those of another"

    monkeypatch.setattr(flops, "float_operations", lambda *asked: asked)
    assert Described(None).float_operations("model") == ("model", given)


def test_a_gradient_pass_is_of_the_model_and_asks_its_backend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gradients, "TensorFlowGradientPass", lambda *asked: asked)
    backend = Backend(None)
    assert backend.gradient_pass("model") == ("model", backend)


def draw() -> list[Any]:
    own = tf.random.normal((2,)).numpy().tolist()
    return [own, tf.random.get_global_generator().normal((2,)).numpy().tolist()]


def test_a_stream_beside_is_the_same_each_time_and_takes_no_seed_that_the_training_draws_with() -> None:
    tf.random.set_seed(3)
    tf.random.get_global_generator()
    state = eager_random_state()
    beside, *others = Backend(None).stream_beside((state, "seed of Keras"))
    assert others == ["seed of Keras"] and beside[0] == eager_stream_beside(state)[0] != state[0]
    assert beside[1] is state[1]
    expected = draw()
    after = eager_random_state()
    drawn = []
    for _ in range(2):
        restore_eager_random_state(beside)
        drawn.append(eager_random_state()[0])
        assert draw()[0] != expected[0]
        restore_eager_random_state(state)
    assert drawn == [beside[0]] * 2
    restore_eager_random_state(after)
    assert repr(eager_random_state()) == repr(after)


def test_a_generator_that_nobody_made_yet_is_in_no_snapshot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stateful_random_ops, "global_generator", None)
    (seeds, generator) = eager_random_state()
    assert generator is None
    restore_eager_random_state((seeds, "of a generator that is gone"))


def test_keras_without_a_generator_of_its_own_has_a_snapshot_too(monkeypatch: pytest.MonkeyPatch) -> None:
    keras3 = pytest.importorskip("wandb_keras_compat.backends.tensorflow.keras3", reason="the generator is Keras 3's")
    monkeypatch.setattr(keras3, "global_seed_generator", lambda: None)
    backend = keras3.Keras3(None)
    eager, own = state = backend.random_state(None)
    assert own is None and repr(eager) == repr(eager_random_state())
    backend.restore_random_state(state)


def test_a_snapshot_of_nothing_puts_nothing_back() -> None:
    before = repr(eager_random_state())
    restore_eager_random_state((None, None))
    assert repr(eager_random_state()) == before
    assert eager_stream_beside((None, "generator")) == (None, "generator")
