"""The gradients of a pass are those that Keras' own training takes, on whatever it computes with.

Plain SGD that collects the gradients of a whole epoch before it moves (``gradient_accumulation_steps``) moves the
weights by their mean: Keras itself says what the pass has to find, batch after batch, with all the state that goes from
one to the next.
"""

from __future__ import annotations

import importlib
import json
import re
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wandb_keras_compat.backends import backend_for
from wandb_keras_compat.data import batches as arrays
from wandb_keras_compat.features.graph import Graph
from wandb_keras_compat.parity import models
from wandb_keras_compat.parity.models import CASES

from . import stateful_gradients
from .conftest import FRAMEWORK, array, beside_tensorflow, keras, on_keras_3

pytestmark = on_keras_3
layers, ops = keras.layers, getattr(keras, "ops", None)
RATE, BATCH, SAMPLES = 0.5, 32, 80

Trained = tuple[Any, Any, Any, Any, Any]
"""A model, x, y, its loss and sample weights or None."""


def normal(*shape: int) -> np.ndarray[Any, Any]:
    return np.random.default_rng(len(shape)).normal(size=shape).astype("float32")


def of_layers(*shape: int, parts: list[Any], batch: int | None = None) -> Any:
    return keras.Sequential([keras.Input(batch_shape=(batch, *shape)), *parts])


def with_sample_weights() -> Trained:
    model = of_layers(4, parts=[layers.Dense(5, "relu"), layers.Dense(2)])
    return model, normal(SAMPLES, 4), normal(SAMPLES, 2), "mse", np.linspace(0, 2, SAMPLES).astype("float32")


def with_losses_of_layers() -> Trained:
    class Penalty(layers.Layer):
        def call(self, x: Any) -> Any:
            self.add_loss(0.1 * ops.mean(ops.square(x)))
            return x

    model = of_layers(4, parts=[layers.Dense(5), Penalty(), layers.Dense(2, kernel_regularizer="l2")])
    return model, normal(SAMPLES, 4), normal(SAMPLES, 2), "mse", None


def normalized() -> Trained:
    model = of_layers(4, parts=[layers.Dense(5), layers.BatchNormalization(), layers.Dense(2)])
    return model, normal(SAMPLES, 4), normal(SAMPLES, 2), "mse", None


def named_parts() -> Trained:
    a, b = keras.Input((4,), name="a"), keras.Input((3,), name="b")
    joined = layers.Dense(4)(layers.Concatenate()([a, b]))
    model = keras.Model(
        {"a": a, "b": b}, {"p": layers.Dense(2, name="p")(joined), "q": layers.Dense(1, name="q")(joined)}
    )
    y = {"p": normal(SAMPLES, 2), "q": normal(SAMPLES, 1)}
    return model, {"a": normal(SAMPLES, 4), "b": normal(SAMPLES, 3)}, y, {"p": "mse", "q": "mae"}, None


def embedded_and_masked() -> Trained:
    words = np.random.default_rng(0).integers(0, 6, (SAMPLES, 5))
    model = of_layers(5, parts=[layers.Embedding(6, 3, mask_zero=True), layers.GRU(4), layers.Dense(2)])
    return model, words, normal(SAMPLES, 2), "mse", None


def stateful() -> Trained:
    if FRAMEWORK == "torch":
        pytest.skip(
            "Keras cannot train a stateful layer on PyTorch: it writes over its state before it has the gradient"
        )
    model = of_layers(5, 3, parts=[layers.LSTM(4, stateful=True), layers.Dense(2)], batch=8)
    return model, normal(SAMPLES, 5, 3), normal(SAMPLES, 2), "mse", None


