"""A cell by its name, in words, and by what it asks of the resolver and of its environment."""

from __future__ import annotations

import pytest

from wandb_keras_compat.parity.check.cells import Cell, cell_named, flavour_of

KERAS_2 = Cell("3.11", "2.12.1", "keras2", "0.16.6")
KERAS_3 = Cell("3.13", "2.21.0", "keras3", "0.31.0")
TF_KERAS = Cell("3.12", "2.19.1", "tf-keras", "0.27.0")
EXACT = Cell("3.11", "2.16.2", "3.3.3", "0.18.7")
JAX = Cell("3.13", "", "3.15.1", "0.31.0", "jax", "0.12.0")
TORCH = Cell("3.13", "", "keras3", "0.31.0", "torch", "2.13.0")

CELLS = [
    (
        KERAS_2, "tf2.12.1-keras2-wandb0.16.6-py3.11", "keras2",
        "TensorFlow 2.12.1, its Keras 2, wandb 0.16.6, Python 3.11",
        ["tensorflow-cpu==2.12.1", "wandb==0.16.6"], {},
    ),
    (
        KERAS_3, "tf2.21.0-keras3-wandb0.31.0-py3.13", "keras3",
        "TensorFlow 2.21.0, Keras 3, wandb 0.31.0, Python 3.13",
        ["tensorflow-cpu==2.21.0", "wandb==0.31.0"], {},
    ),
    (
        TF_KERAS, "tf2.19.1-tfkeras-wandb0.27.0-py3.12", "tf-keras",
        "TensorFlow 2.19.1, tf-keras, wandb 0.27.0, Python 3.12",
        ["tensorflow==2.19.1", "wandb==0.27.0", "tf-keras==2.19.*"], {"TF_USE_LEGACY_KERAS": "1"},
    ),
    (
        EXACT, "tf2.16.2-keras3.3.3-wandb0.18.7-py3.11", "keras3",
        "TensorFlow 2.16.2, Keras 3.3.3, wandb 0.18.7, Python 3.11",
        ["tensorflow-cpu==2.16.2", "wandb==0.18.7", "keras==3.3.3"], {},
    ),
    (
        JAX, "jax0.12.0-keras3.15.1-wandb0.31.0-py3.13", "keras3",
        "JAX 0.12.0, Keras 3.15.1, wandb 0.31.0, Python 3.13",
        ["jax==0.12.0", "wandb==0.31.0", "keras==3.15.1"], {"KERAS_BACKEND": "jax"},
    ),
    (
        TORCH, "torch2.13.0-keras3-wandb0.31.0-py3.13", "keras3",
        "PyTorch 2.13.0, Keras 3, wandb 0.31.0, Python 3.13",
        ["torch==2.13.0", "wandb==0.31.0"], {"KERAS_BACKEND": "torch"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "name", "flavour", "words", "requirements", "environment"), CELLS)
def test_a_cell(
    cell: Cell, name: str, flavour: str, words: str, requirements: list[str], environment: dict[str, str]
) -> None:
    assert (cell.name, cell.flavour, str(cell)) == (name, flavour, words)
    assert cell_named(name) == cell
    assert cell.requirements() == requirements
    assert cell.environment() == environment


def test_what_it_computes_with_has_its_version_and_nothing_else_has() -> None:
    assert [(cell.jax, cell.torch) for cell in (KERAS_3, JAX, TORCH)] == [("", ""), ("0.12.0", ""), ("", "2.13.0")]


@pytest.mark.parametrize(
    ("tensorflow", "backend", "framework", "says"),
    [
        ("2.21.0", "mxnet", "1", "backend: 'mxnet' is none of tensorflow, jax, torch"),
        ("", "mxnet", "1", "backend: 'mxnet'"),
        ("", "tensorflow", "", "the version of TensorFlow, or of another"),
        ("", "tensorflow", "2.21.0", "the version of TensorFlow, or of another"),
        ("2.21.0", "tensorflow", "1", "the version of TensorFlow, or of another"),
        ("2.21.0", "jax", "", "the version of TensorFlow, or of another"),
        ("2.21.0", "jax", "1", "the version of TensorFlow, or of another"),
        ("", "jax", "", "the version of TensorFlow, or of another"),
    ],
)
def test_a_cell_computes_with_one_framework(tensorflow: str, backend: str, framework: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Cell("3.13", tensorflow, "keras3", "0.31.0", backend, framework)


@pytest.mark.parametrize(
    ("keras", "flavour"),
    [
        ("keras2", "keras2"), ("keras3", "keras3"), ("tf-keras", "tf-keras"),
        ("2.15.0", "keras2"), ("3.0.0", "keras3"), ("4.1", "keras3"),
    ],
)  # fmt: skip
def test_a_version_of_keras_has_the_flavour_of_its_major(keras: str, flavour: str) -> None:
    assert flavour_of(keras) == flavour


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("tf2.21.0-keras3-wandb0.31.0", "names no cell; one is named like tf2.21.0-keras3-wandb0.31.0-py3.13"),
        ("mx2.21.0-keras3-wandb0.31.0-py3.13", "names no cell"),
        ("tf2.21.0-kerasx-wandb0.31.0-py3.13", "keras: 'x' is none of keras2, keras3, tf-keras, and no version"),
    ],
)
def test_what_names_no_cell_is_refused_with_one_that_is(name: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        cell_named(name)
