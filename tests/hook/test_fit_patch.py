"""wandb's patch of ``fit`` waits until its own class is asked for, is made once, and leaves the modules as they were."""

from __future__ import annotations

import sys
import threading
from types import ModuleType
from typing import Any

import pytest

from wandb_keras_compat.hook import names
from wandb_keras_compat.hook.fit_patch import HeldPatch, give_back_function


class Own:
    """wandb's class."""


@pytest.fixture
def wandbs() -> Any:
    """The legacy module, two that have its class too, the patch that is held, and what happened."""
    legacy, package, lazy = ModuleType("legacy"), ModuleType("package"), ModuleType("lazy")
    happened: list[Any] = []
    for module in (legacy, package, lazy):
        vars(module)["WandbCallback"] = Own
    vars(legacy)["patch_tf_keras"] = lambda: happened.append(f"patched {vars(legacy).get('WandbCallback')}")
    vars(lazy)["__getattr__"] = lambda name: f"lazy {name}"
    own = vars(legacy)["patch_tf_keras"]
    held = HeldPatch(legacy, lambda patch: happened.append(patch))
    return legacy, package, lazy, own, held, happened


def test_while_the_package_is_imported_the_patch_waits(wandbs: Any) -> None:
    legacy, *_, own, held, happened = wandbs
    assert legacy.patch_tf_keras is not own
    legacy.patch_tf_keras()
    assert happened == [] and not held.made
    held.offer([])
    assert legacy.patch_tf_keras is own


def test_a_function_that_somebody_else_put_there_stays(wandbs: Any) -> None:
    legacy, *_, held, _ = wandbs
    legacy.patch_tf_keras = print
    held.offer([legacy])
    assert legacy.patch_tf_keras is print


@pytest.mark.parametrize("asked", [0, 1, 2])
def test_the_first_who_asks_for_the_class_gets_it_patched_and_nobody_after(wandbs: Any, asked: int) -> None:
    *modules, _own, held, happened = wandbs
    held.offer(modules)
    held.offer(modules)  # another import of the package
    assert "WandbCallback" not in vars(modules[asked])
    with pytest.raises(AttributeError, match="module 'package' has no attribute 'other'"):
        _ = modules[1].other
    assert modules[2].other == "lazy other"
    assert happened == []
    for _ in range(2):
        assert modules[asked].WandbCallback is Own
        assert happened == [f"patched {Own}", held] and held.made, "the patch finds the class in its module"
    assert all(module.WandbCallback is Own for module in modules)
    held.offer([ModuleType("later")])
    assert len(happened) == 2


def test_what_is_withdrawn_is_as_it_was(wandbs: Any) -> None:
    *modules, _own, held, happened = wandbs
    before = [dict(vars(module)) for module in modules[1:]]
    held.offer(modules)
    held.withdraw()
    assert [dict(vars(module)) for module in modules[1:]] == before
    assert vars(modules[0])["WandbCallback"] is Own and "__getattr__" not in vars(modules[0])
    held.withdraw()
    assert happened == []
    held.offer(modules[1:2])
    assert modules[1].WandbCallback is Own and len(happened) == 2


def test_a_module_without_the_class_is_left_alone(wandbs: Any) -> None:
    held, other = wandbs[4], ModuleType("other")
    before = dict(vars(other))
    held.offer([other])
    assert vars(other) == before


def test_of_several_threads_that_ask_one_makes_the_patch(wandbs: Any) -> None:
    *modules, _own, held, happened = wandbs
    held.offer(modules)
    start = threading.Barrier(4, timeout=60)

    def ask() -> None:
        start.wait()
        assert modules[1].WandbCallback is Own

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(happened) == 2


def test_callbacks_that_were_imported_meanwhile_get_the_function_back(
    wandbs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    legacy, *_, own, held, _ = wandbs
    waiting = legacy.patch_tf_keras
    of_helpers = type("F", (), {"__module__": names.HELPERS, "__call__": print})()
    bound = {"": waiting, ".metrics_logger": of_helpers, ".users": print, "_of_others": waiting}
    modules = {part: ModuleType(part) for part in bound}
    for part, function in bound.items():
        vars(modules[part])["patch_tf_keras"] = function
        monkeypatch.setitem(sys.modules, f"{names.CALLBACKS_OF_WANDB}{part}", modules[part])
    monkeypatch.setitem(sys.modules, f"{names.CALLBACKS_OF_WANDB}.without", ModuleType("without"))
    held.offer([])
    give_back_function(legacy)
    found = {part: vars(module)["patch_tf_keras"] for part, module in modules.items()}
    assert found == {"": own, ".metrics_logger": own, ".users": print, "_of_others": waiting}
