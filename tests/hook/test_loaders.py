"""The two loaders of the finders leave a module as the import system would have made it."""

from __future__ import annotations

import importlib.util
import json
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

import pytest

from wandb_keras_compat.hook.loaders import AliasLoader, FollowingLoader


def test_a_module_under_another_name_is_the_module_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []

    class Finder:
        def find_spec(self, name: str, *_: Any) -> ModuleSpec | None:
            if not name.startswith("another_name_"):
                return None
            return ModuleSpec(name, AliasLoader("json", lambda *seen: told.append((*seen, name in sys.modules))))

    spec = json.__spec__
    monkeypatch.setattr(sys, "meta_path", [Finder(), *sys.meta_path])
    names = ["another_name_1", "another_name_2"]
    for name in names:
        assert importlib.import_module(name) is json
        assert json.__spec__ is spec and json.__name__ == "json"
        monkeypatch.delitem(sys.modules, name)
    assert told == [(name, json, False) for name in names]


class Real:
    """Another loader, whose module has been made already where *made* is one."""

    def __init__(self, made: ModuleType | None = None) -> None:
        self.made = made
        self.asked: list[Any] = []

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        self.asked.append(spec)
        return self.made

    def exec_module(self, module: Any) -> None:
        self.asked.append(module)
        module.loader_while_executed = module.__loader__, module.__spec__ and module.__spec__.loader


@pytest.mark.parametrize("made", [None, ModuleType("made")])
def test_a_module_that_is_followed_has_its_own_loader_and_is_told_when_it_is_there(made: ModuleType | None) -> None:
    real, told = Real(made), []
    following = FollowingLoader(real, lambda module: told.append((module, hasattr(module, "loader_while_executed"))))
    spec = ModuleSpec("followed", following)
    module = importlib.util.module_from_spec(spec)
    assert made is None or module is made
    following.exec_module(module)
    assert real.asked == [spec, module]
    assert module.loader_while_executed == (real, real)
    assert told == [(module, True)]


def test_a_module_without_a_spec_is_executed_all_the_same() -> None:
    real, module = Real(), ModuleType("bare")
    FollowingLoader(real, lambda module: None).exec_module(module)
    assert module.__loader__ is real and module.__spec__ is None
