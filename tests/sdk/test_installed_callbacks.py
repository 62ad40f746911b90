"""Which three callbacks ours are made from, and that importing wandb's leaves Keras and imports as they were."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from wandb_keras_compat.hook import names
from wandb_keras_compat.sdk import installed_callbacks as module


class Hook:
    """As wandb's: what is to be called when a module is imported, on the path of imports until it is uninstalled."""

    def __init__(self, **on_import: list[Any]) -> None:
        self.on_import = dict(on_import)

    def uninstall(self) -> None:
        sys.meta_path.remove(self)


def of(place: str) -> Any:
    function = lambda: None
    function.__module__ = place
    return function


WANDBS, OTHERS = of(f"{names.PACKAGE}.keras"), of("somewhere.else")


@pytest.fixture
def util(monkeypatch: pytest.MonkeyPatch) -> Any:
    """``wandb.util``, in a process that has not imported wandb's Keras package."""
    found = ModuleType("wandb.util")
    vars(found)["_import_hook"] = None
    monkeypatch.setitem(sys.modules, "wandb.util", found)
    monkeypatch.delitem(sys.modules, names.PACKAGE, raising=False)
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    return found


@pytest.fixture
def imported(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What is imported, and inside of what."""
    found: list[Any] = []
    inside: list[str] = []

    def guard(name: str) -> Any:
        @contextmanager
        def entered() -> Iterator[None]:
            inside.append(name)
            yield
            inside.remove(name)

        return entered

    monkeypatch.setattr(module, "fit_left_alone", guard("fit"))
    monkeypatch.setattr(module, "_imports_left_alone", guard("imports"))
    monkeypatch.setattr(module, "have_ids_of_their_own", lambda: found.append("ids"))
    monkeypatch.setattr(
        module, "import_module", lambda name: [found.append((name, *inside)), SimpleNamespace(name=name)][1]
    )
    return found


@pytest.mark.parametrize("framework", ["tensorflow", "jax", "torch", None])
def test_with_tensorflow_they_are_wandbs_and_with_all_else_our_own(
    monkeypatch: pytest.MonkeyPatch, imported: list[Any], framework: str | None
) -> None:
    monkeypatch.setattr(module, "program_keras", lambda: "the keras")
    monkeypatch.setattr(module, "framework_of", lambda keras: framework if keras == "the keras" else "none")
    wandbs = framework == "tensorflow"
    assert module.are_wandbs() is wandbs
    found: Any = module.installed_callbacks()
    assert found.name == (names.CALLBACKS_OF_WANDB if wandbs else "wandb_keras_compat.sdk.own_callbacks")
    assert imported == ["ids", (found.name, "fit", "imports") if wandbs else (found.name,)]


def test_where_no_keras_is_that_is_the_error(monkeypatch: pytest.MonkeyPatch, imported: list[Any]) -> None:
    def nothing() -> None:
        raise ImportError("no Keras")

    monkeypatch.setattr(module, "program_keras", nothing)
    with pytest.raises(ImportError, match="no Keras"):
        module.installed_callbacks()


def test_a_hook_that_wandb_makes_is_gone_again_with_what_it_registered(util: Any) -> None:
    before, hook = [*sys.meta_path], Hook(keras=[WANDBS])
    with module._imports_left_alone():
        util._import_hook = hook
        sys.meta_path.insert(0, hook)
    assert util._import_hook is None and sys.meta_path == before and hook.on_import == {}


def test_it_is_gone_also_after_an_error_and_where_it_is_on_no_path(util: Any) -> None:
    with pytest.raises(ZeroDivisionError), module._imports_left_alone():
        util._import_hook = Hook(keras=[WANDBS])
        raise ZeroDivisionError
    assert util._import_hook is None


def test_what_others_registered_meanwhile_stays(util: Any) -> None:
    hook = Hook(keras=[WANDBS, OTHERS, WANDBS], torch=[OTHERS], jax=[WANDBS])
    with module._imports_left_alone():
        util._import_hook = hook
        sys.meta_path.insert(0, hook)
    assert util._import_hook is hook and sys.meta_path[0] is hook
    assert hook.on_import == {"keras": [OTHERS], "torch": [OTHERS]}


def test_a_hook_from_before_stays_though_nothing_is_left_in_it(util: Any) -> None:
    hook = util._import_hook = Hook()
    sys.meta_path.insert(0, hook)
    with module._imports_left_alone():
        hook.on_import["keras"] = [WANDBS]
    assert util._import_hook is hook and sys.meta_path[0] is hook and hook.on_import == {}


def test_what_a_program_that_imports_wandbs_package_itself_registered_stays(
    util: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, names.PACKAGE, ModuleType(names.PACKAGE))
    hook = util._import_hook = Hook(keras=[WANDBS])
    with module._imports_left_alone():
        pass
    assert hook.on_import == {"keras": [WANDBS]}


def test_without_wandbs_hook_or_module_nothing_happens(util: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with module._imports_left_alone():
        pass
    assert util._import_hook is None
    monkeypatch.delitem(sys.modules, "wandb.util")
    with module._imports_left_alone():
        pass
