"""The finder follows wandb's modules with whatever finders and loaders the interpreter has."""

from __future__ import annotations

import sys
import types
from importlib.machinery import ModuleSpec
from typing import Any

import pytest

from wandb_keras_compat.hook import names
from wandb_keras_compat.hook.finder import Finder


class Events:
    def __init__(self) -> None:
        self.seen: list[str] = []

    def loaded(self, module: types.ModuleType) -> None:
        self.seen.append(f"loaded {module.__name__}")

    def withheld(self, module: types.ModuleType) -> None:
        self.seen.append(f"withheld {module.__name__}")

    def made(self, name: str, module: types.ModuleType) -> None:
        self.seen.append(f"made {name}")


class Loader:
    """One that gives no code, as those of extension modules and of zipped or frozen programs may."""

    def create_module(self, spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: Any) -> None:
        module.executed = True


class WithCode(Loader):
    def get_code(self, name: str) -> Any:
        return compile(
            "def patch_tf_keras():\n    seen.append(1)\nseen = []\npatch_tf_keras()\nexecuted = True", name, "exec"
        )


class WithoutCode(Loader):
    def get_code(self, name: str) -> None:
        return None


class Real:
    """Another finder of the interpreter, which finds every module."""

    def __init__(self, loader: Any) -> None:
        self.loader, self.asked = loader, []  # type: ignore[var-annotated]

    def find_spec(self, *asked: Any) -> ModuleSpec:
        self.asked.append(asked)
        return ModuleSpec(asked[0], self.loader)


@pytest.fixture
def with_tensorflow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wandb_keras_compat.hook.finder.computes_without_tensorflow", lambda: False)


def test_other_finders_are_asked_as_the_interpreter_asks_them(
    with_tensorflow: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of old that have no ``find_spec`` are passed by; a reload says what is reloaded."""
    real, finder, reloaded = Real(Loader()), Finder(Events()), types.ModuleType(names.PACKAGE)
    monkeypatch.setattr(sys, "meta_path", [finder, object(), real])
    assert finder.find_spec(names.PACKAGE, ["a"], reloaded) is not None
    assert real.asked == [(names.PACKAGE, ["a"], reloaded)]


@pytest.mark.parametrize(
    ("loader", "events"),
    [(Loader(), ["loaded"]), (WithoutCode(), ["loaded"]), (WithCode(), ["withheld", "loaded"])],
    ids=["a loader that knows no code", "a loader that has none", "a loader that has"],
)
def test_the_legacy_module_is_executed_by_any_loader_and_its_patch_withheld_where_its_code_is_there(
    with_tensorflow: None, monkeypatch: pytest.MonkeyPatch, loader: Any, events: list[str]
) -> None:
    told = Events()
    finder = Finder(told)
    monkeypatch.setattr(sys, "meta_path", [finder, Real(loader)])
    spec = finder.find_spec(names.LEGACY)
    assert spec is not None and spec.loader is not None
    module = types.ModuleType(names.LEGACY)
    module.__spec__ = spec
    spec.loader.exec_module(module)
    assert module.executed is True and vars(module).get("seen", []) == []
    assert told.seen == [f"{event} {names.LEGACY}" for event in events]
    assert module.__loader__ is loader is module.__spec__.loader
    if isinstance(loader, WithCode):
        module.patch_tf_keras()
        assert module.seen == [1], "asked for later, it is wandb's own"
