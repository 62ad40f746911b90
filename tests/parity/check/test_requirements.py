"""What an environment needs beside its versions, by what old builds lack."""

from __future__ import annotations

import pytest
from packaging.specifiers import SpecifierSet

from wandb_keras_compat.parity.check.cells import Cell
from wandb_keras_compat.parity.check.requirements import (
    BadCell,
    Conditional,
    check_versions,
    flavour_for,
    pythons_of,
    requirements_of,
)


def cell(tensorflow: str = "2.21.0", keras: str = "keras3", wandb: str = "0.31.0") -> Cell:
    return Cell("3.11", tensorflow, keras, wandb)


def on(backend: str, keras: str = "keras3") -> Cell:
    return Cell("3.13", "", keras, "0.31.0", backend, "1.0")


@pytest.mark.parametrize(
    ("made", "beside"),
    [
        (cell(), []),
        (cell("2.18.0"), []),
        (cell("2.17.1"), ["numpy<2"]),
        (cell("2.13.0"), ["numpy<2"]),
        (cell("2.12.1"), ["numpy<1.24"]),
        (cell("2.12.0rc1"), ["numpy<1.24"]),
        (cell("2.11.1"), ["numpy<1.24", "h5py<3.9", "protobuf<3.20"]),
        (cell(wandb="0.19.0"), []),
        (cell(wandb="0.18.7"), ["setuptools<80"]),
        (cell(wandb="0.17.2"), ["setuptools<80"]),
        (cell(wandb="0.17.1"), ["numpy<2", "setuptools<80"]),
        (cell(keras="3.5.0"), []),
        (cell(keras="3.4.1"), ["numpy<2"]),
        (cell(keras="tf-keras"), []),
        (cell("2.17.1", "3.4.1", "0.17.1"), ["numpy<2", "setuptools<80"]),
        (on("jax"), ["h5py", "pillow"]),
        (on("torch"), ["h5py", "pillow"]),
        (on("torch", "3.4.1"), ["numpy<2", "h5py", "pillow"]),
    ],
)
def test_what_old_builds_need_is_asked_for_once(made: Cell, beside: list[str]) -> None:
    assert requirements_of(made) == [*made.requirements(), *beside]


@pytest.mark.parametrize(
    ("made", "pythons"),
    [
        (cell("2.11.1"), ["3.10"]),
        (cell("2.12.0"), ["3.10", "3.11"]),
        (cell("2.15.1"), ["3.10", "3.11"]),
        (cell("2.16.0rc0"), ["3.10", "3.11", "3.12"]),
        (cell("2.16.1"), ["3.10", "3.11", "3.12"]),
        (cell("2.19.1"), ["3.10", "3.11", "3.12"]),
        (cell("2.20.0"), ["3.10", "3.11", "3.12", "3.13"]),
        (cell(wandb="0.15.12"), ["3.10", "3.11"]),
        (cell(wandb="0.16.0"), ["3.10", "3.11", "3.12", "3.13"]),
        (cell("2.11.1", wandb="0.15.12"), ["3.10"]),
        (on("jax"), ["3.10", "3.11", "3.12", "3.13"]),
    ],
)
def test_the_interpreters_that_have_wheels_of_all_of_it(made: Cell, pythons: list[str]) -> None:
    assert pythons_of(made) == pythons


def test_a_condition_holds_where_all_of_it_does() -> None:
    both = Conditional({"tensorflow": SpecifierSet("<2.13"), "wandb": SpecifierSet("<0.17")}, ())
    assert both.holds(cell("2.12.1", wandb="0.16.6"))
    assert not both.holds(cell("2.12.1")) and not both.holds(cell(wandb="0.16.6"))


@pytest.mark.parametrize(
    ("tensorflow", "keras", "flavour"),
    [
        ("2.15.1", None, "keras2"),
        ("2.16.0", None, "keras3"),
        ("2.16.0rc0", None, "keras3"),
        ("2.21.0", None, "keras3"),
        ("2.21.0", "tf-keras", "tf-keras"),
        ("2.21.0", "3.3.3", "3.3.3"),
        ("x", "keras2", "keras2"),
    ],
)
def test_without_a_word_on_keras_it_is_what_that_tensorflow_takes(
    tensorflow: str, keras: str | None, flavour: str
) -> None:
    assert flavour_for(tensorflow, keras) == flavour


def test_a_keras_that_is_none_is_refused_by_name() -> None:
    with pytest.raises(BadCell, match="'jax' is none of"):
        flavour_for("2.21.0", "jax")


@pytest.mark.parametrize("wrong", ["", "new", "2.x", "latest"])
def test_a_version_that_is_none_is_refused_with_its_option(wrong: str) -> None:
    with pytest.raises(BadCell, match=f"^--wandb {wrong}: that is no version$"):
        check_versions(python=None, tensorflow="2.21.0", wandb=wrong)
    check_versions(python=None, tensorflow="2.21.0", wandb="0.31")
