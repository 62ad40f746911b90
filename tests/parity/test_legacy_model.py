"""What the executable model of the legacy class computes: networks, columns of tables, values, and whose side it is on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from wandb_keras_compat.parity.state_machine.legacy_model import arithmetic
from wandb_keras_compat.parity.state_machine.legacy_model.columns import inferred
from wandb_keras_compat.parity.state_machine.legacy_model.rules import DiesError, Rules
from wandb_keras_compat.parity.state_machine.legacy_model.values import canonical, histogram
from wandb_keras_compat.parity.state_machine.nets import Layer, Net
from wandb_keras_compat.testing.trace.canonical import Content

# --- networks --------------------------------------------------------------------------------------------------------


class Given(Net):
    """A network of which somebody else says the weights, by layer."""

    def having(self, arrays: list[list[Any]]) -> Given:
        object.__setattr__(self, "given", arrays)
        return self

    def arrays(self, version: int) -> list[list[Any]]:
        return self.given if version == 7 else []  # type: ignore[attr-defined,no-any-return]


def net(*layers: Layer, weights: list[list[Any]], shape: tuple[int, ...] = (2,)) -> Given:
    return Given(shape, layers).having([[np.array(each, "float64") for each in arrays] for arrays in weights])


X = np.array([[1.0, 2.0], [3.0, -1.0]])
KERNEL, BIAS = [[1.0, -1.0], [0.5, 0.25]], [0.5, -2.0]
#: X @ KERNEL
BARE = np.array([[2.0, -0.5], [2.5, -3.25]])


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("no_bias", BARE),
        ("dense", BARE + BIAS),
        ("relu", [[2.5, 0.0], [3.0, 0.0]]),
        ("sigmoid", 1 / (1 + np.exp(-(BARE + BIAS)))),
        ("softmax", np.exp(BARE + BIAS) / np.exp(BARE + BIAS).sum(axis=1)[:, None]),
    ],
)
def test_a_dense_layer(kind: str, expected: Any) -> None:
    made = net(Layer("d", kind, 2), weights=[[KERNEL] if kind == "no_bias" else [KERNEL, BIAS]])
    found = arithmetic.outputs(made, 7, X.tolist())
    assert list(found) == ["in", "d"] and found["in"].dtype == found["d"].dtype == np.float64
    np.testing.assert_allclose(found["d"], expected, rtol=1e-12)
    predicted = arithmetic.predictions(made, 7, X.astype("float32"))
    assert predicted.dtype == np.float32
    np.testing.assert_allclose(predicted, expected, rtol=1e-6)


def test_softmax_of_large_values_is_a_distribution() -> None:
    made = net(Layer("d", "softmax", 2), weights=[[KERNEL, BIAS]])
    np.testing.assert_array_equal(arithmetic.predictions(made, 7, 1e4 * X), [[1, 0], [1, 0]])


def test_each_layer_takes_those_that_it_names() -> None:
    made = net(
        Layer("a", "no_bias", 2), Layer("b", "no_bias", 2, ("in",)), Layer("sum", "add", of=("a", "b", "in")),
        Layer("both", "concatenate", of=("b", "a")), weights=[[KERNEL], [[[2, 0], [0, 2]]], [], []],
    )  # fmt: skip
    found = arithmetic.outputs(made, 7, X)
    np.testing.assert_array_equal(found["sum"], BARE + 3 * X)
    np.testing.assert_array_equal(found["both"], np.concatenate([2 * X, BARE], axis=1))
    np.testing.assert_array_equal(arithmetic.predictions(made, 7, X), found["both"].astype("float32"))


def test_shapes() -> None:
    made = net(Layer("f", "flatten"), Layer("r", "reshape", 2), weights=[[], []], shape=(2, 4))
    x = np.arange(24.0).reshape(3, 2, 4)
    found = arithmetic.outputs(made, 7, x)
    np.testing.assert_array_equal(found["f"], x.reshape(3, 8))
    np.testing.assert_array_equal(found["r"], x.reshape(3, 2, 2, 2))


NORMAL = [[2.0, 1.0], [0.5, 0.0], [1.0, -1.0], [4.0, 9.0]]  # gamma, beta, mean, variance


def test_batches_are_normalized_by_themselves_in_training_only() -> None:
    made = net(Layer("n", "batch_norm"), weights=[NORMAL])
    gamma, beta, mean, variance = map(np.array, NORMAL)
    expected = gamma * (X - mean) / np.sqrt(variance + 1e-3) + beta
    np.testing.assert_allclose(arithmetic.outputs(made, 7, X)["n"], expected)
    own = gamma * (X - X.mean(0)) / np.sqrt(X.var(0) + 1e-3) + beta
    np.testing.assert_allclose(arithmetic.outputs(made, 7, X, training=True)["n"], own)
    # Of images over all that is no channel.
    images = np.arange(16.0).reshape(2, 2, 2, 2)
    normal = arithmetic.outputs(made, 7, images, training=True)["n"]
    np.testing.assert_allclose(normal.mean(axis=(0, 1, 2)), beta, atol=1e-9)


def test_what_it_cannot_compute_it_says() -> None:
    made = net(Layer("n", "norm"), weights=[[[1.0, 1.0], [0.0, 0.0]]])
    with pytest.raises(NotImplementedError, match="^norm$"):
        arithmetic.outputs(made, 7, X)


NETS = {
    "dense": lambda: net(Layer("d", "dense", 2), weights=[[KERNEL, BIAS]]),
    "no bias": lambda: net(Layer("d", "no_bias", 2), weights=[[KERNEL]]),
    "two": lambda: net(
        Layer("a", "relu", 3), Layer("b", "dense", 2),
        weights=[[[[1, -1, 0.5], [0.5, 0.25, -1]], [0.5, 2, 0.25]], [[[1, 2], [3, -1], [0.5, 1]], BIAS]],
    ),
    "normalized": lambda: net(
        Layer("a", "dense", 2), Layer("n", "batch_norm"), Layer("b", "dense", 2),
        weights=[[KERNEL, BIAS], NORMAL, [[[1, 2], [3, -1]], BIAS]],
    ),
    "joined": lambda: net(
        Layer("a", "dense", 2), Layer("b", "no_bias", 1, ("in",)), Layer("c", "concatenate", of=("a", "b")),
        Layer("d", "dense", 2),
        weights=[[KERNEL, BIAS], [[[1.5], [-0.5]]], [], [[[1, 2], [3, -1], [0.5, 0.75]], BIAS]],
    ),
    "used twice": lambda: net(
        Layer("a", "dense", 2), Layer("b", "dense", 2), Layer("c", "concatenate", of=("b", "a", "b")),
        Layer("d", "no_bias", 2),
        weights=[[KERNEL, BIAS], [[[1, 2], [3, -1]], [0, 1]], [], [[[1, 2], [3, -1], [0.5, 1], [2, 1], [1, -2], [1, 3]]]],
    ),
}  # fmt: skip
#: The weights of a layer that are trained, by kind.
TRAINED = {"batch_norm": ("gamma", "beta"), "no_bias": ("kernel",), "concatenate": ()}
SAMPLES = np.array([[1.0, 2.0], [3.0, -1.0], [0.5, 0.25]])
TARGETS = np.array([[0.0, 1.0], [2.0, -1.0], [1.0, 1.0]])


@pytest.mark.parametrize("share", [None, [1.0, 0.5, 3.0]])
@pytest.mark.parametrize("name", NETS)
def test_a_gradient_is_the_slope_of_the_mean_squared_error(name: str, share: list[float] | None) -> None:
    """By a small step to both sides of each weight."""
    made = NETS[name]()

    def loss() -> float:
        out = arithmetic.outputs(made, 7, SAMPLES, training=True)[made.layers[-1].name]
        return float((np.array(share or [1.0] * 3)[:, None] * (out - TARGETS) ** 2).mean())

    found = arithmetic.gradients(made, 7, SAMPLES, TARGETS, share)
    wanted: dict[str, Any] = {}
    for layer, arrays in zip(made.layers, made.arrays(7)):
        for variable, array in zip(TRAINED.get(layer.kind, ("kernel", "bias")), arrays):
            slope = np.empty_like(array)
            for at in np.ndindex(array.shape):
                value = array[at]
                array[at] = value + 1e-6
                above = loss()
                array[at] = value - 1e-6
                slope[at] = (above - loss()) / 2e-6
                array[at] = value
            wanted[f"{layer.name}/{variable}"] = slope
    assert found.keys() == wanted.keys()
    for variable, slope in wanted.items():
        np.testing.assert_allclose(found[variable], slope, rtol=1e-5, atol=1e-7, err_msg=variable)


# --- columns ---------------------------------------------------------------------------------------------------------

VERSIONS = {"keras": "2.12.0", "tensorflow": "2.12.1", "wandb": "0.16.6"}
RULES = Rules(True, VERSIONS)


def columns(example: Any, labels: list[Any] | None = None, value: Any = None) -> dict[str, Any]:
    """Each column with its cell for *value*."""
    found = inferred(np.array(example), labels or [], RULES)
    given = np.array(example if value is None else value)
    return {name: cell(given) for name, cell in found.items() if name != "image"} | (
        {"image": found["image"](given)["_type"]} if "image" in found else {}
    )


@pytest.mark.parametrize(
    ("example", "labels", "expected"),
    [
        ([0.25, 0.75], ["a", "b"], {"max_class": 1, "score": {"a": 0.25, "b": 0.75}}),
        ([0, 1], ["a", "b"], {"max_class": 1}),
        ([1.0, 0.0, 0.0], [3, 4, 5], {"max_class": 0}),
        ([0, 0], ["a", "b"], {"max_class": 0, "score": {"a": 0, "b": 0}}),
        ([2], ["a", "b"], {"class": 2}),
        ([2], [], {"val": 2}),
        (np.array([2], "uint8"), ["a", "b", "c"], {"class": 2}),
        ([0.5, 0.25, 0.125], ["a", "b"], {"node": [0.5, 0.25, 0.125], "argmax": 0, "argmin": 2}),
        ([0, 1, 0], [], {"node": [0, 1, 0], "argmax": 1}),
        ([0.5], [], {"node": [0.5], "argmax": 0, "argmin": 0}),
        (np.arange(10) / 4, [], {"node": list(np.arange(10) / 4), "argmax": 9, "argmin": 0}),
        (np.arange(11) / 4, [], {"argmax": 10, "argmin": 0}),
        (np.zeros((2, 2, 3)), ["a"], {"image": "image"}),
        (np.zeros((2, 3)), ["a"], {"image": "image"}),
        (0.5, [], {}),
        (np.zeros((1, 1, 1, 1)), [], {}),
    ],
)
def test_an_example_has_the_columns_that_can_be_made_of_it(example: Any, labels: list[Any], expected: Any) -> None:
    found = columns(example, labels)
    assert {name: list(cell) if name == "node" else cell for name, cell in found.items()} == expected
    assert all(type(found[name]) is int for name in ("max_class", "argmax", "argmin") if name in found)


def test_the_columns_are_those_of_the_example_and_the_cells_of_the_value() -> None:
    assert columns([0, 1], ["a", "b"], [0.75, 0.25]) == {"max_class": 0}


# --- whose side ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attribute", "where", "elsewhere"),
    [
        ("keras_3", {"keras": "3.0.0"}, {"keras": "2.15.0"}),
        (
            "optimizer_is_unknown",
            {"tensorflow": "2.11.0", "wandb": "0.13.5"},
            {"tensorflow": "2.10.1", "wandb": "0.13.5"},
        ),
        ("optimizer_is_unknown", {"wandb": "0.13.5"}, {"wandb": "0.13.6"}),
        ("optimizer_is_unknown", {"wandb": "0.13.5"}, {"wandb": "0.13.5", "keras": "3.0.0"}),
        ("optimizer_returns_nothing", {"tensorflow": "2.14.0"}, {"tensorflow": "2.13.1"}),
        ("optimizer_returns_nothing", {"tensorflow": "2.16.1"}, {"tensorflow": "2.16.1", "keras": "3.0.0"}),
        ("defaults_are_objects", {"wandb": "0.15.7"}, {"wandb": "0.15.8"}),
        ("images_are_others", {"wandb": "0.20"}, {"wandb": "0.19.11"}),
        ("registers_absent_files", {"wandb": "0.16.5"}, {"wandb": "0.16.6"}),
        ("patches_fit", {"tensorflow": "2.12.1"}, {"tensorflow": "2.13.0"}),
    ],
)
def test_what_depends_on_versions(attribute: str, where: dict[str, str], elsewhere: dict[str, str]) -> None:
    for shim in (True, False):
        assert getattr(Rules(shim, VERSIONS | where), attribute) is True
        assert getattr(Rules(shim, VERSIONS | elsewhere), attribute) is False


def test_what_matters_is_noted_on_both_sides() -> None:
    shim, real = Rules(True, VERSIONS), Rules(False, VERSIONS)
    assert shim.met == real.met == set()
    assert shim.differs("A-1") is True and real.differs("A-1") is False
    shim.dies("A-2", "ValueError")
    with pytest.raises(DiesError, match="^ValueError$") as raised:
        real.dies("A-2", "ValueError")
    assert raised.value.kind == "ValueError"
    assert shim.met == real.met == {"A-1", "A-2"} and (shim.shim, real.shim) == (True, False)


# --- values ----------------------------------------------------------------------------------------------------------

KEPT = Content(_type="image", png="x")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1, 1),
        (True, True),
        (None, None),
        ("a", "a"),
        (0.5, 0.5),
        (float("nan"), {"_type": "number", "is": "NaN"}),
        ((1, [2.5, (float("-inf"),)]), [1, [2.5, [{"_type": "number", "is": "-Infinity"}]]]),
        ({1: {"a": (1,)}}, {"1": {"a": [1]}}),
        (np.float32(0.5), 0.5),
        (np.int64(3), 3),
        (np.array([[1.5, np.nan]]), [[1.5, {"_type": "number", "is": "NaN"}]]),
    ],
)
def test_a_value_is_as_a_trace_has_it(value: Any, expected: Any) -> None:
    found = canonical(value)
    assert found == expected and type(found) is type(expected if not isinstance(expected, dict) else found)


def test_what_is_content_already_stays() -> None:
    assert canonical(KEPT) is KEPT and canonical([KEPT])[0] is KEPT


def test_a_histogram_has_64_bins_from_the_least_to_the_greatest() -> None:
    found = histogram(np.array([-1.0, 0.0, 1.0, 1.0]))
    assert isinstance(found, Content) and found["_type"] == "histogram"
    assert found["bins"] == [(at - 32) / 32 for at in range(65)]
    assert found["counts"] == [1, *[0] * 31, 1, *[0] * 30, 2]
    assert all(type(count) is int for count in found["counts"])
