"""Names on a loaded module, in both ways: found when asked for, one's own assignments win, and all is put back."""

from __future__ import annotations

import json
import sys
import types
from collections.abc import Callable
from typing import Any

import pytest

from wandb_keras_compat.hook import names
from wandb_keras_compat.hook.module_class import ModuleClass
from wandb_keras_compat.hook.module_patch import ModulePatch, exported, is_lazy_loader, mirror, put_back

PROVIDED = {"dumps": "json:dumps", "is_dataset": "json:loads"}
WAYS = pytest.mark.parametrize("way", [ModulePatch, ModuleClass])


def module(**values: Any) -> types.ModuleType:
    made = types.ModuleType("some.module")
    vars(made).update(values)
    return made


@WAYS
@pytest.mark.parametrize("exports", [None, ["own", "dumps"], ("own",)], ids=str)
def test_a_module_is_afterwards_what_it_was(way: Callable[[Any], Any], exports: Any) -> None:
    patched = module(own=1, dumps="its own", _hidden=2, **({} if exports is None else {"__all__": exports}))
    before, patch = dict(vars(patched)), way(patched)
    for _ in range(2):
        patch.add(PROVIDED)
    assert patched.dumps is json.dumps and patched.own == 1
    patched.dumps = patched.is_dataset = "somebody's"
    assert patched.dumps == patched.is_dataset == "somebody's"
    patch.remove()
    assert vars(patched) == before and type(patched) is types.ModuleType


@WAYS
def test_a_star_import_takes_the_module_s_names_and_our_classes(way: Callable[[Any], Any]) -> None:
    """A function that is provided is taken only where the module's own ``__all__`` says so, or where it has none."""
    patched = module(own=1, is_dataset=2, _hidden=3)
    way(patched).add(PROVIDED)
    assert set(patched.__all__) == {"own", "is_dataset", "dumps"}
    for kind in (list, tuple):
        patched = module(own=1, other=2, __all__=kind(["own"]))
        way(patched).add(PROVIDED)
        assert patched.__all__ == kind(["own", "dumps"]), "of the kind that it was, which programs may add to"


def test_what_is_listed_is_listed_once() -> None:
    assert exported(module(), ["dumps"], PROVIDED) == ["dumps"]


def test_a_module_that_answers_for_more_names_is_asked_for_those_by_name() -> None:
    asked: list[str] = []
    patched = module(__getattr__=lambda name: asked.append(name) or name.upper())
    ModulePatch(patched).add(PROVIDED)
    assert (patched.later, asked) == ("LATER", ["later"])


def test_the_names_are_back_before_nobody_answers_for_them() -> None:
    """A thread that finds a name missing asks ``__getattr__``, which goes last."""
    patched = module(dumps="its own")
    patch = ModulePatch(patched)
    patch.add(PROVIDED)
    order: list[str] = []

    class Namespace(dict[str, Any]):
        def __setitem__(self, name: str, value: Any) -> None:
            order.append(name)

        def pop(self, name: str, default: Any = None) -> None:
            order.append(name)

    put_back(Namespace(), patch._kept)
    assert set(order) == {*PROVIDED, "__getattr__", "__dir__", "__all__"}
    assert set(order[: len(PROVIDED)]) == set(PROVIDED)


class Lazy(types.ModuleType):
    """As wandb's LazyLoader: a module of another class, whose namespace is a copy of the package's, once it has one."""


@pytest.mark.parametrize(
    ("made", "is_one"),
    [
        (Lazy(names.PACKAGE), True),
        (Lazy("wandb.sklearn"), False),
        (types.ModuleType(names.PACKAGE), False),
    ],
)
def test_which_module_is_the_lazy_one(made: types.ModuleType, is_one: bool) -> None:
    assert is_lazy_loader(made) is is_one


def test_a_copy_of_the_namespace_has_what_the_package_has_now() -> None:
    package = types.ModuleType(names.PACKAGE)
    vars(package).update(WandbMetricsLogger="assigned", __getattr__="ours", own=1)
    copied = Lazy(names.PACKAGE)
    vars(copied).update(__path__=[], WandbCallback="of before", __all__=["of before"], other=2)
    mirror(copied, package)
    found = {name: value for name, value in vars(copied).items() if not name.startswith("__") or name == "__getattr__"}
    assert found == {"WandbMetricsLogger": "assigned", "__getattr__": "ours", "other": 2}
    assert "__all__" not in vars(copied)


@pytest.mark.parametrize("package", [None, sys], ids=["no package", "a package"])
def test_one_that_has_no_copy_yet_is_left_alone(package: types.ModuleType | None) -> None:
    lazy = Lazy(names.PACKAGE)
    before = dict(vars(lazy))
    mirror(lazy, package)
    assert vars(lazy) == before
