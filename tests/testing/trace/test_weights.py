"""An array of a model: its numbers or its sketch, and the digest of its own bytes."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wandb_keras_compat.testing.trace import weights
from wandb_keras_compat.testing.trace.weights import PROJECTIONS, SMALL, sketch, weight


@pytest.mark.parametrize("dtype", ["float32", "float64", "float16", "int64", "uint8", "bool", ">f4"])
@pytest.mark.parametrize("shape", [(), (3,), (2, 2), (0,), (1, 3, 1)])
def test_a_small_array_has_its_numbers(dtype: str, shape: tuple[int, ...]) -> None:
    array = (np.arange(int(np.prod(shape))) % 2).reshape(shape).astype(dtype)
    found = weight(array)
    little = np.ascontiguousarray(array.astype(np.dtype(dtype).newbyteorder("<")))
    assert found == {
        "shape": list(shape),
        "dtype": np.dtype(dtype).newbyteorder("<").name,
        "sha256": hashlib.sha256(little.tobytes()).hexdigest(),
        "values": [float(item) for item in array.ravel()],
    }


@pytest.mark.parametrize(("size", "key"), [(SMALL, "values"), (SMALL + 1, "sketch")])
def test_a_larger_one_has_a_sketch(size: int, key: str) -> None:
    assert SMALL == 64
    assert weight(np.ones(size)).keys() == {"shape", "dtype", "sha256", key}


def test_texts_have_a_digest_alone() -> None:
    found = [weight(np.array(words, object)) for words in (["a", "bc"], [b"a", b"bc"], ["ab", "c"])]
    assert found[0] == found[1] == {"shape": [2], "dtype": "string", "sha256": hashlib.sha256(b"a\0bc").hexdigest()}
    assert found[2] != found[0]
    assert weight(np.array([1j])).keys() == {"shape", "dtype", "sha256"}


@settings(max_examples=15)
@given(st.integers(0, 2**32 - 1), st.sampled_from([65, 5_000, 70_000]))
def test_a_sketch_is_the_norm_and_projections_that_add_up(seed: int, size: int) -> None:
    random = np.random.default_rng(seed)
    one, other = random.normal(size=size), random.normal(size=size)
    first, second, both = sketch(one), sketch(other), sketch(one + other)
    assert len(first) == 2 + PROJECTIONS
    np.testing.assert_allclose(first[0], np.linalg.norm(one))
    assert first[1] == 0
    np.testing.assert_allclose(np.add(first[2:], second[2:]), both[2:], atol=1e-6)
    # A projection on signs has the square of the norm as its expected square.
    assert 0.2 < np.mean(np.square(first[2:])) / first[0] ** 2 < 3


def test_no_two_projections_are_alike_and_none_looks_at_a_part_only() -> None:
    """Every element counts in every projection, with plus or minus one; across the whole of a large array."""
    size = 3 * 2**16 + 5
    found = []
    for at in (0, 1, 2**16 - 1, 2**16, size - 1):
        array = np.zeros(size)
        array[at] = 1.0
        found.append(tuple(sketch(array)[2:]))
        assert set(found[-1]) == {1, -1}
    assert len(set(found)) == len(found)
    assert len({tuple(column) for column in weights._signs(0)[:, :512].tolist()}) == PROJECTIONS


@pytest.mark.parametrize(
    ("name", "variable"),
    [
        ("layer/kernel/.ATTRIBUTES/VARIABLE_VALUE", "layer/kernel"),
        ("layer/kernel/.OPTIMIZER_SLOT/optimizer/m/.ATTRIBUTES/VARIABLE_VALUE", "optimizer/m/layer/kernel"),
        ("save_counter/.ATTRIBUTES/VARIABLE_VALUE", "save_counter"),
    ],
)
def test_names_of_a_checkpoint(name: str, variable: str) -> None:
    assert weights._variable(name) == variable


@pytest.mark.parametrize(
    ("name", "variable"),
    [
        ("model_weights/dense/dense/kernel:0", "dense/dense/kernel"),
        ("dense/kernel", "dense/kernel"),
        ("optimizer_weights/Adam/m:0", "optimizer/Adam/m"),
    ],
)
def test_names_of_an_h5_file(name: str, variable: str) -> None:
    assert weights._h5_name(name) == variable