def its_own_loss() -> Trained:
    class Own(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.dense, self.seen = layers.Dense(2), keras.metrics.Mean(name="seen")

        def call(self, x: Any) -> Any:
            return self.dense(x)

        def compute_loss(self, x: Any, y: Any, y_pred: Any, sample_weight: Any = None, training: bool = True) -> Any:
            loss = ops.mean(ops.abs(y - y_pred) ** 3)
            self.seen.update_state(loss)
            return loss

    model = Own()
    model(normal(1, 4))
    return model, normal(SAMPLES, 4), normal(SAMPLES, 2), None, None


def with_unused_weights() -> Trained:
    class Partly(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.used, self.unused = layers.Dense(2), layers.Dense(3)
            self.unused.build((None, 4))

        def call(self, x: Any) -> Any:
            return self.used(x)

    model = Partly()
    model(normal(1, 4))
    return model, normal(SAMPLES, 4), normal(SAMPLES, 2), "mse", None


def eager() -> Trained:
    model, *rest = with_sample_weights()
    model.run_eagerly = True
    return (model, *rest)  # type: ignore[return-value]


ALL = [
    with_sample_weights, with_losses_of_layers, normalized, named_parts, embedded_and_masked, stateful, its_own_loss,
    with_unused_weights, eager,
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("make", ALL)
def test_the_gradients_are_those_of_training(make: Callable[[], Trained]) -> None:
    keras.utils.set_random_seed(5)
    model, x, y, loss, sample_weight = make()
    backend = backend_for(model)
    size = backend.fixed_batch_size(model) or BATCH  # type: ignore[attr-defined]
    batches = -(-SAMPLES // size)
    eagerly = model.run_eagerly
    model.compile(keras.optimizers.SGD(RATE, gradient_accumulation_steps=batches), loss, run_eagerly=eagerly)
    found = backend.gradient_pass(model).over_arrays(x, y, sample_weight)
    before = [array(variable) for variable in model.trainable_variables]
    model.fit(x, y, size, sample_weight=sample_weight, shuffle=False, verbose=0)
    assert [gradient.dtype for gradient in found] == [np.promote_types(old.dtype, np.float32) for old in before]
    largest = max(np.abs(gradient).max() for gradient in found)
    for old, variable, gradient in zip(before, model.trainable_variables, found):
        moved = (old - array(variable)) / RATE * batches
        np.testing.assert_allclose(gradient, moved, atol=1e-5 * max(1.0, float(largest)))


@pytest.mark.slow
@pytest.mark.parametrize("make", [normalized, stateful, named_parts])
def test_the_pass_leaves_the_model_as_it_was(make: Callable[[], Trained]) -> None:
    model, x, y, loss, _ = make()
    model.compile("sgd", loss)
    model.fit(x, y, 8, verbose=0)
    states = [state for layer in model.layers if getattr(layer, "stateful", False) for state in layer.states]
    held = [*model.variables, *model.metrics_variables, *states]
    before = [array(variable) for variable in held]
    first = backend_for(model).gradient_pass(model).over_arrays(x, y, None)
    for old, variable in zip(before, held):
        np.testing.assert_array_equal(old, array(variable))
    again = backend_for(model).gradient_pass(model).over_batches([(x, y)] if make is not stateful else [(x[:8], y[:8])])
    assert [one.shape for one in again] == [one.shape for one in first]
    for old, variable in zip(before, held):
        np.testing.assert_array_equal(old, array(variable))


def test_no_batch_and_no_loss_are_said() -> None:
    model, x, y, _, _ = with_sample_weights()
    model.compile("sgd", "mse")
    for empty in (lambda p: p.over_arrays(x[:0], y[:0], None), lambda p: p.over_batches([])):
        with pytest.raises(ValueError, match="training_data is empty"):
            empty(backend_for(model).gradient_pass(model))
    model, *_ = with_sample_weights()
    model.compile("sgd")
    with pytest.raises(ValueError, match="without a loss"):
        backend_for(model).gradient_pass(model).over_arrays(x, y, None)


@pytest.mark.parametrize("policy", ["bfloat16", "float16"])
def test_half_precision_is_summed_in_float32(policy: str) -> None:
    """256 times the same batch: half of these additions would be lost in bfloat16, which has 8 bits of precision."""
    keras.config.set_dtype_policy(policy)
    try:
        model = of_layers(1, parts=[layers.Dense(1, kernel_initializer="ones")])
    finally:
        keras.config.set_dtype_policy("float32")
    model.compile("sgd", "mse")
    x, y = np.ones((BATCH, 1), "float32"), np.zeros((BATCH, 1), "float32")
    one = backend_for(model).gradient_pass(model).over_arrays(x, y, None)
    many = backend_for(model).gradient_pass(model).over_batches([(x, y)] * 256)
    assert one[0].item() == 2.0
    assert many[0].item() == 512.0
    slightly_more = backend_for(model).gradient_pass(model).over_batches([(x, y)] * 257)
    assert slightly_more[0].item() == 514.0


@pytest.mark.parametrize("make", [normalized, named_parts])
def test_batches_of_several_kinds_count_each_once_in_their_order(make: Callable[[], Trained]) -> None:
    """Small ones of one kind may be handed over together, 19 of them in three groups; others may not."""
    model, x, y, loss, _ = make()
    model.compile("sgd", loss)

    def rows(count: int) -> tuple[Any, Any]:
        chosen = np.random.default_rng(count).integers(0, SAMPLES, count)
        return tuple(arrays.map_arrays(lambda part: part[chosen], each) for each in (x, y))  # type: ignore[return-value]

    counts = [4] * 19 + [5] + [4] * 2 + [20_000] * 2 + [3]
    batches = [rows(count) for count in counts]
    read: list[int] = []
    together = backend_for(model).gradient_pass(model).over_batches(read.append(1) or batch for batch in batches)
    assert len(read) == len(batches)
    one = backend_for(model).gradient_pass(model)
    alone = [one.over_batches([batch]) for batch in batches]
    for at, total in enumerate(together):
        expected = sum(each[at] for each in alone)
        np.testing.assert_allclose(total, expected, rtol=1e-4, atol=1e-4 * max(1.0, float(np.abs(expected).max())))


@beside_tensorflow
@pytest.mark.parametrize("samples", [40, 400])
def test_each_array_is_moved_to_the_device_once_and_each_sum_back_once(
    samples: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many slices there are. On torch what moves is what Keras makes a tensor of, and what goes to the CPU."""
    model, *_ = with_sample_weights()
    model.compile("sgd", "mse")
    gradients = backend_for(model).gradient_pass(model)
    moved, back = [], []
    if FRAMEWORK == "jax":
        import jax

        to_device, to_numpy = jax.device_put, np.asarray
        monkeypatch.setattr(
            jax, "device_put", lambda x, *a: moved.extend(jax.tree_util.tree_leaves(x)) or to_device(x, *a)
        )
        module = importlib.import_module(type(gradients).__module__)
        own_numpy = types.SimpleNamespace(**{**vars(np), "asarray": lambda x: back.append(x) or to_numpy(x)})
        monkeypatch.setattr(module, "np", own_numpy)
    else:
        import torch

        to_tensor, to_cpu = ops.convert_to_tensor, torch.Tensor.cpu
        monkeypatch.setattr(ops, "convert_to_tensor", lambda x: moved.append(x) or to_tensor(x))
        monkeypatch.setattr(torch.Tensor, "cpu", lambda x: back.append(x) or to_cpu(x))
    gradients.over_arrays(normal(samples, 4), normal(samples, 2), np.ones(samples, "float32"))
    assert [len(array) for array in moved] == [samples] * 3
    assert len(back) == len(model.trainable_variables)


@pytest.mark.parametrize("kind", stateful_gradients.KINDS)
def test_gradients_of_stateful_layers_are_those_on_tensorflow(kind: str) -> None:
    """Where Keras trains so: on JAX it begins each batch from zeros, on PyTorch it cannot train an LSTM or a GRU."""
    expected = json.loads(stateful_gradients.FILE.read_text(encoding="utf-8"))[kind]
    if FRAMEWORK == "jax":
        expected = stateful_gradients.gradients(kind, stateful=False)
    elif FRAMEWORK == "torch" and kind != "SimpleRNN":
        with pytest.raises(RuntimeError, match="modified by an inplace operation"):
            stateful_gradients.gradients(kind)
        return
    for found, known in zip(stateful_gradients.gradients(kind), expected, strict=True):
        assert np.abs(found - known).max() <= 1e-5 * np.abs(known).max()


def test_a_model_of_a_fixed_batch_size_is_called_with_as_many() -> None:
    """Also inside a graph: stateful layers of Keras 3.12.4, the newest for Python 3.10, raise where it is unknown there."""
    sizes = []

    class Asks(layers.Layer):
        def call(self, x):  # type: ignore[no-untyped-def]
            sizes.append(x.shape[0])
            return x

    model = of_layers(4, parts=[Asks(), layers.Dense(2)], batch=BATCH)
    model.compile("sgd", "mse")
    sizes.clear()
    backend_for(model).gradient_pass(model).over_arrays(normal(SAMPLES, 4), normal(SAMPLES, 2), None)
    assert set(sizes) == {BATCH}


GOLDEN = json.loads((Path(models.__file__).parent / "goldens" / "models.json").read_text(encoding="utf-8"))["models"]


@beside_tensorflow
@pytest.mark.parametrize("name", CASES)
def test_gradients_and_graph_are_those_of_the_legacy_class(name: str) -> None:
    """The golden is of the real class, on TensorFlow; tests/parity/test_models.py says the same there."""
    keras.backend.clear_session()  # automatic names count from the start
    model, (x, y) = CASES[name].compiled(), CASES[name].data()
    backend = backend_for(model)
    expected = {re.sub(r"_cell_\d+/", "_cell/", key): values for key, values in GOLDEN[name]["gradients"].items()}
    found = dict(zip(backend.gradient_names(model), backend.gradient_pass(model).over_arrays(x, y, None)))
    assert list(found) == list(expected)
    whole = max(np.abs(values).max() for values in expected.values())
    for key, values in expected.items():
        # The bias of a layer before batch normalization has no effect, so its gradient is rounding error.
        scale = whole if key == "c/bias" else np.abs(values).max()
        assert np.abs(found[key] - np.array(values)).max() <= 1e-5 * scale, key
    owner = types.SimpleNamespace(model=model, params=None)
    drawn = Graph(owner, backend, None, lambda *_: None).picture()
    picture = {
        "format": drawn.format,
        "nodes": [node._attributes for node in drawn.nodes],
        "edges": [[edge.from_node.id, edge.to_node.id] for edge in drawn.edges],
    }
    assert json.loads(json.dumps(picture)) == GOLDEN[name]["graph"]
