"""What Keras computes with is told by what the program chose and by what is installed, and nothing is imported for it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from wandb_keras_compat.hook import frameworks
from wandb_keras_compat.hook.frameworks import chosen_backend, computes_without_tensorflow, present_backend


def write(folder: Path, content: str) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "keras.json").write_text(content, encoding="utf-8")
    return str(folder / "keras.json")


def test_the_variable_goes_before_the_file_and_the_named_folder_before_the_home(tmp_path: Path) -> None:
    assert chosen_backend({}, tmp_path) == ("tensorflow", "the default")
    at_home = write(tmp_path / ".keras", '{"backend": "jax"}')
    assert chosen_backend({}, tmp_path) == ("jax", at_home)
    assert chosen_backend({"KERAS_BACKEND": "", "KERAS_HOME": ""}, tmp_path) == ("jax", at_home)
    named = write(tmp_path / "named", '{"backend": "torch"}')
    environment = {"KERAS_HOME": str(tmp_path / "named")}
    assert chosen_backend(environment, tmp_path) == ("torch", named)
    assert chosen_backend({**environment, "KERAS_BACKEND": "openvino"}, tmp_path) == ("openvino", "KERAS_BACKEND")


@pytest.mark.parametrize("content", ["", "{", "[]", '"jax"', "{}", "null", '{"floatx": "float32"}'])
def test_a_file_that_chooses_nothing_leaves_the_default(tmp_path: Path, content: str) -> None:
    write(tmp_path / ".keras", content)
    assert chosen_backend({}, tmp_path) == ("tensorflow", "the default")


@pytest.fixture
def process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """``process("jax", chosen="torch")``: these are installed; keras.json or KERAS_BACKEND chooses."""

    def of(*installed: str, chosen: str | None = None, **environment: str) -> None:
        for name in ("keras", "tensorflow"):
            monkeypatch.delitem(sys.modules, name, raising=False)
        for name in ("KERAS_BACKEND", "KERAS_HOME"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setattr(frameworks.Path, "home", lambda: tmp_path)
        if chosen is not None:
            write(tmp_path / ".keras", json.dumps({"backend": chosen}))
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(frameworks, "find_spec", lambda name: object() if name in installed else None)

    return of


def test_a_file_is_a_choice_only_of_what_is_installed_and_the_variable_is_one_in_any_case(process: Any) -> None:
    process()
    assert present_backend() == "tensorflow"
    process("torch")
    assert present_backend() == "torch"
    process("torch", "jax")
    assert present_backend() == "jax"
    process("torch", "tensorflow", chosen="jax")
    assert present_backend() == "tensorflow"
    process("torch", "openvino", chosen="openvino")
    assert present_backend() == "openvino"
    process("torch", KERAS_BACKEND="jax")
    assert present_backend() == "jax"


def test_tensorflow_is_left_out_where_keras_computes_with_something_else_or_it_is_not_there(
    process: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    process("tensorflow")
    assert not computes_without_tensorflow()
    process()
    assert computes_without_tensorflow()
    for other in ("jax", "torch", "openvino"):
        process("tensorflow", KERAS_BACKEND=other)
        assert computes_without_tensorflow()
    process("tensorflow", KERAS_BACKEND="theano")
    assert not computes_without_tensorflow()
    process("tensorflow", KERAS_BACKEND="jax")
    monkeypatch.setitem(sys.modules, "tensorflow", SimpleNamespace())
    assert not computes_without_tensorflow(), "it is imported already"


def loaded(backend: Any) -> Any:
    return SimpleNamespace(backend=SimpleNamespace(backend=backend))


def fails() -> str:
    raise RuntimeError("partly imported")


def test_a_keras_that_is_loaded_says_itself_what_it_computes_with(
    process: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    process("tensorflow")
    monkeypatch.setitem(sys.modules, "keras", loaded(lambda: "jax"))
    assert computes_without_tensorflow()
    process("tensorflow", KERAS_BACKEND="jax")
    monkeypatch.setitem(sys.modules, "keras", loaded(lambda: "tensorflow"))
    assert not computes_without_tensorflow()
    for unclear in (loaded(None), loaded(fails), SimpleNamespace(), SimpleNamespace(backend=None)):
        monkeypatch.setitem(sys.modules, "keras", unclear)
        assert computes_without_tensorflow(), "then the choice counts"
